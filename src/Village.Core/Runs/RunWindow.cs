namespace Village.Runs;

/// <summary>The time that a report tells of.</summary>
/// <param name="Begin">Its begin; attempts that ended before it are left out.</param>
/// <param name="End">Its end: when it was asked for.</param>
/// <param name="Why">Why it begins there: <c>asked</c>, <c>up</c> or <c>day</c>.</param>
public sealed record RunWindow(DateTimeOffset Begin, DateTimeOffset End, string Why)
{
    /// <summary>How far back a report looks when nobody says.</summary>
    public static TimeSpan Usual { get; } = TimeSpan.FromDays(1);

    /// <summary>
    /// What was asked for; else the last 24 hours, or less when the village came up within them: a village that stays up for weeks
    /// would otherwise be told of as one run.
    /// </summary>
    public static RunWindow Of(DateTimeOffset? asked, DateTimeOffset? lastUp, DateTimeOffset now) =>
        asked is { } begin ? new(begin < now ? begin : now, now, "asked")
        : lastUp is { } up && up > now - Usual && up <= now ? new(up, now, "up")
        : new(now - Usual, now, "day");
}
