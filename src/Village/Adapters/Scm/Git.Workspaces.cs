using System.Text.RegularExpressions;
using Village.Adapters.Processes;
using Village.Errors;

namespace Village.Adapters.Scm;

/// <summary>Making workspaces, and the base they start from.</summary>
internal sealed partial class Git
{
    private static readonly string[] NoHooks = ["-c", "core.hooksPath=/dev/null"];

    /// <summary>
    /// Makes a worktree without files on a branch, under the caller's repository guard. Creates the branch at
    /// <paramref name="commit"/> if it is not there; takes it away again when the worktree cannot be made. The files come
    /// with <see cref="FillAsync"/>, outside the guard.
    /// </summary>
    public async Task AddWorkspaceAsync(string root, string path, string branch, bool branchExists, string commit, CancellationToken ct)
    {
        if (!branchExists)
        {
            await CreateBranchAsync(root, branch, commit, ct);
        }

        // -f: a registration whose directory is gone is used again.
        var added = await RunAsync(root, ct, [.. NoHooks, "worktree", "add", "--quiet", "-f", "--no-checkout", path, branch]);
        if (added.Succeeded)
        {
            SyncRegistration(path);
            return;
        }

        if (!branchExists)
        {
            await DeleteBranchAsync(root, branch, commit, ct);
        }

        added.Require();
    }

    /// <inheritdoc/>
    public async Task CreateBranchAsync(string root, string branch, string commit, CancellationToken ct) =>
        (await RunAsync(root, ct, "update-ref", $"refs/heads/{branch}", commit, "")).Require();

    /// <inheritdoc/>
    public bool IsVacant(string path) => !Directory.Exists(path) || !Directory.EnumerateFileSystemEntries(path).Any();

    /// <summary>Checks the branch's files out into a workspace that has none yet. No hook runs.</summary>
    public async Task FillAsync(string workspace, string branch, CancellationToken ct)
    {
        // As many files at once as there are processors; git does so from 100 files on. With submodule.recurse it would ask for
        // submodules that nobody has initialised here, and fail.
        var filled = await RunAsync(workspace, ct, [.. NoHooks, "-c", "checkout.workers=0", "reset", "--quiet", "--hard", "--no-recurse-submodules"]);
        if (!filled.Succeeded && MissingLfs().IsMatch(filled.Stderr))
        {
            throw new VillageException(
                ErrorKind.NotReady, "files of the repository are kept by Git LFS, and git-lfs is not installed or not on PATH", "install it, for example: sudo apt-get install git-lfs");
        }

        filled.Require();

        // After a power cut emptied files would look like the agent's work.
        Sync(workspace);
    }

    // "git-lfs filter-process: 1: git-lfs: not found", "git: 'lfs' is not a git command. See 'git --help'."
    [GeneratedRegex("git-lfs: (command )?not found|'lfs' is not a git command", RegexOptions.CultureInvariant)]
    private static partial Regex MissingLfs();

    /// <summary>Whether a workspace was made but never filled: it has no index yet.</summary>
    public async Task<bool> IsEmptyAsync(string workspace, CancellationToken ct) =>
        !File.Exists((await RunAsync(workspace, ct, "rev-parse", "--path-format=absolute", "--git-path", "index")).Require().TrimEnd('\n'));

    /// <summary>
    /// Removes the lock that a killed git left in a workspace's index. Only when no process of its worker is left.
    /// </summary>
    public async Task<string?> MendAsync(string workspace, string task, int attempt, CancellationToken ct)
    {
        RequireWorktree(workspace);
        File.Delete((await RunAsync(workspace, ct, "rev-parse", "--path-format=absolute", "--git-path", "index.lock")).Require().TrimEnd('\n'));
        return null;
    }

