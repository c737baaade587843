using System.Globalization;
using System.Text.RegularExpressions;

namespace Village.Agents;

/// <summary>
/// Recognises a provider's usage limit in what an agent says of an error, and when it ends. Samples:
/// <code>
/// Claude AI usage limit reached|1795402680
/// You've hit your usage limit. Try again in 3 days 4 hours 5 minutes.
/// You exceeded your current quota. Your quota will reset after 12h34m56s.
/// Rate limit reached for requests. Please retry in 47.5s
/// Your limit resets at 2026-11-23T15:00:00Z
/// </code>
/// </summary>
public static partial class UsageLimits
{
    /// <summary>How long a provider is left alone that does not say when its limit ends.</summary>
    public static TimeSpan Unsaid { get; } = TimeSpan.FromMinutes(15);

    /// <summary>How long an agent that works alone may wait for its provider by itself, before its slot goes to another task.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    /// <summary>The end that is told as milliseconds since 1970; null when it is over, or absurd.</summary>
    public static DateTimeOffset? Sensible(long milliseconds, DateTimeOffset now) =>
        milliseconds > now.ToUnixTimeMilliseconds() && milliseconds < (now + Longest).ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;

    /// <summary>The trouble that a failed request is: a usage limit when the status is 429 or the words say so, else an error.</summary>
    /// <param name="message">What the agent says.</param>
    /// <param name="status">The HTTP status, where it is known.</param>
    /// <param name="now">The time, for limits that end so long from now.</param>
    public static AgentTrouble Classify(string message, int? status, DateTimeOffset now) =>
        status is 429 || Words().IsMatch(message)
            ? new(AgentTroubleKind.UsageLimit, message, EndOf(message, now))
            : new(AgentTroubleKind.Error, message);

    /// <summary>When the limit ends by these words, or null where they do not say.</summary>
    public static DateTimeOffset? EndOf(string message, DateTimeOffset now)
    {
        DateTimeOffset? end = Seconds().Match(message) is { Success: true } epoch ? DateTimeOffset.FromUnixTimeSeconds(long.Parse(epoch.Groups[1].Value, CultureInfo.InvariantCulture))
            : Instant().Match(message) is { Success: true } instant && DateTimeOffset.TryParse(
                instant.Groups[1].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at
            : Span(message) is { } span ? now + span
            : null;

        // A time that is over, or absurd, was no reset time.
        return end > now && end < now + Longest ? end : null;
    }

    private static TimeSpan? Span(string message)
    {
        var found = In().Match(message);
        if (!found.Success)
        {
            return null;
        }

        var total = 0d;
        foreach (Match part in Part().Matches(found.Groups[1].Value))
        {
            total += double.Parse(part.Groups[1].Value, CultureInfo.InvariantCulture) * (part.Groups[2].Value[0] switch
            {
                'd' or 'D' => 86400,
                'h' or 'H' => 3600,
                'm' or 'M' => part.Groups[2].Value.StartsWith("ms", StringComparison.OrdinalIgnoreCase) ? 0.001 : 60,
                _ => 1,
            });
        }

        return total is > 0 and < 1e8 ? TimeSpan.FromSeconds(total) : null;
    }

    [GeneratedRegex(@"usage.?limit|rate.?limit|quota.{0,20}(exceed|exhaust|reset)|(exceed|exhaust)\w*.{0,30}quota|too many requests|RESOURCE_EXHAUSTED|insufficient_quota", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    [GeneratedRegex(@"\|(\d{10})\b", RegexOptions.CultureInvariant)]
    private static partial Regex Seconds();

    [GeneratedRegex(@"\b(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)", RegexOptions.CultureInvariant)]
    private static partial Regex Instant();

    [GeneratedRegex(@"\b(?:in|after)\s+((?:\d+(?:\.\d+)?\s*(?:days?|hours?|hrs?|minutes?|mins?|seconds?|secs?|ms|[dhms])\b?[\s,]*(?:and\s+)?)+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex In();

    [GeneratedRegex(@"(\d+(?:\.\d+)?)\s*([a-z]+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}
