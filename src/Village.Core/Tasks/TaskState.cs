namespace Village.Tasks;

/// <summary>Where a task stands (design, section 5; roadmap v0.3.0).</summary>
public enum TaskState
{
    /// <summary>Not taken by anybody.</summary>
    Queued,

    /// <summary>Taken; its worker has not come up yet.</summary>
    Claimed,

    /// <summary>A worker is on it.</summary>
    InProgress,

    /// <summary>Stopped for the moment, by a person or an interruption.</summary>
    Paused,

    /// <summary>Done, with evidence.</summary>
    Completed,

    /// <summary>Ended without the evidence; the event says why.</summary>
    Failed,
}

/// <summary>The names of the states in files and JSON, and which state may follow which.</summary>
public static class TaskStates
{
    /// <summary>Every state, in the order of a life.</summary>
    public static IReadOnlyList<TaskState> All { get; } =
        [TaskState.Queued, TaskState.Claimed, TaskState.InProgress, TaskState.Paused, TaskState.Completed, TaskState.Failed];

    /// <summary>The name in leases, events and JSON: <c>in_progress</c>.</summary>
    public static string Name(this TaskState state) => state switch
    {
        TaskState.Queued => "queued",
        TaskState.Claimed => "claimed",
        TaskState.InProgress => "in_progress",
        TaskState.Paused => "paused",
        TaskState.Completed => "completed",
        _ => "failed",
    };

    /// <summary>The state of that name, or null for anything else.</summary>
    public static TaskState? Parse(string? name) => name?.ToLowerInvariant() switch
    {
        "queued" => TaskState.Queued,
        "claimed" => TaskState.Claimed,
        "in_progress" => TaskState.InProgress,
        "paused" => TaskState.Paused,
        "completed" => TaskState.Completed,
        "failed" => TaskState.Failed,
        _ => null,
    };

    /// <summary>
    /// The states that may follow (design, section 5). A way back out of completed or failed is always a person's
    /// word: <c>retry</c>, or a CI failure reported later.
    /// </summary>
    public static IReadOnlyList<TaskState> Targets(this TaskState from) => from switch
    {
        TaskState.Queued => [TaskState.Claimed],
        TaskState.Claimed => [TaskState.InProgress, TaskState.Failed, TaskState.Queued],
        TaskState.InProgress => [TaskState.Paused, TaskState.Completed, TaskState.Failed, TaskState.Claimed],
        TaskState.Paused => [TaskState.InProgress, TaskState.Failed, TaskState.Claimed],
        TaskState.Completed => [TaskState.Queued, TaskState.Failed],
        _ => [TaskState.Queued],
    };

    /// <summary>Whether <paramref name="to"/> may follow <paramref name="from"/>.</summary>
    public static bool CanBecome(this TaskState from, TaskState to) => from.Targets().Contains(to);
}
