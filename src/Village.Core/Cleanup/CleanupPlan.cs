using Village.Leases;
using Village.Observation;
using Village.Reports;
using Village.Tasks;

namespace Village.Cleanup;

/// <summary>Something that cleanup would remove, or keeps.</summary>
/// <param name="Kind">lock or worktree.</param>
/// <param name="Name">The task, or the directory's name.</param>
/// <param name="Reason">Why it goes; or why it stays, and what would release it.</param>
public sealed record CleanupItem(string Kind, string Name, string Reason);

/// <summary>What <c>cleanup</c> would remove, and why. Workspaces only with --apply, and only on positive evidence.</summary>
/// <param name="Remove">What goes.</param>
/// <param name="Keep">What stays although it looks abandoned.</param>
public sealed record CleanupPlan(IReadOnlyList<CleanupItem> Remove, IReadOnlyList<CleanupItem> Keep) : Report("cleanup")
{
    /// <summary>The decision for a snapshot. Whether a workspace is clean is asked again when it is removed.</summary>
    public static CleanupPlan For(Snapshot seen, bool includeWorktrees)
    {
        List<CleanupItem> remove = [.. seen.DeadLeases.Select(lease => new CleanupItem(
            "lock", lease.Name, lease.Status is LeaseStatus.Corrupt ? $"corrupt: {lease.Problem}" : "its worker is gone"))];
        List<CleanupItem> keep = [];
        foreach (var name in includeWorktrees ? seen.Workspaces : [])
        {
            var reason = WhyKept(seen, name);
            (reason is null ? remove : keep).Add(new("worktree", name, reason ?? "its task is completed"));
        }

        return new(remove, keep);
    }

    private static string? WhyKept(Snapshot seen, string name)
    {
        if (!TaskId.TryParse(name, out var task))
        {
            return "it is named after no task";
        }

        var lease = seen.LeaseOf(name);
        return lease?.Status.IsHeld() is true ? "a worker is in it"
            : seen.Ledger.Of(task).State switch
            {
                TaskState.Completed => null,
                TaskState.Failed => $"its task failed; `village retry {name}` goes on there",
                TaskState.Paused => $"its task is paused; `village resume {name}` goes on there",
                _ => $"its task is not completed; `village resume {name}` goes on there",
            };
    }
}

/// <summary>What cleanup did.</summary>
/// <param name="Removed">What went.</param>
/// <param name="Kept">What stayed, and why.</param>
/// <param name="Failed">What should have gone and did not; then the exit code is 4.</param>
public sealed record CleanupReport(
    IReadOnlyList<CleanupItem> Removed, IReadOnlyList<CleanupItem> Kept, IReadOnlyList<CleanupItem> Failed) : Report("cleanup");
