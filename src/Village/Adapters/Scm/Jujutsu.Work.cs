using Village.Adapters.Processes;
using Village.Errors;
using Village.Reports;

namespace Village.Adapters.Scm;

/// <summary>
/// What a workspace holds, in jj's terms: the working-copy commit <c>@</c> takes every edit by itself. Uncommitted is what is in
/// it while nobody has described it; described, or a merge, it is a commit like any other.
/// </summary>
internal sealed partial class Jujutsu
{
    // "@ 3f2a… false false - 915c… ,,", and for the bookmark, when it is among the ancestors, "b 915c… false false d 0000… ,village/bd-a3f8,".
    private const string StateTemplate =
        "if(current_working_copy, \"@\", \"b\") ++ \" \" ++ commit_id ++ \" \" ++ empty ++ \" \" ++ conflict ++ \" \" ++ if(description, \"d\", \"-\") ++ \" \" " +
        "++ parents.map(|p| p.commit_id()).join(\",\") ++ \" ,\" ++ local_bookmarks.map(|b| b.name()).join(\",\") ++ \",\\n\"";

    private sealed record State(string Commit, bool IsEmpty, bool HasConflict, bool IsDescribed, IReadOnlyList<string> Parents, string? Bookmark)
    {
        /// <summary>Whether the working-copy commit is one that somebody made, rather than what gathers edits.</summary>
        public bool IsCommit => IsDescribed || Parents.Count is not 1;

        public string Head => IsCommit ? Commit : Parents[0];
    }

    /// <inheritdoc/>
    public async Task<string?> HeadAsync(string workspace, CancellationToken ct) => (await ReadAsync(workspace, branch: null, ct)).Head;

    /// <inheritdoc/>
    public async Task<string?> StraysAsync(string workspace, string branch, CancellationToken ct)
    {
        var state = await TryReadAsync(workspace, branch, ct);
        return state is null ? "was rewritten from another workspace while it was worked in"
            : state.HasConflict ? "holds a commit with conflicts that are not resolved"
            : state.Bookmark is null ? $"stands beside {branch}, not on it"
            : null;
    }

