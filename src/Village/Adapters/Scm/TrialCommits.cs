using System.Collections.Concurrent;
using System.Text;
using Village.Adapters.Processes;
using Village.Errors;
using Village.Platform;

namespace Village.Adapters.Scm;

/// <summary>A commit of all that a workspace holds, as far as it is not ignored; no ref and no branch knows it.</summary>
/// <param name="Task">The task.</param>
/// <param name="Path">Its workspace, or null.</param>
/// <param name="Head">The commit it comes from.</param>
/// <param name="Bases">Commits that it may have come from, besides the base branch.</param>
/// <param name="Commit">The trial commit; null when it could not be made.</param>
/// <param name="Problem">Why it could not be made, or lacks something; null when it is whole.</param>
internal sealed record TrialCommit(string Task, string? Path, string? Head, IReadOnlyList<string> Bases, string? Commit, string? Problem);

/// <summary>
/// Makes trial commits: with a copy of the workspace's index, so that it and the files keep their bytes and times, and only of
/// what has changed since the last time. At most three processes a workspace.
/// </summary>
internal sealed class TrialCommits(ProcessRunner runner, TrialGround ground, TrialStore store)
{
    // Beside agents at work; and git reads a disk while another one reckons.
    private const int AtOnce = 4;

    private static readonly string[] UserFiles = ["ignore", "attributes"];
    private static readonly string[] RepositoryFiles = ["info/exclude", "info/attributes"];

    // What is right here must not depend on a daemon, nor leave anything beside the agent's index or among its large files.
    private readonly string[] careful =
    [
        "-c", "core.hooksPath=/dev/null", "-c", "advice.addEmbeddedRepo=false", "-c", "core.fsmonitor=false", "-c", "core.untrackedCache=false",
        "-c", "core.splitIndex=false", "-c", $"lfs.storage={Path.Combine(store.Location, "lfs")}",
    ];

    private readonly ConcurrentDictionary<string, Fresh> made = new(StringComparer.Ordinal);

    /// <summary>Whether there was something new.</summary>
    public bool HasMade => !made.IsEmpty;

    // What was made for a task: a tree, and the second before.
    private sealed record Fresh(string Tree, uint Second, bool IsWhole);

    /// <summary>A call of git that writes objects to the store only.</summary>
    public static ToolCommand Call(TrialGround ground, TrialStore store, WorkTree? tree, IReadOnlyList<string> arguments)
    {
        var variables = new Dictionary<string, string?>
        {
            ["GIT_OPTIONAL_LOCKS"] = "0",
            ["GIT_TERMINAL_PROMPT"] = "0",
            ["GIT_DIR"] = tree?.GitDirectory ?? ground.GitDirectory,
            ["GIT_OBJECT_DIRECTORY"] = store.Objects,
        };
        if (tree is not null)
        {
            variables["GIT_WORK_TREE"] = tree.Path;
        }

        return new("git", tree?.Path ?? ground.Root, arguments)
        {
            Variables = variables,
            Deadline = TimeSpan.FromMinutes(10),
            InstallHint = "install it, for example: sudo apt-get install git",
        };
    }

    /// <summary>The trial commits of some work, without that of workspaces that are gone.</summary>
    public async Task<IReadOnlyList<TrialCommit>> MakeAsync(IReadOnlyList<TrialWork> works, CancellationToken ct)
    {
        store.StandOn(await GroundAsync(ct));
        var sealedCommits = new Dictionary<string, string>(StringComparer.Ordinal);
        List<TrialWork> open = [];
        foreach (var work in works.Where(work => work.Tree is not null))
        {
            if (store.SealOf(work.Task) is { } seal && Sealing.Holds(seal, work.Tree!, IndexOf(work)))
            {
                sealedCommits[work.Task] = seal.Commit;
            }
            else
            {
                open.Add(work);
            }
        }

        var problems = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(open, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (work, stop) =>
        {
            var problem = await TakeAsync(work, work.Tree!, stop);
            if (problem is not null)
            {
                problems[work.Task] = problem;
            }
        });
        var fresh = await CommitAsync([.. open.Where(work => made.ContainsKey(work.Task))], ct);
        return
        [
            .. from work in works
               where work.Tree is null || made.ContainsKey(work.Task) || Directory.Exists(work.Tree.Path)
               select new TrialCommit(
                   work.Task,
                   work.Tree?.Path,
                   work.Tree is null ? work.Tip : work.Tree.Head,
                   work.Bases,
                   work.Tree is null ? work.Tip : fresh.GetValueOrDefault(work.Task) ?? sealedCommits.GetValueOrDefault(work.Task),
                   problems.GetValueOrDefault(work.Task)),
        ];
    }

    // The tree of a workspace, or why there is none, or what it lacks.
    private async Task<string?> TakeAsync(WorkTree tree, string task, string index, CancellationToken ct)
    {
        store.Seal(task, null);
        File.Delete(index + ".lock");
        var second = store.Second(task);
        if (tree.Index is { } own && File.Exists(own))
        {
            // With its times: by them git knows which entries it must not trust.
            File.Copy(own, index, overwrite: true);
        }

        if (tree.Head is { } head && !File.Exists(index) && await RunAsync(tree, index, ct, "read-tree", head) is { Succeeded: false } unread)
        {
            return unread.Complaint;
        }

        // Exit code 1: a file cannot be read, or a repository in it has no commit. The rest is there.
        var added = await RunAsync(tree, index, ct, [.. careful, "add", "--all", "--ignore-errors", "--", "."]);
        if (added.ExitCode is not (0 or 1))
        {
            return added.Complaint;
        }

        var written = await RunAsync(tree, index, ct, [.. careful, "write-tree"]);
        if (!written.Succeeded)
        {
            return written.Complaint;
        }

        made[task] = new(written.Stdout.Trim(), second, added.Succeeded);
        return added.Succeeded ? null : added.Complaint;
    }

