using Village.Tasks;

namespace Village.Scheduling;

/// <summary>Why a task is not started: the closed list that plans, events and <c>why</c> use (design, section 9).</summary>
public enum SkipReason
{
    /// <summary>A living worker has it.</summary>
    ActiveLease,

    /// <summary>Its lock file does not parse.</summary>
    CorruptLease,

    /// <summary>It stands in a state that this command does not start from.</summary>
    WrongState,

    /// <summary>It was paused or interrupted; a person resumes it.</summary>
    Paused,

    /// <summary>It failed; a person retries it.</summary>
    Failed,

    /// <summary>It failed and will be started again a little later.</summary>
    FailedBackoff,

    /// <summary>It is completed, and the task store does not know yet.</summary>
    Completed,

    /// <summary>Something it depends on is not done.</summary>
    Dependencies,

    /// <summary>It, or its parent, is put off until a time that has not come.</summary>
    Deferred,

    /// <summary>It is pinned: kept in sight, and never work.</summary>
    Pinned,

    /// <summary>Its status is another than open: blocked or deferred by a person, or somebody else's.</summary>
    TaskStatus,

    /// <summary>Its type is not one of work: an epic, a gate, a message; or it lives only inside a molecule.</summary>
    TaskType,

    /// <summary>What it depends on does not merge.</summary>
    DependencyMerge,

    /// <summary>It was started a moment ago (QUEUE_TTL_MINUTES).</summary>
    RecentlyStarted,

    /// <summary>It is for another agent than the one asked for.</summary>
    WrongAgent,

    /// <summary>Its agent cannot be started as it is configured.</summary>
    AgentConfig,

    /// <summary>All workers that MAX_WORKERS allows are active.</summary>
    ConcurrencyLimit,

    /// <summary>Fewer starts were asked for.</summary>
    CountLimit,

    /// <summary>The provider of its agent's model lets nobody work until a later time.</summary>
    ProviderLimit,

    /// <summary>Its agent has cost what it may (budget_usd).</summary>
    BudgetSpent,

    /// <summary>Its work so far does not merge with that of a task that is being worked on (BLOCK_ON_CONFLICT).</summary>
    Conflict,

    /// <summary>Processes of an earlier attempt, or others, are still in its workspace.</summary>
    LeftoverProcesses,

    /// <summary>Its workspace could not be made.</summary>
    Workspace,

    /// <summary>No port of a range that its set-up asks for is free.</summary>
    NoPort,

    /// <summary>Beads did not give it: another has it there, or it is not open there.</summary>
    ClaimLost,

    /// <summary>Its worker did not come up.</summary>
    WorkerLost,

    /// <summary>A tool failed while it was being started.</summary>
    StartFailed,

    /// <summary>It was closed after it was claimed and before its agent started.</summary>
    TaskClosed,

    /// <summary>It has gone from the task store after it was claimed and before its agent started.</summary>
    TaskGone,
}

/// <summary>A task that is not started, and why.</summary>
/// <param name="Task">The task.</param>
/// <param name="Reason">The typed reason.</param>
/// <param name="Message">The reason in words, for a person.</param>
public sealed record Skip(string Task, SkipReason Reason, string Message)
{
    /// <summary>The tasks that it waits for, where that is the reason.</summary>
    public IReadOnlyList<TaskId> BlockedBy { get; init; } = [];
}

/// <summary>Names of the reasons.</summary>
public static class SkipReasons
{
    /// <summary>The name in JSON and events: <c>active_lease</c>.</summary>
    public static string Name(this SkipReason reason) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());
}
