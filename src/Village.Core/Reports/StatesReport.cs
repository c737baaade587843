using Village.Events;
using Village.Tasks;

namespace Village.Reports;

/// <summary>How many tasks the log has in each state.</summary>
/// <param name="Queued">Queued: those that were worked on once; tasks that were never claimed are not in the log.</param>
/// <param name="Claimed">Claimed.</param>
/// <param name="InProgress">In progress.</param>
/// <param name="Paused">Paused.</param>
/// <param name="Completed">Completed.</param>
/// <param name="Failed">Failed.</param>
public sealed record StateCounts(int Queued, int Claimed, int InProgress, int Paused, int Completed, int Failed)
{
    /// <summary>The counts of a fold.</summary>
    public static StateCounts Of(Ledger ledger)
    {
        int Count(TaskState state) => ledger.Tasks.Values.Count(entry => entry.State == state);
        return new(Count(TaskState.Queued), Count(TaskState.Claimed), Count(TaskState.InProgress), Count(TaskState.Paused), Count(TaskState.Completed), Count(TaskState.Failed));
    }
}

/// <summary>Where one task stands.</summary>
public sealed record TaskStateRow
{
    /// <summary>The task.</summary>
    public required string Task { get; init; }

    /// <summary>Its state.</summary>
    public required string State { get; init; }

    /// <summary>Since when, or null when it never changed.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The last attempt that came up; 0 for none.</summary>
    public required int Attempt { get; init; }

    /// <summary>The agent of the last change.</summary>
    public string? Agent { get; init; }

    /// <summary>What the agent last said of itself, while the task is in progress.</summary>
    public string? Signal { get; init; }

    /// <summary>Its message with that.</summary>
    public string? SignalMessage { get; init; }

    /// <summary>The typed reason of the last change.</summary>
    public string? Reason { get; init; }

    /// <summary>The sentence of the last change.</summary>
    public string? Message { get; init; }
}

/// <summary>The answer of <c>state</c> without a task: the village by its log, as it is or was.</summary>
/// <param name="At">The time that was asked for, or null for now.</param>
/// <param name="EventsCount">How many events had happened.</param>
/// <param name="LastEvent">When the last of them happened, or null for none.</param>
/// <param name="States">How many tasks in each state.</param>
/// <param name="Tasks">Every task that the log knew, by id.</param>
public sealed record StatesReport(DateTimeOffset? At, long EventsCount, DateTimeOffset? LastEvent, StateCounts States, IReadOnlyList<TaskStateRow> Tasks) : Report("state")
{
    /// <summary>The report of a fold.</summary>
    public static StatesReport Of(Ledger ledger, DateTimeOffset? at) => new(
        at,
        ledger.Count,
        ledger.LastEvent,
        StateCounts.Of(ledger),
        [.. ledger.Tasks.Values.OrderBy(entry => entry.Task, StringComparer.Ordinal).Select(Row)]);

    private static TaskStateRow Row(TaskEntry entry) => new()
    {
        Task = entry.Task,
        State = entry.State.Name(),
        Since = entry.LastChange?.Ts,
        Attempt = entry.Attempt,
        Agent = entry.LastChange?.Agent,
        Signal = entry.State is TaskState.InProgress ? entry.LastSignal?.Signal : null,
        SignalMessage = entry.State is TaskState.InProgress ? entry.LastSignal?.Message : null,
        Reason = entry.LastChange?.Reason,
        Message = entry.LastChange?.Message,
    };
}
