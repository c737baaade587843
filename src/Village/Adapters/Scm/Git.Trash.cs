using Village.Errors;

namespace Village.Adapters.Scm;

/// <summary>Taking a workspace back without losing anything: first everything goes into a commit under <c>refs/village/trash</c>.</summary>
internal sealed partial class Git
{
    private const string TrashPrefix = "refs/village/trash/";

    private static readonly Dictionary<string, string?> Identity = new(Quiet)
    {
        ["GIT_AUTHOR_NAME"] = "Village",
        ["GIT_AUTHOR_EMAIL"] = "village@localhost",
        ["GIT_COMMITTER_NAME"] = "Village",
        ["GIT_COMMITTER_EMAIL"] = "village@localhost",
    };

    /// <summary>
    /// Saves staged, unstaged and untracked work (ignored files stay where they are) as a commit under
    /// <c>refs/village/trash/TASK/ATTEMPT-N</c>: first parent HEAD, second the index, third the branch if HEAD stands
    /// elsewhere. The workspace, its index and HEAD are not touched. Returns the ref; null when there was nothing to save and
    /// it is not to be done <paramref name="always"/>. Refuses where no worktree is any more.
    /// </summary>
    public async Task<string?> SaveAsync(string workspace, string branch, string task, int attempt, bool always, CancellationToken ct)
    {
        RequireWorktree(workspace);
        var head = await CommitOfAsync(workspace, "HEAD", ct);
        var tip = await CommitOfAsync(workspace, $"refs/heads/{branch}", ct);
        if (await UnsavableAsync(workspace, ct) is { } submodule)
        {
            throw new VillageException(
                ErrorKind.Permanent, $"its submodule '{submodule}' holds work that a snapshot of the workspace would not contain",
                $"commit it on a branch and push that, or take it back: git -C '{Printable.Line(Path.Combine(workspace, submodule))}' status");
        }

        if (head is null || (!always && head == tip && await DirtyPathsAsync(workspace, untracked: true, ct) is []))
        {
            return null;
        }

        var gitDirectory = (await RunAsync(workspace, ct, "rev-parse", "--path-format=absolute", "--git-dir")).Require().TrimEnd('\n');
        var index = Path.Combine(gitDirectory, "index");
        var copy = Path.Combine(gitDirectory, $"village-index.{Guid.NewGuid():N}");
        try
        {
            if (File.Exists(index))
            {
                // A copy, so the agent's index keeps its bytes and its times.
                File.Copy(index, copy);
            }

            var own = new Dictionary<string, string?>(Identity) { ["GIT_INDEX_FILE"] = copy };
            var staged = await RunAsync(workspace, own, ct, "write-tree");
            string[] parents = ["-p", head];
            if (staged.Succeeded)
            {
                // A conflicted index has no tree; its files are in the work tree all the same.
                var indexCommit = (await RunAsync(workspace, Identity, ct, "commit-tree", staged.Stdout.Trim(), "-p", head, "-m", $"{task}: index")).Require();
                parents = [.. parents, "-p", indexCommit.Trim()];
            }

            await TakeInAsync(workspace, own, $"git -C '{Printable.Line(workspace)}' add -A, which says why", ct);
            var tree = (await RunAsync(workspace, own, ct, "write-tree")).Require().Trim();
            if (tip is not null && tip != head)
            {
                parents = [.. parents, "-p", tip];
            }

            var commit = (await RunAsync(
                workspace, Identity, ct, ["commit-tree", tree, .. parents, "-m", $"{task}: what attempt {attempt} left"])).Require().Trim();
            return await FileAwayAsync(workspace, task, attempt, commit, ct);
        }
        finally
        {
            File.Delete(copy);
            File.Delete($"{copy}.lock");
        }
    }

    // All files into an index of our own. Exit code 1 means that a path could not be added. A nested repository without commits stays where
    // it is; a file that git has and cannot read would be written over.
    private async Task TakeInAsync(string directory, IReadOnlyDictionary<string, string?> own, string hint, CancellationToken ct, params IReadOnlyList<string> except)
    {
        var added = await RunAsync(directory, own, ct, [.. NoHooks, "-c", "advice.addEmbeddedRepo=false", "add", "--all", "--ignore-errors", "--", ".", .. except]);
        if (added.Succeeded)
        {
            return;
        }

        // In a new index every file looks changed until git has looked at it, and where it gave up half way it has looked at none.
        var looked = await RunAsync(directory, own, ct, "update-index", "-q", "--refresh");
        var unsaved = (await RunAsync(directory, own, ct, "diff-files", "--name-only", "-z", "--ignore-submodules=all")).Require().Split('\0', StringSplitOptions.RemoveEmptyEntries);
        if (unsaved is not [])
        {
            throw unsaved is [_] || looked.ExitCode <= 1
                ? new VillageException(ErrorKind.Permanent, $"'{Printable.Line(unsaved[0])}' cannot be taken in by git, so it cannot be saved", hint)
                : new VillageException(ErrorKind.Permanent, $"the files of the workspace cannot be saved: {added.Failure().Message}", hint);
        }
    }

