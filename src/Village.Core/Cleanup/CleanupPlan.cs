using System.Globalization;
using Village.Leases;
using Village.Observation;
using Village.Reports;
using Village.Tasks;

namespace Village.Cleanup;

/// <summary>Something that cleanup would remove, or keeps.</summary>
/// <param name="Kind">lock, processes, pane, worktree or branch.</param>
/// <param name="Name">The task, the directory's name, the pane's id or the branch.</param>
/// <param name="Reason">Why it goes; or why it stays, and what would release it.</param>
public sealed record CleanupItem(string Kind, string Name, string Reason);

/// <summary>What <c>cleanup</c> would remove, and why. Workspaces and branches only with --apply, and only on positive evidence.</summary>
/// <param name="Remove">What goes.</param>
/// <param name="Keep">What stays although it looks abandoned.</param>
public sealed record CleanupPlan(IReadOnlyList<CleanupItem> Remove, IReadOnlyList<CleanupItem> Keep) : Report("cleanup")
{
    /// <summary>The decision for a snapshot. Whether a workspace is clean is asked again when it is removed.</summary>
    public static CleanupPlan For(Snapshot seen, Waste waste, bool includeWorktrees)
    {
        List<CleanupItem> remove = [.. seen.DeadLeases.Select(lease => new CleanupItem(
            "lock", lease.Name, lease.Status is LeaseStatus.Corrupt ? $"corrupt: {lease.Problem}" : "its worker is gone"))];
        List<CleanupItem> keep = [];

        // What a dead lease's worker left running ends with the lease.
        var dying = seen.DeadLeases.Select(lease => lease.Lease?.Nonce).OfType<string>().ToHashSet(StringComparer.Ordinal);
        remove.AddRange(
            from process in waste.Processes
            where !dying.Contains(process.Nonce)
            group process.Id.ToString(CultureInfo.InvariantCulture) by process.Task into left
            orderby left.Key
            select new CleanupItem("processes", left.Key, $"an ended worker left them: {string.Join(", ", left)}"));
        foreach (var pane in waste.Panes)
        {
            (pane.Stranger is null ? remove : keep).Add(new("pane", pane.Id, pane.Stranger is { } id
                ? string.Create(CultureInfo.InvariantCulture, $"its worker is gone, and process {id} runs in it that is no worker; it goes when that has ended")
                : "its worker is gone"));
        }

        foreach (var name in includeWorktrees ? seen.Workspaces : [])
        {
            var reason = WhyKept(seen, name);
            (reason is null ? remove : keep).Add(new("worktree", name, reason ?? "its task is completed"));
        }

        // A branch that stays is not worth a word as long as its workspace is there.
        var going = remove.Where(item => item.Kind is "worktree").Select(item => item.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var staying = seen.Workspaces.Where(name => !going.Contains(name)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var branch in waste.Branches.Where(branch => !staying.Contains(branch.Task) && seen.LeaseOf(branch.Task) is null))
        {
            var reason = WhyKept(seen, branch, waste.Base);
            if (reason is null || !going.Contains(branch.Task))
            {
                (reason is null ? remove : keep).Add(new("branch", branch.Name, reason ?? $"its task is over, and {waste.Base} contains its work"));
            }
        }

        return new(remove, keep);
    }

    private static string? WhyKept(Snapshot seen, TaskBranch branch, string into)
    {
        if (!TaskId.TryParse(branch.Task, out var id))
        {
            return "it is named after no task";
        }

        return branch.Place is { } place ? $"it is checked out in '{Printable.Line(place)}'"
            : seen.Tasks.Find(id) is { IsClosed: false } && seen.Ledger.Of(id).State is not TaskState.Completed ? $"its task is open; `village resume {id}` goes on there"
            : branch.IsContained ? null
            : $"{into} does not contain its work; `git merge {branch.Name}`, or `git branch -D {branch.Name}` if nobody wants it";
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