    /// <summary>
    /// Removes a clean workspace and its registration; git refuses when it holds modified or untracked files. Returns
    /// git's complaint, or null. The branch stays.
    /// </summary>
    public async Task<string?> RemoveWorkspaceAsync(string root, string path, CancellationToken ct)
    {
        var result = await RunAsync(root, ct, "worktree", "remove", path);
        if (!result.Succeeded && result.Stderr.Contains("containing submodules", StringComparison.Ordinal)
            && RegistrationOf(path) is { } registration && !Directory.Exists(Path.Combine(registration, "modules"))
            && await DirtyPathsAsync(path, untracked: true, ct) is [])
        {
            // git refuses wherever there could be a submodule. None was ever filled here, so there are no commits of one to lose.
            result = await RunAsync(root, ct, "worktree", "remove", "--force", path);
        }

        return result.Succeeded ? null : result.Complaint;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlySet<string>> ContainedBranchesAsync(string root, string prefix, string commit, CancellationToken ct) =>
        (await RunAsync(root, ct, "for-each-ref", "--format=%(refname:lstrip=2)", $"--merged={commit}", $"refs/heads/{prefix}*")).Require()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task<string?> DeleteBranchAsync(string root, string branch, string tip, CancellationToken ct)
    {
        var result = await RunAsync(root, ct, "update-ref", "-d", $"refs/heads/{branch}", tip);
        return result.Succeeded ? null : result.Complaint;
    }

    /// <summary>
    /// The commit that contains <paramref name="head"/> and every tip: one of them when it already does, else a merge made
    /// without touching any checkout. Null with the files that conflict when they do not merge. With
    /// <paramref name="scratch"/>, objects go to that directory instead of the repository, so nothing is written there.
    /// </summary>
    public async Task<(string? Commit, IReadOnlyList<string> Conflicts)> MergeBaseAsync(
        string root, string head, IReadOnlyList<string> tips, string message, string? scratch, CancellationToken ct)
    {
        var needed = (await RunAsync(root, ct, ["merge-base", "--independent", head, .. tips])).Require()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Order(StringComparer.Ordinal)
            .ToList();
        var variables = new Dictionary<string, string?>(Identity);
        if (scratch is not null)
        {
            var objects = (await RunAsync(root, ct, "rev-parse", "--path-format=absolute", "--git-path", "objects")).Require().TrimEnd('\n');
            variables["GIT_OBJECT_DIRECTORY"] = scratch;
            variables["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = objects;
        }

        var commit = needed[0];
        foreach (var next in needed.Skip(1))
        {
            // "TREE\0" when clean; "TREE\0file\0file\0" with exit code 1 when not; 1 and nothing for a bad name.
            var merged = await RunAsync(root, variables, ct, "merge-tree", "--write-tree", "--name-only", "--no-messages", "-z", commit, next);
            var fields = merged.Stdout.Split('\0', StringSplitOptions.RemoveEmptyEntries);
            if (merged.ExitCode is not (0 or 1) || fields is [])
            {
                merged.Require();
                throw new VillageException(ErrorKind.Permanent, merged.Complaint);
            }

            if (merged.ExitCode is 1)
            {
                return (null, fields[1..]);
            }

            commit = (await RunAsync(root, variables, ct, "commit-tree", fields[0], "-p", commit, "-p", next, "-m", message)).Require().Trim();
        }

        return (commit, []);
    }

    /// <summary>Points a ref of Village's own at a commit, wherever it pointed before.</summary>
    public async Task PinAsync(string root, string reference, string commit, CancellationToken ct) =>
        (await RunAsync(root, ct, "update-ref", reference, commit)).Require();

    /// <summary>
    /// Commits everything that is not ignored on the checked-out branch, hooks included, as the user, or as Village when
    /// git knows no identity. The result is git's own.
    /// </summary>
    public async Task<ToolResult> CommitAllAsync(string workspace, string message, CancellationToken ct)
    {
        if (await UnsavableAsync(workspace, ct) is { } submodule)
        {
            // git would commit the rest, and leave out what is in there.
            return new(Call(workspace, Quiet, "add", "--all"), 1, "", $"the submodule '{submodule}' holds work that is not committed in it");
        }

        var staged = await RunAsync(workspace, ct, "add", "--all", "--", ".");
        if (!staged.Succeeded)
        {
            return staged;
        }

        var known = (await RunAsync(workspace, ct, "var", "GIT_COMMITTER_IDENT")).Succeeded;
        return await RunAsync(workspace, known ? Quiet : Identity, ct, "commit", "--quiet", "--cleanup=verbatim", "-m", message);
    }
}
