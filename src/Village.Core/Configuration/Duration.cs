using System.Globalization;
using System.Text.RegularExpressions;

namespace Village.Configuration;

/// <summary>Spans of time as people type them: <c>90</c> (seconds), <c>90s</c>, <c>10m</c>, <c>2h30m</c>, <c>1d</c>.</summary>
public static partial class Duration
{
    // 31 years; what is longer is a slip, and far more would not even be a TimeSpan.
    private const long Longest = 1_000_000_000;

    /// <summary>The span, or null when the text is none.</summary>
    public static TimeSpan? Parse(string text)
    {
        var match = Shape().Match(text.Trim());
        if (!match.Success)
        {
            return null;
        }

        var seconds = 0L;
        foreach (var (count, unit) in match.Groups["n"].Captures.Zip(match.Groups["u"].Captures))
        {
            if (!int.TryParse(count.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var n))
            {
                return null;
            }

            seconds += n * (unit.Value switch { "d" => 86_400L, "h" => 3_600, "m" => 60, _ => 1 });
            if (seconds > Longest)
            {
                return null;
            }
        }

        return TimeSpan.FromSeconds(seconds);
    }

    /// <summary>The span as people read it: <c>4.2s</c>, <c>3m12s</c>, <c>2h05m</c>, <c>3d04h</c>; a negative one is none.</summary>
    public static string Text(TimeSpan span) => span switch
    {
        { Ticks: < 0 } => "0.0s",
        { TotalSeconds: < 9.95 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0}s"),
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0}s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Minutes}m{span.Seconds:00}s"),
        { TotalDays: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Hours}h{span.Minutes:00}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays}d{span.Hours:00}h"),
    };

    [GeneratedRegex("^(?:(?<n>[0-9]+)(?<u>[smhd]))+$|^(?<n>[0-9]+)(?<u>)$", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
