using Village.Errors;
using Village.Hosting;
using Village.Tasks;

namespace Village.Operations;

/// <summary>
/// The commits that new branches come from: the base branch's head, merged with the branches of dependencies that are
/// completed and not there yet (design, section 7).
/// </summary>
/// <param name="Head">The base branch's head.</param>
/// <param name="Tips">The tips of all branches that are named like those of tasks, by branch name.</param>
internal sealed record Bases(string Head, IReadOnlyDictionary<string, string> Tips)
{
    /// <summary>Looks at the repository: two processes, however many tasks.</summary>
    public static async Task<Bases> ReadAsync(VillageContext village, CancellationToken ct)
    {
        var head = await village.Scm.BaseHeadAsync(village.Root, village.Config.BaseBranch, ct) ?? throw (village.Config.BaseBranch is { } missing
            ? new VillageException(ErrorKind.Config, $"BASE_BRANCH: there is no branch '{missing}'", "set it in .village/config to one of `git branch`")
            : new VillageException(ErrorKind.NotReady, "the repository has no commit yet, and work must start from one", BringUp.FirstCommit(village)));
        var tips = await village.Scm.BranchTipsAsync(village.Root, village.Config.BranchPrefix, ct);
        return tips.Keys.FirstOrDefault(name => village.Config.BranchPrefix.StartsWith($"{name}/", StringComparison.Ordinal)) is { } blocking
            ? throw new VillageException(
                ErrorKind.NotReady, $"the branch '{blocking}' keeps the branches of tasks, {village.Config.BranchPrefix}…, from being made",
                $"give them another beginning: put BRANCH_PREFIX=<prefix> under [DEFAULT] in {Path.Combine(village.StateDirectory, "config")}")
            : new(head, tips);
    }

    /// <summary>Whether a task has a branch already.</summary>
    public bool HasBranch(VillageContext village, TaskId task) => Tips.ContainsKey(village.BranchOf(task));

    /// <summary>
    /// Why a task's branch or workspace cannot be made, or null: one that differs only in case would be the same on another
    /// machine, and a branch below it leaves no room for it.
    /// </summary>
    public string? ClashOf(VillageContext village, TaskId task)
    {
        var branch = village.BranchOf(task);
        var other = HasBranch(village, task) ? null
            : Tips.Keys.FirstOrDefault(name => name.Equals(branch, StringComparison.OrdinalIgnoreCase) || name.StartsWith($"{branch}/", StringComparison.OrdinalIgnoreCase));
        if (other is not null)
        {
            return other.Length == branch.Length
                ? $"branch '{other}' differs from '{branch}' only in case; rename it: git branch -m '{other}' <name>"
                : $"branch '{other}' keeps '{branch}' from being made; rename it: git branch -m '{other}' <name>";
        }

        var directory = !Directory.Exists(village.WorktreesDirectory) || Directory.Exists(village.WorkspaceOf(task)) ? null
            : Directory.EnumerateFileSystemEntries(village.WorktreesDirectory).FirstOrDefault(path => Path.GetFileName(path).Equals(task.Value, StringComparison.OrdinalIgnoreCase));
        return directory is not null && Path.GetFileName(directory) != task.Value
            ? $"'{Printable.Line(directory)}' differs from the workspace's name only in case; move it away"
            : null;
    }

    /// <summary>
    /// The base of a task that builds on completed ones; null and the sentence when those do not merge. With
    /// <paramref name="scratch"/> new objects go there, and nothing is written to the repository.
    /// </summary>
    public async Task<(string? Base, string? Problem)> OfAsync(
        VillageContext village, TaskId task, IReadOnlyList<TaskId> dependsOn, string? scratch, CancellationToken ct)
    {
        var tips = dependsOn.Select(id => Tips.GetValueOrDefault(village.BranchOf(id))).OfType<string>().ToList();
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