    private async Task<string?> TakeAsync(TrialWork work, WorkTree tree, CancellationToken ct)
    {
        try
        {
            return await TakeAsync(tree, work.Task, IndexOf(work), ct);
        }
        catch (VillageException failure) when (!Directory.Exists(tree.Path))
        {
            // Removed a moment ago: then there is nothing that could conflict.
            return failure.Message;
        }
    }

    // One process for all; then the seals, now that the commits have names.
    private async Task<IReadOnlyDictionary<string, string>> CommitAsync(IReadOnlyList<TrialWork> works, CancellationToken ct)
    {
        if (works is [])
        {
            return new Dictionary<string, string>();
        }

        // The same work gives the same commit: by day one of the epoch, by nobody.
        List<string> paths = [];
        foreach (var work in works)
        {
            var text = new StringBuilder($"tree {made[work.Task].Tree}\n");
            foreach (var parent in Sealing.Parents(work.Tree!).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                text.Append("parent ").Append(parent).Append('\n');
            }

            text.Append("author Village <village@localhost> 1 +0000\ncommitter Village <village@localhost> 1 +0000\n\n").Append(work.Task).Append('\n');
            var path = Path.Combine(store.PlaceOf(work.Task), "commit");
            await File.WriteAllTextAsync(path, text.ToString(), ct);
            paths.Add(path + "\n");
        }

        var output = await runner.RunAsync(Call(ground, store, null, ["hash-object", "-t", "commit", "-w", "--stdin-paths"]) with { Input = string.Concat(paths) }, ct);
        var commits = works.Zip(output.Require().Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToDictionary(pair => pair.First.Task, pair => pair.Second, StringComparer.Ordinal);
        if (store.Lasts)
        {
            await Parallel.ForEachAsync(works.Where(work => made[work.Task].IsWhole), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (work, stop) =>
                store.Seal(work.Task, await Sealing.MakeAsync(
                    work.Tree!, IndexOf(work), commits[work.Task], made[work.Task].Second, strange => IgnoredAsync(work.Tree!, IndexOf(work), strange, stop))));
        }

        return commits;
    }

    // Exit code 1 when none of them is ignored. What is no UTF-8 counts as not ignored.
    private async Task<IReadOnlySet<string>> IgnoredAsync(WorkTree tree, string index, IReadOnlyList<string> directories, CancellationToken ct)
    {
        var known = directories.ToLookup(path => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(path)), StringComparer.Ordinal);
        var command = Call(ground, store, tree, ["check-ignore", "-z", "--stdin"]);
        var output = await runner.RunAsync(
            command with { Input = string.Join('\0', known.Select(group => group.Key)), Variables = new Dictionary<string, string?>(command.Variables) { ["GIT_INDEX_FILE"] = index } }, ct);
        return output.Stdout.Split('\0', StringSplitOptions.RemoveEmptyEntries).SelectMany(path => known[path].Take(1)).ToHashSet(StringComparer.Ordinal);
    }

    // Everything that tells git what to pass over and how to read and merge files, apart from what is in the workspaces.
    private async Task<string> GroundAsync(CancellationToken ct)
    {
        // "file:.git/config\0core.bare\nfalse\0" for each.
        var settings = (await runner.RunAsync(Call(ground, store, null, ["config", "--list", "--show-origin", "-z"]), ct)).Require();
        var named = settings.Split('\0')
            .Where(field => field.StartsWith("core.excludesfile\n", StringComparison.Ordinal) || field.StartsWith("core.attributesfile\n", StringComparison.Ordinal))
            .Select(field => field[(field.IndexOf('\n', StringComparison.Ordinal) + 1)..])
            .Select(path => path.StartsWith("~/", StringComparison.Ordinal) && ground.Home is { } home ? Path.Combine(home, path[2..]) : Path.GetFullPath(path, ground.Root));
        var usual = ground.ConfigHome is { } config ? UserFiles.Select(name => Path.Combine(config, "git", name)) : [];
        var info = RepositoryFiles.Select(name => Path.Combine(ground.GitDirectory, name));
        var second = store.Second(".ground");
        var stamps = info.Concat(usual).Concat(named).Select(path => (Path: path, Stamp: FileTree.StampOf(path))).ToList();

        // One that was written a moment ago may be written again without a trace: this ground holds for this call only.
        var once = stamps.All(file => file.Stamp.IsSettledAt(second)) ? "" : Guid.NewGuid().ToString();
        return $"{ground.Base.Length}\n{once}\n{string.Join('\n', stamps)}\n{settings}";
    }

    private string IndexOf(TrialWork work) => Path.Combine(store.PlaceOf(work.Task), "index");

    private Task<ToolResult> RunAsync(WorkTree tree, string index, CancellationToken ct, params IReadOnlyList<string> arguments)
    {
        var command = Call(ground, store, tree, arguments);
        return runner.RunAsync(command with { Variables = new Dictionary<string, string?>(command.Variables) { ["GIT_INDEX_FILE"] = index } }, ct);
    }
}
