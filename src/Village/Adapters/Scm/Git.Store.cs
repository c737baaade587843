using Village.Reports;

namespace Village.Adapters.Scm;

/// <summary>
/// Files beside a repository that git did not check out: a workspace of <see cref="Jujutsu"/> and the git store that jj keeps.
/// Every look has an index of its own, so neither git's nor jj's idea of the workspace changes.
/// </summary>
internal sealed partial class Git
{
    // jj's own directory, which git would take for a part of the work.
    private const string NotJujutsu = ":(exclude,top).jj";

    /// <summary>Files and nested repositories of a directory that are neither a commit's nor ignored.</summary>
    public Task<IReadOnlyList<string>> UnknownPathsAsync(string store, string directory, string commit, CancellationToken ct) =>
        PathsAsync(store, directory, commit, ct, "ls-files", "-z", "--others", "--exclude-standard", "--", ".", NotJujutsu);

    /// <summary>Ignored files and directories of a directory that holds a commit's files, a directory as one.</summary>
    public async Task<IReadOnlyList<string>> IgnoredPathsAsync(string store, string directory, string commit, CancellationToken ct) =>
        [.. (await PathsAsync(store, directory, commit, ct, "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory")).Where(path => path is not ".jj/")];

    /// <summary>What a directory that holds a commit's files changed since a commit that this one comes from. Nothing is written to the store.</summary>
    public Task<IReadOnlyList<ChangedFile>> ChangesAsync(string store, string directory, string commit, string from, CancellationToken ct) =>
        WithIndexAsync(Path.GetTempPath(), store, directory, commit, async own =>
        {
            // HEAD is not this workspace's: the commit that both come from is asked for, not guessed.
            var root = (await RunAsync(store, ct, "merge-base", commit, from)).Stdout.Trim();
            return await ChangesAsync(directory, own, [root.Length > 0 ? root : from], ct);
        }, ct);

    /// <summary>Saves a directory's files, as they are, as a commit on top of another in the trash; null when they are that commit's.</summary>
    public Task<string?> SaveFilesAsync(string store, string directory, string task, int attempt, string commit, CancellationToken ct) =>
        WithIndexAsync(store, store, directory, commit, async own =>
        {
            await TakeInAsync(
                directory, own, $"git --git-dir='{Printable.Line(store)}' --work-tree='{Printable.Line(directory)}' add --dry-run -A, which says why", ct, NotJujutsu);
            var tree = (await RunAsync(directory, own, ct, "write-tree")).Require().Trim();
            return tree == await TreeOfAsync(store, commit, ct)
                ? null
                : await FileAwayAsync(
                    store, task, attempt, (await RunAsync(store, Identity, ct, "commit-tree", tree, "-p", commit, "-m", $"{task}: what stood in its workspace")).Require().Trim(), ct);
        }, ct);

    private Task<IReadOnlyList<string>> PathsAsync(string store, string directory, string commit, CancellationToken ct, params IReadOnlyList<string> command) =>
        WithIndexAsync(store, store, directory, commit, async own =>
            (IReadOnlyList<string>)(await RunAsync(directory, own, ct, command)).Require().Split('\0', StringSplitOptions.RemoveEmptyEntries), ct);

    // An act with an index of its own, which holds a commit's files and is gone afterwards.
    private async Task<T> WithIndexAsync<T>(
        string place, string store, string directory, string commit, Func<IReadOnlyDictionary<string, string?>, Task<T>> act, CancellationToken ct)
    {
        var index = Path.Combine(place, $"village-index.{Guid.NewGuid():N}");
        try
        {
            var own = new Dictionary<string, string?>(Identity)
            {
                ["GIT_DIR"] = store,
                ["GIT_WORK_TREE"] = directory,
                ["GIT_INDEX_FILE"] = index,
            };
            (await RunAsync(directory, own, ct, "read-tree", commit)).Require();
            return await act(own);
        }
        finally
        {
            File.Delete(index);
            File.Delete($"{index}.lock");
        }
    }
}
