namespace Village.Runs;

/// <summary>How an attempt ended, or how it stands.</summary>
public enum AttemptOutcome
{
    /// <summary>Its agent is at work.</summary>
    Running,

    /// <summary>Stopped where it stands, with all its processes.</summary>
    Paused,

    /// <summary>Done, with evidence.</summary>
    Completed,

    /// <summary>Ended without the evidence.</summary>
    Failed,

    /// <summary>Ended before its agent started, and the task was queued again.</summary>
    GivenBack,

    /// <summary>Ended for the moment, its work kept for a later attempt.</summary>
    Interrupted,

    /// <summary>Its lease was taken away: by a person, or because its worker was dead.</summary>
    TakenAway,

    /// <summary>The log knows of no end, and its worker is gone.</summary>
    Lost,
}

/// <summary>The names of the outcomes.</summary>
public static class AttemptOutcomes
{
    /// <summary>Every outcome, in the order in which they are told of.</summary>
    public static IReadOnlyList<AttemptOutcome> All { get; } =
    [
        AttemptOutcome.Completed, AttemptOutcome.Failed, AttemptOutcome.GivenBack, AttemptOutcome.Interrupted, AttemptOutcome.TakenAway, AttemptOutcome.Lost,
        AttemptOutcome.Paused, AttemptOutcome.Running,
    ];

    /// <summary>The name in JSON: <c>given_back</c>.</summary>
    public static string Name(this AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Running => "running",
        AttemptOutcome.Paused => "paused",
        AttemptOutcome.Completed => "completed",
        AttemptOutcome.Failed => "failed",
        AttemptOutcome.GivenBack => "given_back",
        AttemptOutcome.Interrupted => "interrupted",
        AttemptOutcome.TakenAway => "taken_away",
        _ => "lost",
    };

    /// <summary>Whether the attempt may still go on.</summary>
    public static bool IsOpen(this AttemptOutcome outcome) => outcome is AttemptOutcome.Running or AttemptOutcome.Paused;
}
