using Village.Adapters.Processes;
using Village.Errors;

namespace Village.Adapters.Scm;

/// <summary>
/// Making and removing workspaces. Nothing here runs jj in the main checkout, where it would take the person's git index along
/// (tried: one `jj workspace forget` there after a `git commit` undoes every `git add`): a task's own workspace is as good a place.
/// </summary>
internal sealed partial class Jujutsu
{
    /// <inheritdoc/>
    public Task<(string? Commit, IReadOnlyList<string> Conflicts)> MergeBaseAsync(
        string root, string head, IReadOnlyList<string> tips, string message, string? scratch, CancellationToken ct) =>
        git.MergeBaseAsync(store, head, tips, message, scratch, ct);

    /// <inheritdoc/>
    public bool IsVacant(string path) =>
        !Directory.Exists(path) || Directory.EnumerateFileSystemEntries(path).All(entry => Path.GetFileName(entry) is ".jj");

    /// <inheritdoc/>
    public async Task AddWorkspaceAsync(string root, string path, string branch, bool branchExists, string commit, CancellationToken ct)
    {
        var name = Path.GetFileName(path);
        if ((await ListCheckoutsAsync(root, ct)).FirstOrDefault(checkout => checkout.Branch == branchPrefix + name) is { } same)
        {
            if (same.Path != path && Directory.Exists(same.Path))
            {
                throw new VillageException(
                    ErrorKind.Blocked, $"there is a jj workspace '{name}' in '{Printable.Line(same.Path)}'", $"jj workspace forget {name}, if that one is not needed");
            }

            await ForgetAsync(root, name, ct);
        }

        Remove(path);
        if (!branchExists)
        {
            await git.CreateBranchAsync(store, branch, commit, ct);
        }

        try
        {
            await RegisterAsync(root, path, ct);

            // jj learns of the branch, and of commits that git has made; a merge of dependencies is one.
            (await RunAsync(path, ct, [.. OnlyLook, "git", "import"])).Require();
        }
        catch
        {
            if (!branchExists)
            {
                await git.DeleteBranchAsync(store, branch, commit, ct);
            }

            throw;
        }

        Sync(path);
    }

    /// <inheritdoc/>
    public async Task<bool> IsEmptyAsync(string workspace, CancellationToken ct) =>
        await LookAsync(workspace, "@-", "root ++ \"\\n\"", ct) is ["true"];

    /// <inheritdoc/>
    public async Task FillAsync(string workspace, string branch, CancellationToken ct)
    {
        (await runner.RunAsync(Command(workspace, await WhoAsync(workspace, ct), "new", Bookmark(branch)), ct)).Require();

        // After a power cut emptied files would look like the agent's work.
        Sync(workspace);
    }

    /// <inheritdoc/>
    public async Task<string?> RemoveWorkspaceAsync(string root, string path, CancellationToken ct)
    {
        var name = Path.GetFileName(path);
        if (!Directory.Exists(path))
        {
            await ForgetAsync(root, name, ct);
            return null;
        }

        await AdvanceAsync(path, branchPrefix + name, ct);
        if (await DirtyPathsAsync(path, untracked: true, ct) is [var dirty, ..])
        {
            return $"it holds uncommitted work: '{Printable.Line(dirty)}'";
        }

        if (await git.UnknownPathsAsync(store, path, await CommitAsync(path, ct), ct) is [var first, ..])
        {
            return $"it holds '{Printable.Line(first)}', which jj keeps nowhere";
        }

        // What is ignored goes with the workspace, as it does with git's. Renamed first: what is half gone must not look like work.
        (await RunAsync(path, ct, [.. OnlyLook, "workspace", "forget", name])).Require();
        var gone = Path.Combine(Path.GetDirectoryName(path)!, $".gone-{Guid.NewGuid():N}");
        Directory.Move(path, gone);
        Directory.Delete(gone, recursive: true);
        return null;
    }

    /// <inheritdoc/>
    public async Task<string?> MendAsync(string workspace, string task, int attempt, CancellationToken ct)
    {
        if (!IsStale(await RunAsync(workspace, ct, [.. TakeAll, "util", "snapshot"])))
        {
            return null;
        }

        // Another workspace has rewritten this one's commit. jj sets the files to the new one and keeps edits that it has not
        // seen as a commit of their own; they are filed away here first, for whoever looks in the trash.
        var saved = await git.SaveFilesAsync(store, workspace, task, attempt, await CommitAsync(workspace, ct), ct);
        (await RunAsync(workspace, ct, [.. TakeAll, "workspace", "update-stale"])).Require();
        return saved;
    }

    private static bool IsStale(ToolResult result) =>
        !result.Succeeded && result.Stderr.Contains("working copy is stale", StringComparison.Ordinal);

    // On the root commit: that writes no file, so the guard is held for a moment only. Told not to look at the main checkout's files,
    // jj makes the workspace and then complains that it may not; without that it would change the person's index.
    private async Task RegisterAsync(string root, string path, CancellationToken ct)
    {
        var added = await RunAsync(root, ct, [.. NotColocated, .. OnlyLook, "workspace", "add", path, "-r", "root()"]);
        if (!added.Succeeded && (await ListCheckoutsAsync(root, ct)).All(checkout => checkout.Path != path))
        {
            throw added.Failure();
        }
    }

    /// <inheritdoc/>
    public async Task<string?> DeleteBranchAsync(string root, string branch, string tip, CancellationToken ct)
    {
        if (await BranchTipAsync(root, branch, ct) != tip)
        {
            return $"{branch} has moved";
        }

        await SomewhereAsync(root, "", async place =>
        {
            // git may have made it.
            (await RunAsync(place, ct, [.. OnlyLook, "git", "import"])).Require();
            (await RunAsync(place, ct, [.. OnlyLook, "bookmark", "delete", $"exact:{branch}"])).Require();
            (await RunAsync(place, ct, [.. OnlyLook, "git", "export"])).Require();
        }, ct);
        return null;
    }

    // A workspace whose directory is gone is forgotten from another one.
    private Task ForgetAsync(string root, string name, CancellationToken ct) =>
        SomewhereAsync(root, name, async place => (await RunAsync(place, ct, [.. OnlyLook, "workspace", "forget", name])).Require(), ct);

    // In some workspace that is not the main one, nor the one of that name; where there is none, one is made for it.
    private async Task SomewhereAsync(string root, string except, Func<string, Task> act, CancellationToken ct)
    {
        var known = await ListCheckoutsAsync(root, ct);
        if (known.FirstOrDefault(checkout => checkout.Branch is not null && checkout.Branch != branchPrefix + except && Directory.Exists(Path.Combine(checkout.Path, ".jj"))) is { } other)
        {
            await act(other.Path);
            return;
        }

        var made = Path.Combine(root, ".jj", $"village-{Guid.NewGuid():N}");
        try
        {
            await RegisterAsync(root, made, ct);
            await act(made);
            (await RunAsync(made, ct, [.. OnlyLook, "workspace", "forget", Path.GetFileName(made)])).Require();
        }
        finally
        {
            Remove(made);
        }
    }

    // A directory with nothing in it but jj's own, if it is there.
    private void Remove(string path)
    {
        if (Directory.Exists(path) && IsVacant(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