    /// <inheritdoc/>
    public async Task AdvanceAsync(string workspace, string branch, CancellationToken ct)
    {
        if (await TryReadAsync(workspace, branch, ct) is not { Bookmark: not null } state)
        {
            return;
        }

        if (state.Head != state.Bookmark)
        {
            (await RunAsync(workspace, ct, [.. OnlyLook, "bookmark", "set", branch, "-r", state.Head])).Require();
            await RunAsync(workspace, ct, [.. OnlyLook, "git", "export"]);
        }

        if (state.IsCommit)
        {
            // So that the next edit makes a commit of its own.
            (await runner.RunAsync(Command(workspace, await WhoAsync(workspace, ct), [.. TakeAll, "new"]), ct)).Require();
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> DirtyPathsAsync(string workspace, bool untracked, CancellationToken ct)
    {
        var state = await ReadAsync(workspace, branch: null, ct);
        return state.IsCommit || state.IsEmpty ? [] : Paths((await RunAsync(
            workspace, ct, [.. TakeAll, "diff", "-r", "@", "-T", untracked ? "path ++ \"\\0\"" : "if(status != \"added\", path ++ \"\\0\")"])).Require());
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ChangedFile>> ChangesAsync(string workspace, string? from, string? baseBranch, CancellationToken ct) =>
        await git.ChangesAsync(
            store, workspace, await CommitAsync(workspace, ct), from ?? await BaseHeadAsync(repository.Root, baseBranch, ct) ?? throw new VillageException(ErrorKind.NotReady, "the repository has no commit yet"), ct);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> IgnoredPathsAsync(string workspace, CancellationToken ct) =>
        await git.IgnoredPathsAsync(store, workspace, await CommitAsync(workspace, ct), ct);

    /// <inheritdoc/>
    public string PrivateDirectoryOf(string workspace) => Path.Combine(workspace, ".jj");

    /// <inheritdoc/>
    public async Task<IReadOnlySet<string>> TrackedAsync(string workspace, IReadOnlyList<string> paths, CancellationToken ct) =>
        await git.TrackedInAsync(store, await CommitAsync(workspace, ct), paths, ct);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> NotIgnoredAsync(string workspace, IReadOnlyList<string> paths, CancellationToken ct) =>
        git.NotIgnoredAsync(store, workspace, paths, ct);

    /// <inheritdoc/>
    public async Task<ToolResult> CommitAllAsync(string workspace, string message, CancellationToken ct)
    {
        return await runner.RunAsync(Command(workspace, await WhoAsync(workspace, ct), [.. TakeAll, "commit", "-m", message]), ct);
    }

    /// <inheritdoc/>
    public async Task<string?> SaveAsync(string workspace, string branch, string task, int attempt, bool always, CancellationToken ct)
    {
        var aside = await MendAsync(workspace, task, attempt, ct);
        var state = await ReadAsync(workspace, branch, ct);

        // The working-copy commit is what has to be saved: its parent is where the workspace stands.
        var saved = !always && state.IsEmpty && !state.IsCommit && state.Bookmark is not null ? null : await git.FileAwayAsync(store, task, attempt, state.Commit, ct);
        return aside ?? saved;
    }

    /// <inheritdoc/>
    public async Task ResetAsync(string workspace, string branch, string saved, CancellationToken ct)
    {
        var state = await ReadAsync(workspace, branch, ct);
        if (state.Bookmark == state.Head && !state.IsCommit)
        {
            (await RunAsync(workspace, ct, [.. TakeAll, "restore"])).Require();
            return;
        }

        (await runner.RunAsync(Command(workspace, await WhoAsync(workspace, ct), [.. TakeAll, "new", Bookmark(branch)]), ct)).Require();
        if (!state.IsCommit && !state.IsEmpty)
        {
            // It is in the trash; as a head of its own it would stay in every `jj log`.
            await RunAsync(workspace, ct, "abandon", state.Commit);
        }
    }

    /// <inheritdoc/>
    public Task<string?> StandsOnAsync(string workspace, CancellationToken ct) => Task.FromResult<string?>(null);

    /// <inheritdoc/>
    public Task<string?> WhyNotRestoredAsync(string root, string saved, string? standing, CancellationToken ct) => Task.FromResult<string?>(null);

    /// <inheritdoc/>
    public async Task RestoreAsync(string workspace, string saved, string? standing, CancellationToken ct)
    {
        var commit = (await git.CommitOfAsync(store, saved, ct))!;
        var passing = (await RunAsync(workspace, ct, [.. OnlyLook, "log", "--no-graph", "-r", commit])).Succeeded ? null : $"village-passing-{Guid.NewGuid():N}";
        if (passing is not null)
        {
            // git has made it (see MendAsync): jj learns of it by a branch that is there for a moment.
            await git.CreateBranchAsync(store, passing, commit, ct);
            (await RunAsync(workspace, ct, [.. OnlyLook, "git", "import"])).Require();
        }

        var who = await WhoAsync(workspace, ct);
        (await runner.RunAsync(Command(workspace, who, [.. TakeAll, "new", await git.CommitOfAsync(store, $"{saved}^1", ct) ?? "root()"]), ct)).Require();
        (await runner.RunAsync(Command(workspace, who, [.. TakeAll, "restore", "--from", commit]), ct)).Require();
        if (passing is not null)
        {
            await git.DeleteBranchAsync(store, passing, commit, ct);
            await RunAsync(workspace, ct, [.. OnlyLook, "git", "import"]);
        }

        Sync(workspace);
    }

    /// <inheritdoc/>
    public Task<bool> IsSameWorkAsync(string root, string one, string other, CancellationToken ct) => git.IsSameWorkAsync(store, one, other, ct);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> FilesOfAsync(string root, string commit, CancellationToken ct) => git.FilesOfAsync(store, commit, ct);

    /// <inheritdoc/>
    public Task CreateBranchAsync(string root, string branch, string commit, CancellationToken ct) => git.CreateBranchAsync(store, branch, commit, ct);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TrashRef>> TrashAsync(string root, CancellationToken ct) => git.TrashAsync(store, ct);

    /// <inheritdoc/>
    public Task<string> TrashTextAsync(string root, string commit, bool patch, CancellationToken ct) => git.TrashTextAsync(store, commit, patch, ct);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> TrashPathsAsync(string root, string commit, CancellationToken ct) => git.TrashPathsAsync(store, commit, ct);

    /// <inheritdoc/>
    public Task DropAsync(string root, string reference, string commit, CancellationToken ct) => git.DropAsync(store, reference, commit, ct);

    // A commit is its author's from `jj new` on.
    private async Task<IReadOnlyDictionary<string, string?>> WhoAsync(string workspace, CancellationToken ct) =>
        (await RunAsync(workspace, ct, [.. OnlyLook, "config", "get", "user.email"])).Stdout.Trim() is "" ? Identity : Plain;

    private async Task<State> ReadAsync(string workspace, string? branch, CancellationToken ct) => await TryReadAsync(workspace, branch, ct)
        ?? throw new VillageException(ErrorKind.Permanent, $"the jj workspace '{Printable.Line(workspace)}' is stale: its commit was rewritten from elsewhere", "jj workspace update-stale, in that directory");

    // Takes a snapshot of the files first, as every command of jj does; null when the workspace is stale.
    private async Task<State?> TryReadAsync(string workspace, string? branch, CancellationToken ct)
    {
        var revisions = branch is null ? "@" : $"@ | ({Bookmark(branch)} & ::@)";
        var result = await RunAsync(workspace, ct, [.. TakeAll, "log", "--no-graph", "-r", revisions, "-T", StateTemplate]);
        if (IsStale(result))
        {
            return null;
        }

        var lines = result.Require().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).ToList();
        var own = lines.Single(fields => fields[0] is "@");
        var bookmark = lines.Find(fields => fields[6].Contains($",{branch},", StringComparison.Ordinal))?[1];
        return new(own[1], own[2] is "true", own[3] is "true", own[4] is "d", own[5].Split(','), bookmark);
    }

    private async Task<string> CommitAsync(string workspace, CancellationToken ct) =>
        (await LookAsync(workspace, "@", "commit_id ++ \"\\n\"", ct))[0];

    private static IReadOnlyList<string> Paths(string output) => output.Split('\0', StringSplitOptions.RemoveEmptyEntries);
}
