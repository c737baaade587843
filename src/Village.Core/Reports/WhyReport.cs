namespace Village.Reports;

/// <summary>One thing that is so, and what to type about it.</summary>
/// <param name="Task">The task that it is about.</param>
/// <param name="Title">Its title; null when the store has no such task.</param>
/// <param name="Reason">A typed reason of <c>queue</c>'s; <c>active_lease</c> for one that is being worked on; null when nothing speaks against a start.</param>
/// <param name="Message">The same as a sentence without its subject: "it waits for bd-2".</param>
/// <param name="Next">A command to type; null when there is nothing to do but wait.</param>
public sealed record CauseRow(string Task, string? Title, string? Reason, string Message, string? Next);

/// <summary>An attempt that was made at a task.</summary>
/// <param name="Attempt">Its number.</param>
/// <param name="Agent">The agent.</param>
/// <param name="Started">When it came up.</param>
/// <param name="Ended">When it ended; null for one that goes on.</param>
/// <param name="State">What it ended as, or <c>in_progress</c>.</param>
/// <param name="Reason">The typed reason of its end.</param>
/// <param name="Message">The sentence of its end.</param>
public sealed record AttemptRow(int Attempt, string? Agent, DateTimeOffset? Started, DateTimeOffset? Ended, string State, string? Reason, string? Message);

/// <summary>The answer of <c>why</c>.</summary>
public sealed record WhyReport() : Report("why")
{
    /// <summary>The task.</summary>
    public required string Task { get; init; }

    /// <summary>Its title; null when the store has no such task.</summary>
    public string? Title { get; init; }

    /// <summary>Its state.</summary>
    public required string State { get; init; }

    /// <summary>Since when; null when it was never worked on.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The command that brought it there.</summary>
    public string? By { get; init; }

    /// <summary>The typed reason of that change.</summary>
    public string? Reason { get; init; }

    /// <summary>The sentence of that change.</summary>
    public string? Message { get; init; }

    /// <summary>Whether <c>queue</c> would start it now.</summary>
    public required bool CanStart { get; init; }

    /// <summary>All that speaks against a start, in the order of blame.</summary>
    public required IReadOnlyList<CauseRow> Objections { get; init; }

    /// <summary>What it waits for, directly and further down, nearest first; each with what holds it up.</summary>
    public required IReadOnlyList<CauseRow> WaitsFor { get; init; }

    /// <summary>The open tasks that wait for it.</summary>
    public required IReadOnlyList<string> WaitedForBy { get; init; }

    /// <summary>Its lease, or null.</summary>
    public LeaseRow? Worker { get; init; }

    /// <summary>Its attempts, oldest first.</summary>
    public required IReadOnlyList<AttemptRow> Attempts { get; init; }
}

/// <summary>Something that needs a person.</summary>
/// <param name="Since">Since when; null when nobody knows.</param>
/// <param name="Kind">waiting, blocked, failed, paused, interrupted, stale_lock, corrupt_lock, orphan_workspace, provider_limit or budget_spent.</param>
/// <param name="Task">The task, or null.</param>
/// <param name="Title">Its title, or null.</param>
/// <param name="Message">What it is, in words.</param>
/// <param name="Next">What to type.</param>
public sealed record InboxRow(DateTimeOffset? Since, string Kind, string? Task, string? Title, string Message, string Next);

/// <summary>The answer of <c>inbox</c>.</summary>
/// <param name="Rows">What needs a person, oldest first.</param>
public sealed record InboxReport(IReadOnlyList<InboxRow> Rows) : Report("inbox");

/// <summary>A task that was waited for.</summary>
/// <param name="Task">The task.</param>
/// <param name="State">Its state at the end.</param>
/// <param name="Outcome"><c>reached</c>, <c>unreachable</c> or <c>open</c>.</param>
/// <param name="Message">Why it cannot be reached any more, or null.</param>
public sealed record WaitRow(string Task, string State, string Outcome, string? Message);

/// <summary>The answer of <c>wait</c>.</summary>
/// <param name="For">What was waited for: completed, failed, waiting or ended.</param>
/// <param name="TimedOut">Whether the time was over first.</param>
/// <param name="Tasks">Each task.</param>
public sealed record WaitReport(string For, bool TimedOut, IReadOnlyList<WaitRow> Tasks) : Report("wait");
