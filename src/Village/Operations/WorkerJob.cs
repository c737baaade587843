using Village.Leases;
using Village.Scheduling;

namespace Village.Operations;

/// <summary>What the pane's command is told.</summary>
/// <param name="Fence">The claim it serves.</param>
/// <param name="Base">The commit the branch comes from.</param>
/// <param name="Start">The commit the attempt begins at.</param>
/// <param name="Pane">The pane it runs in.</param>
/// <param name="Premise">The task as it was when the start was decided.</param>
/// <param name="Session">The agent's conversation to go on with, or null.</param>
internal sealed record WorkerJob(Fence Fence, string Base, string Start, string Pane, Premise Premise, string? Session);

/// <summary>How an attempt ended.</summary>
internal enum WorkerEnd
{
    /// <summary>With evidence.</summary>
    Completed,

    /// <summary>Without; the event says why.</summary>
    Failed,

    /// <summary>Interrupted; kept for <c>resume</c>.</summary>
    Parked,

    /// <summary>The claim was somebody else's; nothing was changed.</summary>
    Fenced,

    /// <summary>Before the agent started, because the task is not to be started any more; it is queued again.</summary>
    GivenBack,
}