    /// <summary>
    /// Returns a workspace to the head of its branch after <see cref="SaveAsync"/>: unfinished merges and rebases end, files
    /// that the saved commit holds are put back or removed, ignored files are not touched.
    /// </summary>
    public async Task ResetAsync(string workspace, string branch, string saved, CancellationToken ct)
    {
        RequireWorktree(workspace);
        foreach (var operation in new[] { "rebase", "am", "cherry-pick", "revert" })
        {
            await RunAsync(workspace, ct, operation, "--quit");
        }

        await MendAsync(workspace, "", 0, ct);
        (await RunAsync(workspace, ct, [.. NoHooks, "reset", "--quiet", "--hard", "--no-recurse-submodules", "HEAD"])).Require();
        (await RunAsync(workspace, ct, [.. NoHooks, "checkout", "--quiet", "--force", "--no-recurse-submodules", branch])).Require();

        // Only what was saved: a plain clean would also take files that the agent's own .gitignore had hidden.
        var added = (await RunAsync(workspace, ct, "diff", "--no-renames", "--diff-filter=A", "--name-only", "-z", "HEAD", saved)).Require()
            .Split('\0', StringSplitOptions.RemoveEmptyEntries);
        var literal = new Dictionary<string, string?>(Quiet) { ["GIT_LITERAL_PATHSPECS"] = "1" };
        foreach (var some in added.Chunk(200))
        {
            (await RunAsync(workspace, literal, ct, ["clean", "-fdq", "--", .. some])).Require();
        }

        foreach (var directory in added.Select(file => Path.GetDirectoryName(file)!).Distinct().Where(d => d.Length > 0))
        {
            RemoveEmptied(workspace, directory);
        }
    }

    // The first submodule with changes, new files or commits of its own: all of them are in the submodule's own repository only.
    // Whatever the user told git to ignore; an uninitialised one has nothing to lose, and is asked about all the same.
    private async Task<string?> UnsavableAsync(string workspace, CancellationToken ct)
    {
        if (!File.Exists(Path.Combine(workspace, ".gitmodules")))
        {
            return null;
        }

        // "1 .M S.MU 160000 160000 160000 3f2a… 3f2a… sub\0"; "N..." for what is no submodule; an entry of type 2 has a second field.
        var output = (await RunAsync(workspace, ct, "status", "--porcelain=v2", "-z", "--no-renames", "--untracked-files=no", "--ignore-submodules=none")).Require();
        return output.Split('\0').Where(entry => entry is ['1', ' ', _, _, ' ', 'S', ..] && entry[5..9] is not "S...").Select(entry => entry.Split(' ', 9)[8]).FirstOrDefault();
    }

    private static void RemoveEmptied(string workspace, string directory)
    {
        for (var path = directory; path.Length > 0; path = Path.GetDirectoryName(path)!)
        {
            var full = Path.Combine(workspace, path);
            if (Directory.Exists(full))
            {
                if (Directory.EnumerateFileSystemEntries(full).Any())
                {
                    return;
                }

                Directory.Delete(full);
            }
        }
    }

    /// <summary>Gives a commit the first free number in a task's trash; the empty old value makes a second saver take the next one.</summary>
    public async Task<string> FileAwayAsync(string workspace, string task, int attempt, string commit, CancellationToken ct)
    {
        for (var n = 1; n < 10_000; n++)
        {
            var reference = $"refs/village/trash/{task}/{attempt}-{n}";
            var filed = await RunAsync(workspace, ct, "update-ref", reference, commit, "");
            if (filed.Succeeded)
            {
                return reference;
            }

            if (filed.Trouble is not null)
            {
                throw filed.Failure();
            }

            if (await CommitOfAsync(workspace, reference, ct) is null)
            {
                break;
            }
        }

        throw new VillageException(ErrorKind.Permanent, $"the work of '{task}' could not be saved under refs/village/trash, so nothing was touched");
    }
}
