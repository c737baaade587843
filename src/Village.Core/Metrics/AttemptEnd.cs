using Village.Agents;
using Village.Events;
using Village.Tasks;

namespace Village.Metrics;

/// <summary>The end of an attempt, or its interruption, as far as it is counted.</summary>
/// <param name="To">The task's state then; only completed and failed end an attempt.</param>
/// <param name="Agent">The agent, or null.</param>
/// <param name="Reason">Why it failed, or null.</param>
/// <param name="Seconds">How long it took, or null.</param>
/// <param name="Usage">What the agent has used, or null when it did not tell.</param>
/// <param name="Ts">When.</param>
public readonly record struct AttemptEnd(TaskState To, string? Agent, string? Reason, double? Seconds, AgentUsage? Usage, DateTimeOffset Ts)
{
    /// <summary>Whether the task was completed.</summary>
    public bool IsCompleted => To is TaskState.Completed;

    /// <summary>Whether the attempt is over; else it was interrupted, and only what it used counts.</summary>
    public bool IsEnd => To is TaskState.Completed or TaskState.Failed;

    /// <summary>What an event tells of an attempt; null when it is neither. An undo brings a state back and ends nothing.</summary>
    public static AttemptEnd? Of(VillageEvent e) => e is { Task: not null, To: { } to, Cmd: not "undo" } && (to is TaskState.Completed or TaskState.Failed || e.Usage is not null)
        ? new(to, e.Agent, e.Reason, e.Seconds, e.Usage, e.Ts)
        : null;
}
