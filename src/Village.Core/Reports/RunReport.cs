using Village.Runs;

namespace Village.Reports;

/// <summary>What the attempts of a run add up to.</summary>
public sealed record RunTotals
{
    /// <summary>How many attempts there were.</summary>
    public required int Attempts { get; init; }

    /// <summary>How many tasks they were about.</summary>
    public required int Tasks { get; init; }

    /// <summary>Attempts that were completed.</summary>
    public required int Completed { get; init; }

    /// <summary>Attempts that failed.</summary>
    public required int Failed { get; init; }

    /// <summary>Attempts that were given back before their agent started.</summary>
    public required int GivenBack { get; init; }

    /// <summary>Attempts that were interrupted, taken away, or whose worker is gone.</summary>
    public required int BrokenOff { get; init; }

    /// <summary>Attempts that go on, paused ones included.</summary>
    public required int Running { get; init; }

    /// <summary>How long all attempts took together, in seconds.</summary>
    public required double AgentSeconds { get; init; }

    /// <summary>From the begin of the first one, within the time asked for, to the end of the last one, in seconds.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>How many were at work at once, at most.</summary>
    public required int MostAtOnce { get; init; }

    /// <summary>What the attempts have used, as <c>usage</c> counts it.</summary>
    public required UsageRow Usage { get; init; }
}

/// <summary>An attempt in the answer of <c>report</c>.</summary>
public sealed record RunAttemptRow
{
    /// <summary>The task.</summary>
    public required string Task { get; init; }

    /// <summary>Its title; null when it is no longer in the store.</summary>
    public required string? Title { get; init; }

    /// <summary>Which attempt; 0 when the log does not say.</summary>
    public required int Attempt { get; init; }

    /// <summary>The agent.</summary>
    public required string? Agent { get; init; }

    /// <summary>When it came up; null when that is not known.</summary>
    public required DateTimeOffset? Started { get; init; }

    /// <summary>When it ended, or was last heard of; null while it goes on.</summary>
    public required DateTimeOffset? Ended { get; init; }

    /// <summary>How it ended: completed, failed, given_back, interrupted, taken_away, lost, paused or running.</summary>
    public required string Outcome { get; init; }

    /// <summary>The typed reason of its end.</summary>
    public required string? Reason { get; init; }

    /// <summary>The reason as a sentence.</summary>
    public required string? Message { get; init; }

    /// <summary>How long it took, or takes so far, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Dollars; null when its agent did not say.</summary>
    public required decimal? CostUsd { get; init; }

    /// <summary>The commit that holds the work.</summary>
    public required string? Commit { get; init; }

    /// <summary>The ref that keeps what was taken back.</summary>
    public required string? Trash { get; init; }

    /// <summary>The last lines of its log; null where they are not shown.</summary>
    public IReadOnlyList<string>? Log { get; init; }

    /// <summary>The row of an attempt.</summary>
    public static RunAttemptRow Of(Attempt attempt, string? title, DateTimeOffset now) => new()
    {
        Task = attempt.Task.Value,
        Title = title,
        Attempt = attempt.Number,
        Agent = attempt.Agent,
        Started = attempt.Started,
        Ended = attempt.Ended,
        Outcome = attempt.Outcome.Name(),
        Reason = attempt.Reason,
        Message = attempt.Message,
        Seconds = Math.Round(attempt.Length(now).TotalSeconds, 3),
        CostUsd = attempt.Usage?.Usd,
        Commit = attempt.Commit,
        Trash = attempt.Trash,
    };
}

/// <summary>Whether the work of tasks merges, in the answer of <c>report</c>.</summary>
/// <param name="Problem">Why that is not known, or not of all; null when it is.</param>
/// <param name="Pairs">Every pair that has something in common; those that conflict first.</param>
public sealed record RunConflicts(string? Problem, IReadOnlyList<PairRow> Pairs);

/// <summary>The answer of <c>report</c>.</summary>
public sealed record RunReport() : Report("report")
{
    /// <summary>How many failures are shown with the ends of their logs: the last ones.</summary>
    public const int MostFailures = 50;

    /// <summary>The name of the repository.</summary>
    public required string Repository { get; init; }

    /// <summary>The begin of the time that it tells of.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Why it begins there: <c>asked</c>, <c>up</c> or <c>day</c>.</summary>
    public required string SinceWhy { get; init; }

    /// <summary>Its end.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>The sums.</summary>
    public required RunTotals Totals { get; init; }

    /// <summary>The attempts, by their begin.</summary>
    public required IReadOnlyList<RunAttemptRow> Attempts { get; init; }

    /// <summary>The open tasks and those that were worked on.</summary>
    public required IReadOnlyList<GraphNodeRow> Nodes { get; init; }

    /// <summary>The edges between them.</summary>
    public required IReadOnlyList<GraphEdgeRow> Edges { get; init; }

    /// <summary>Whether the work of tasks merges.</summary>
    public required RunConflicts Conflicts { get; init; }

    /// <summary>What the attempts at each task have used.</summary>
    public required IReadOnlyList<UsageRow> UsageByTask { get; init; }

    /// <summary>What the attempts of each agent have used.</summary>
    public required IReadOnlyList<UsageRow> UsageByAgent { get; init; }

    /// <summary>The attempts that failed, or whose worker is gone; what ended last comes first.</summary>
    public IReadOnlyList<RunAttemptRow> Failures() => [.. Attempts.Where(row => row.Outcome is "failed" or "lost").OrderByDescending(row => row.Ended)];
}
