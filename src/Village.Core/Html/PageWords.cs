using System.Globalization;
using Village.Configuration;
using Village.Reports;

namespace Village.Html;

/// <summary>Times, spans and sums as the pages write them.</summary>
public static class PageWords
{
    /// <summary>A time of a zone to the minute, with its day.</summary>
    public static string Minute(DateTimeOffset time, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A time of a zone to the second.</summary>
    public static string Second(DateTimeOffset time, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>What a zone's times differ from UTC: <c>UTC+02:00</c>.</summary>
    public static string Zone(DateTimeOffset time, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(time, zone) is { Offset: { Ticks: not 0 } } local ? $"UTC{local.ToString("zzz", CultureInfo.InvariantCulture)}" : "UTC";

    /// <summary>A span of seconds: <c>3m12s</c>.</summary>
    public static string Span(double seconds) => Duration.Text(TimeSpan.FromSeconds(Math.Min(seconds, int.MaxValue)));

    /// <summary>Dollars, small sums exactly; or a dash where nobody told.</summary>
    public static string Money(decimal? usd) => usd switch
    {
        null => "–",
        >= 1 => string.Create(CultureInfo.InvariantCulture, $"${usd:#,0.00}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"${usd:0.00##}"),
    };

    /// <summary>A whole number in groups of three.</summary>
    public static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A count and its noun: <c>1 task</c>, <c>2 tasks</c>.</summary>
    public static string Count(int count, string one) => $"{Number(count)} {one}{(count is 1 ? "" : "s")}";

    /// <summary>A name of JSON in plain words: <c>given back</c>.</summary>
    public static string Plain(string name) => name.Replace('_', ' ');

    /// <summary>Why something ended: reason and sentence.</summary>
    public static string Why(RunAttemptRow row) => string.Join(": ", new[] { row.Reason, row.Message }.Where(part => part is { Length: > 0 }));

    /// <summary>An attempt as a sentence.</summary>
    public static string Sentence(RunAttemptRow row, TimeZoneInfo zone) => string.Join(", ", new[]
    {
        row.Attempt > 0 ? $"{row.Task}, attempt {row.Attempt}" : row.Task,
        row.Agent is null ? null : $"by {row.Agent}",
        $"{Plain(row.Outcome)}{(row.Reason is null ? "" : $" ({row.Reason})")}",
        row.Started is { } begin ? $"from {Second(begin, zone)}" : null,
        row.Ended is { } end ? $"until {Second(end, zone)}" : null,
        Span(row.Seconds),
    }.OfType<string>());
}
