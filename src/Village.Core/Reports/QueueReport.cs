using System.Text.Json.Serialization;
using Village.Scheduling;

namespace Village.Reports;

/// <summary>A task in a plan.</summary>
public sealed record PlanRow
{
    /// <summary>The task.</summary>
    public required string Task { get; init; }

    /// <summary>Its title; null for one that is skipped.</summary>
    public string? Title { get; init; }

    /// <summary>The agent; null for one that is skipped.</summary>
    public string? Agent { get; init; }

    /// <summary>Why it is skipped, typed; null for one that starts.</summary>
    public string? SkipReason { get; init; }

    /// <summary>Why it is skipped, in words.</summary>
    public string? Message { get; init; }

    /// <summary>The tasks that it waits for, where that is why.</summary>
    public IReadOnlyList<string> BlockedBy { get; init; } = [];

    /// <summary>Tasks that are completed here and still open in the task store: it starts because that counts (COMPLETED_COUNTS).</summary>
    public IReadOnlyList<string> ReliesOn { get; init; } = [];

    /// <summary>Whether a dead worker's lease is taken over.</summary>
    public bool TakesOver { get; init; }

    /// <summary>Where it works.</summary>
    public string? WorktreePath { get; init; }

    /// <summary>The lock it has now, or null.</summary>
    public LeaseRow? Lock { get; init; }
}

/// <summary>The answer of <c>queue --plan</c>.</summary>
public sealed record QueuePlanReport() : Report("queue")
{
    /// <summary>What would start, in order.</summary>
    public required IReadOnlyList<PlanRow> AvailableTasks { get; init; }

    /// <summary>What would not, and why.</summary>
    public required IReadOnlyList<PlanRow> BlockedTasks { get; init; }

    /// <summary>What starts although its work so far does not merge with other work; with --conflicts every pair.</summary>
    public required IReadOnlyList<PairRow> Conflicts { get; init; }

    /// <summary>How many workers may still start.</summary>
    public required int SlotsAvailable { get; init; }

    /// <summary>How many are active.</summary>
    public required int WorkersCount { get; init; }

    /// <summary>The limit.</summary>
    public required int ConcurrencyLimit { get; init; }
}

/// <summary>One task that <c>queue</c> dealt with.</summary>
public sealed record QueueResult
{
    /// <summary>The task.</summary>
    public required string Task { get; init; }

    /// <summary>Its title.</summary>
    public string? Title { get; init; }

    /// <summary>The agent.</summary>
    public string? Agent { get; init; }

    /// <summary>Whether a worker came up.</summary>
    public required bool Success { get; init; }

    /// <summary>Tasks that are completed here and were still open in the task store when it started.</summary>
    public IReadOnlyList<string> ReliesOn { get; init; } = [];

    /// <summary>Its state when the command ended.</summary>
    public string? State { get; init; }

    /// <summary>Its workspace.</summary>
    public string? WorktreePath { get; init; }

    /// <summary>Its window.</summary>
    public string? WindowName { get; init; }

    /// <summary>Its pane.</summary>
    public string? PaneId { get; init; }

    /// <summary>The attempt.</summary>
    public int? Attempt { get; init; }

    /// <summary>The commit that holds the work, once completed.</summary>
    public string? Commit { get; init; }

    /// <summary>The check that passed, once completed.</summary>
    public string? Check { get; init; }

    /// <summary>How long the attempt took, in seconds.</summary>
    public double? Seconds { get; init; }

    /// <summary>The typed reason of a failure or a refused start.</summary>
    public string? Reason { get; init; }

    /// <summary>It in words.</summary>
    public string? Error { get; init; }

    /// <summary>Whether its attempt ended before the agent started, because the task was not to be started any more.</summary>
    [JsonIgnore]
    public bool IsGivenBack => this is { State: "queued", Reason: not null };
}

/// <summary>The answer of <c>queue N</c> and <c>queue --drain</c>.</summary>
public sealed record QueueReport() : Report("queue")
{
    /// <summary>How many workers came up.</summary>
    public required int TasksStarted { get; init; }

    /// <summary>How many starts failed; with --drain also tasks that are not completed: failed, paused, or their worker died; not those given back.</summary>
    public required int TasksFailed { get; init; }

    /// <summary>Each of them.</summary>
    public required IReadOnlyList<QueueResult> Results { get; init; }

    /// <summary>What did not start, and why.</summary>
    public required IReadOnlyList<PlanRow> BlockedTasks { get; init; }

    /// <summary>What starts although its work so far does not merge with other work; with --conflicts every pair.</summary>
    public required IReadOnlyList<PairRow> Conflicts { get; init; }

    /// <summary>Said when there was nothing to start.</summary>
    public string? Message { get; init; }

    /// <summary>The row of a skipped task.</summary>
    public static PlanRow Row(Skip skip) => new()
    {
        Task = skip.Task,
        SkipReason = skip.Reason.Name(),
        Message = skip.Message,
        BlockedBy = [.. skip.BlockedBy.Select(id => id.Value)],
    };
}
