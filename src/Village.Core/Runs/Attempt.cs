using Village.Agents;
using Village.Tasks;

namespace Village.Runs;

/// <summary>One attempt, as the log tells of it.</summary>
public sealed record Attempt
{
    /// <summary>The task.</summary>
    public required TaskId Task { get; init; }

    /// <summary>Which one, counted from 1; 0 when the log does not say.</summary>
    public required int Number { get; init; }

    /// <summary>The agent, or null when the log does not say.</summary>
    public string? Agent { get; init; }

    /// <summary>When its worker came up; null when that is not known.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it ended, or was last heard of; null while it goes on.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>How it ended.</summary>
    public AttemptOutcome Outcome { get; init; }

    /// <summary>The typed reason of its end.</summary>
    public string? Reason { get; init; }

    /// <summary>The reason as a sentence.</summary>
    public string? Message { get; init; }

    /// <summary>The ref that keeps what was taken back.</summary>
    public string? Trash { get; init; }

    /// <summary>The commit that holds the work.</summary>
    public string? Commit { get; init; }

    /// <summary>How long it took by its own word, in seconds.</summary>
    public double? Seconds { get; init; }

    /// <summary>What it has used, by its own word.</summary>
    public AgentUsage? Usage { get; init; }

    /// <summary>How long it took until a time, as far as that is known.</summary>
    public TimeSpan Length(DateTimeOffset now) =>
        Seconds is { } told ? TimeSpan.FromSeconds(told)
        : Started is { } begin && (Ended ?? now) is var end && end > begin ? end - begin
        : TimeSpan.Zero;
}
