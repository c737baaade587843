using Village.Errors;
using Village.Hosting;
using Village.Tasks;

namespace Village.Operations;

/// <summary>
/// The commits that new branches come from: the base branch's head, merged with the branches of dependencies that are
/// completed and not there yet (design, section 7).
/// </summary>
/// <param name="Head">The base branch's head.</param>
/// <param name="Tips">The tips of all task branches, by branch name.</param>
internal sealed record Bases(string Head, IReadOnlyDictionary<string, string> Tips)
{
    /// <summary>Looks at the repository: two processes, however many tasks.</summary>
    public static async Task<Bases> ReadAsync(VillageContext village, CancellationToken ct)
    {
        var head = await village.Scm.BaseHeadAsync(village.Root, village.Config.BaseBranch, ct) ?? throw (village.Config.BaseBranch is { } missing
            ? new VillageException(ErrorKind.Config, $"BASE_BRANCH: there is no branch '{missing}'", "set it in .village/config to one of `git branch`")
            : new VillageException(ErrorKind.NotReady, "the repository has no commit yet", BringUp.FirstCommit(village)));
        return new(head, await village.Scm.BranchTipsAsync(village.Root, "village/", ct));
    }

    /// <summary>Whether a task has a branch already.</summary>
    public bool HasBranch(TaskId task) => Tips.ContainsKey(VillageContext.BranchOf(task));

    /// <summary>
    /// The base of a task that builds on completed ones; null and the sentence when those do not merge. With
    /// <paramref name="scratch"/> new objects go there, and nothing is written to the repository.
    /// </summary>
    public async Task<(string? Base, string? Problem)> OfAsync(
        VillageContext village, TaskId task, IReadOnlyList<TaskId> dependsOn, string? scratch, CancellationToken ct)
    {
        var tips = dependsOn.Select(id => Tips.GetValueOrDefault(VillageContext.BranchOf(id))).OfType<string>().ToList();
        if (tips is [])
        {
            return (Head, null);
        }

        var (commit, conflicts) = await village.Scm.MergeBaseAsync(
            village.Root, Head, tips, $"Base of {task}: what it depends on", scratch, ct);
        return commit is not null
            ? (commit, null)
            : (null, $"what it depends on does not merge: {string.Join(", ", conflicts.Take(5).Select(Printable.Line))}");
    }
}
