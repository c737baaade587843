using Village.Adapters.Scm;
using Village.Conflicts;
using Village.Errors;
using Village.Hosting;
using Village.Leases;
using Village.Observation;
using Village.Storage;
using Village.Tasks;

namespace Village.Operations;

/// <summary>Tries the work of all workspaces against each other, uncommitted and untracked work included. Touches none of it.</summary>
internal static class PredictConflicts
{
    /// <summary>
    /// The matrix of every workspace of a task, and of the branches of <paramref name="waiting"/> tasks without one; with
    /// <paramref name="wanted"/> only pairs with one of those tasks.
    /// </summary>
    public static async Task<ConflictMatrix> RunAsync(
        VillageContext village, Snapshot seen, IReadOnlyDictionary<string, string> waiting, IReadOnlySet<string> wanted, CancellationToken ct)
    {
        var checkouts = await ListAsync(village, ct);
        var trees = village.Scm.WorkTreesOf(checkouts, village.WorktreesDirectory);
        IReadOnlyList<TrialWork> works =
        [
            .. from name in seen.Workspaces
               where TaskId.TryParse(name, out _) && trees.ContainsKey(name)
               select Work(village, name, trees[name], seen.LeaseOf(name)?.Lease),
            .. from pair in waiting
               where !trees.ContainsKey(pair.Key)
               select new TrialWork(pair.Key, null, pair.Value, []),
        ];
        if (works is [])
        {
            return ConflictMatrix.Empty;
        }

        var head = await village.Scm.BaseHeadAsync(village.Root, village.Config.BaseBranch, ct);
        var host = village.Host;
        var home = host.Variable("HOME");
        return await village.Scm.PredictAsync(
            new(
                village.Root,
                village.Repository.CommonDirectory,
                head ?? throw new VillageException(ErrorKind.NotReady, "the base branch has no commit yet", BringUp.FirstCommit(village)),
                home,
                host.Variable("XDG_CACHE_HOME") ?? (home is null ? null : Path.Combine(home, ".cache")),
                host.Variable("XDG_CONFIG_HOME") ?? (home is null ? null : Path.Combine(home, ".config"))),
            works,
            wanted,
            ct);
    }

    // Before its first checkout a workspace has no index, and its files are not missing.
    private static TrialWork Work(VillageContext village, string task, WorkTree tree, Lease? lease) => new(
        task, (tree.Index is null ? !village.Scm.IsVacant(tree.Path) : File.Exists(tree.Index)) ? tree : null, tree.Head, lease?.Base is { } from ? [from] : []);

    private static async Task<IReadOnlyList<Checkout>> ListAsync(VillageContext village, CancellationToken ct)
    {
        try
        {
            return await village.Scm.ListCheckoutsAsync(village.Root, ct);
        }
        catch (VillageException)
        {
            // A look beside `git worktree add` may fail (tried); not while nobody registers one.
            using var guard = Guard.TakeExisting(Git.GuardPath(village.Repository), VillageContext.GuardDeadline);
            return await village.Scm.ListCheckoutsAsync(village.Root, ct);
        }
    }
}
