using Village.Scheduling;

namespace Village.Beads;

/// <summary>
/// The decisions around <c>bd update ID --claim</c>. bd itself looks neither at what a task waits for nor, up to 1.0.3, at whether
/// it is open; so Village looks before, and again after.
/// </summary>
public static class BeadsClaim
{
    /// <summary>Whether a task is this worker's already, as when its work is resumed or its dead worker's claim is taken over.</summary>
    public static bool IsMine(BeadsIssue? issue, string actor) => issue is { Task: { Status: "in_progress" } task } && task.Assignee == actor;

    /// <summary>Why a claim is not even tried, or null.</summary>
    public static Skip? Objection(string task, BeadsIssue? issue, string actor) =>
        issue is null ? new(task, SkipReason.ClaimLost, "it is not in Beads any more")
        : IsMine(issue, actor) ? null
        : issue.Task.Assignee is not "" and var other && other != actor ? new(task, SkipReason.ClaimLost, $"'{Printable.Line(other)}' has it in Beads")
        : issue.Task.Status is not "open" and var status ? new(task, SkipReason.ClaimLost, $"it has the status '{Printable.Line(status)}' in Beads")
        : Blocked(task, issue);

    /// <summary>What speaks against the work after the claim, or null.</summary>
    /// <param name="task">The task.</param>
    /// <param name="issue">The task as it is after the claim, or null when bd did not say.</param>
    /// <param name="actor">The claimant.</param>
    /// <param name="said">What bd said to the claim.</param>
    public static Skip? Refusal(string task, BeadsIssue? issue, string actor, string said) =>
        IsMine(issue, actor) ? Blocked(task, issue!)
        : new(task, SkipReason.ClaimLost, issue?.Task.Assignee is { Length: > 0 } other && other != actor ? $"'{Printable.Line(other)}' was quicker in Beads" : $"Beads did not give it: {said}");

    /// <summary>Whether bd gave the task and left it open, as 1.0.3 does with one that was assigned to us before.</summary>
    public static bool IsHalfDone(BeadsIssue? issue, string actor) => issue is { Task: { Status: "open" } task } && task.Assignee == actor;

    private static Skip? Blocked(string task, BeadsIssue issue) => issue.OpenBlockers is [_, ..] blockers
        ? new(task, SkipReason.Dependencies, $"it is blocked by {string.Join(", ", blockers.Select(Printable.Line))} in Beads")
        : null;
}
