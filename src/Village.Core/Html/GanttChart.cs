using Village.Reports;
using Village.Runs;

namespace Village.Html;

/// <summary>
/// The attempts of a run on an axis of time: a row per task, a bar per attempt. Places are in percent, so that it is as wide as the page
/// and its letters stay readable on any.
/// </summary>
public static class GanttChart
{
    /// <summary>How many tasks it shows; of more, those that were worked on last.</summary>
    public const int MostRows = 200;

    private const int RowHeight = 24;
    private const int Top = 26;

    // In percent: what took no time at all is seen, too.
    private const double Narrowest = 0.15;

    /// <summary>The chart, or a sentence when there is nothing to draw.</summary>
    public static HtmlText Of(RunReport report, TimeZoneInfo zone)
    {
        var page = new HtmlText();
        var all = report.Attempts.GroupBy(row => row.Task, StringComparer.OrdinalIgnoreCase).ToList();
        if (all is [])
        {
            return page.Write($"<p>Nothing was worked on.</p>\n");
        }

        var rows = all.OrderByDescending(row => row.Max(attempt => attempt.Ended ?? report.Until)).Take(MostRows).ToHashSet();
        var shown = all.Where(rows.Contains).ToList();
        var axis = Axis(report, shown, zone);
        Legend(page, report);
        page.Write($"<div class=\"gantt\">\n<ol class=\"names\">\n");
        foreach (var row in shown)
        {
            page.Write($"<li><a href=\"#task-{row.Key}\">{row.Key}</a> <bdi>{row.First().Title}</bdi></li>\n");
        }

        page.Write($"</ol>\n");
        Bars(page, report, shown, axis);
        page.Write($"</div>\n");
        return all.Count == shown.Count ? page : page.Write($"<p class=\"more\">… {all.Count - shown.Count} more tasks, which were worked on before these.</p>\n");
    }

    private static TimeAxis Axis(RunReport report, IEnumerable<IEnumerable<RunAttemptRow>> rows, TimeZoneInfo zone)
    {
        var attempts = rows.SelectMany(row => row).ToList();
        var begin = attempts.Min(attempt => attempt.Started ?? attempt.Ended ?? report.Until);
        return TimeAxis.For(begin < report.Since ? report.Since : begin, attempts.Max(attempt => attempt.Ended ?? report.Until), zone);
    }

    private static void Legend(HtmlText page, RunReport report)
    {
        var found = report.Attempts.Select(row => row.Outcome).ToHashSet();
        page.Write($"<ul class=\"legend\">\n");
        foreach (var outcome in AttemptOutcomes.All.Select(outcome => outcome.Name()).Where(found.Contains))
        {
            page.Write($"<li><svg width=\"22\" height=\"12\" aria-hidden=\"true\">{Bar(0, 100, 0, 12, outcome)}</svg> {PageWords.Plain(outcome)}</li>\n");
        }

        page.Write($"</ul>\n");
    }

    private static void Bars(HtmlText page, RunReport report, IReadOnlyList<IGrouping<string, RunAttemptRow>> rows, TimeAxis axis)
    {
        var height = Top + (rows.Count * RowHeight) + 4;
        page.Write($"""
            <svg class="bars" width="100%" height="{height}" role="img" aria-labelledby="gantt-title gantt-desc">
            <title id="gantt-title">Timeline of the attempts</title>
            <desc id="gantt-desc">{report.Totals.Attempts} attempts at {report.Totals.Tasks} tasks. The table of attempts below says the same in words.</desc>
            <defs>
            <pattern id="stripes" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="2.5" height="7" class="stripe"/></pattern>
            <pattern id="dots" width="6" height="6" patternUnits="userSpaceOnUse"><circle cx="3" cy="3" r="1.4" class="stripe"/></pattern>
            <linearGradient id="open"><stop offset="0" class="begun"/><stop offset="0.6" class="begun"/><stop offset="1" class="unended"/></linearGradient>
            </defs>

            """);
        foreach (var (i, _) in rows.Index().Where(row => row.Index % 2 is 0))
        {
            page.Write($"<rect class=\"band\" x=\"0\" y=\"{Top + (i * RowHeight)}\" width=\"100%\" height=\"{RowHeight}\"/>\n");
        }

        foreach (var (i, mark) in axis.Marks().Index())
        {
            var anchor = mark.At > 96 ? "end" : mark.At < 4 ? "start" : "middle";
            page.Write($"<line class=\"grid\" x1=\"{mark.At}%\" x2=\"{mark.At}%\" y1=\"{Top - 6}\" y2=\"{height}\"/><text class=\"tick{(i % 2 is 1 ? " odd" : "")}\" x=\"{mark.At}%\" y=\"14\" text-anchor=\"{anchor}\">{mark.Label}</text>\n");
        }

        foreach (var (i, row) in rows.Index())
        {
            foreach (var attempt in row)
            {
                var end = axis.Percent(attempt.Ended ?? report.Until);
                var begin = Math.Min(Math.Min(end, 100 - Narrowest), attempt.Started is { } started ? axis.Percent(started) : 0);
                page.Write($"<g><title>{PageWords.Sentence(attempt, axis.Zone)}</title>{Bar(begin, Math.Max(Narrowest, end - begin), Top + (i * RowHeight) + 5, RowHeight - 10, attempt.Outcome)}</g>\n");
            }
        }

        page.Write($"</svg>\n");
    }

    // A failure is known without its colour, too.
    private static HtmlText Bar(double x, double width, int y, int height, string outcome)
    {
        var bar = new HtmlText().Write($"<rect class=\"bar {outcome}\" x=\"{x}%\" y=\"{y}\" width=\"{width}%\" height=\"{height}\" rx=\"2\"/>");
        var pattern = outcome switch { "failed" or "lost" => "stripes", "interrupted" or "taken_away" or "paused" => "dots", _ => null };
        return pattern is null ? bar : bar.Write($"<rect x=\"{x}%\" y=\"{y}\" width=\"{width}%\" height=\"{height}\" fill=\"url(#{pattern})\"/>");
    }
}
