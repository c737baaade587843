using Village.Reports;

namespace Village.Html;

/// <summary>A run as a page of HTML: to read after a night, to attach to a ticket. It needs no network and runs no script.</summary>
public static class ReportPage
{
    /// <summary>The command that makes it, as the page says it.</summary>
    public const string Generator = "village report";

    /// <summary>The page.</summary>
    /// <param name="report">The run.</param>
    /// <param name="zone">The zone in which its times are told.</param>
    /// <param name="version">The version of the program.</param>
    public static string Of(RunReport report, TimeZoneInfo zone, string version)
    {
        var body = new HtmlText();
        Head(body, report, zone);
        body.Write($"<main>\n<section aria-labelledby=\"timeline\">\n<h2 id=\"timeline\">Timeline</h2>\n{GanttChart.Of(report, zone)}</section>\n");
        ReportSections.Failures(body, report, zone);
        ReportSections.Conflicts(body, report.Conflicts);
        Graph(body, report);
        ReportTables.Usage(body, report);
        ReportTables.Attempts(body, report, zone);
        body.Write($"</main>\n<footer><p>Made by {Generator} of Village {version}, {PageWords.Second(report.Until, zone)}. Times are {PageWords.Zone(report.Until, zone)}. Attempts are told of whole, also where they began before the time of this report.</p></footer>");
        return HtmlPage.Of($"Village: {report.Repository}, {PageWords.Minute(report.Until, zone)}", Generator, ReportStyle.Css, body);
    }

    private static void Head(HtmlText body, RunReport report, TimeZoneInfo zone)
    {
        var t = report.Totals;
        body.Write($"<header>\n<h1>Run of <bdi>{report.Repository}</bdi></h1>\n");
        body.Write($"<p class=\"quiet\">{PageWords.Minute(report.Since, zone)} to {PageWords.Minute(report.Until, zone)} ({Why(report.SinceWhy)})</p>\n<dl class=\"cards\">\n");
        Card(body, "", "Attempts", PageWords.Number(t.Attempts), $"at {PageWords.Count(t.Tasks, "task")}");
        Card(body, "completed", "Completed", PageWords.Number(t.Completed), t.Completed + t.Failed > 0 ? $"{100 * t.Completed / (t.Completed + t.Failed)}% of those that ended" : "");
        Card(body, "failed", "Failed", PageWords.Number(t.Failed), "");
        Card(body, "", "Given back", PageWords.Number(t.GivenBack), t.BrokenOff > 0 ? $"{PageWords.Number(t.BrokenOff)} more broken off" : "");
        if (t.Running > 0)
        {
            Card(body, "running", "Going on", PageWords.Number(t.Running), "");
        }

        Card(body, "", "Agents' time", PageWords.Span(t.AgentSeconds), t.WallSeconds > 0 ? $"in {PageWords.Span(t.WallSeconds)}, at most {PageWords.Number(t.MostAtOnce)} at once" : "");
        Card(body, "", "Cost", PageWords.Money(t.Usage.CostUsd), t.Usage.Attempts is 0 ? "no agent told" : $"{PageWords.Number(t.Usage.InputTokens + t.Usage.CacheReadTokens + t.Usage.CacheWriteTokens)} tokens in, {PageWords.Number(t.Usage.OutputTokens)} out");
        body.Write($"</dl>\n</header>\n");
    }

    private static string Why(string why) => why switch
    {
        "up" => "since the village came up",
        "day" => "24 hours",
        _ => "as asked for",
    };

    private static void Card(HtmlText body, string kind, string name, string value, string note)
    {
        body.Write($"<div class=\"{kind}\"><dt>{name}</dt><dd>{value}");
        if (note is not "")
        {
            body.Write($"<small>{note}</small>");
        }

        body.Write($"</dd></div>\n");
    }

    private static void Graph(HtmlText body, RunReport report)
    {
        var worked = report.Attempts.Select(row => row.Task).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var whole = new GraphReport(report.Nodes, report.Edges);
        var part = whole.Nodes.Count <= GraphDrawing.MostTasks ? whole : whole.Only(node => worked.Contains(node.Id));
        var note = whole.Nodes.Count == part.Nodes.Count
            ? "open ones, and those that were worked on, with a thick line"
            : $"of {PageWords.Count(whole.Nodes.Count, "task")} only those that were worked on";
        body.Write($"<section aria-labelledby=\"tasks\">\n<h2 id=\"tasks\">Tasks <small>{(whole.Nodes is [] ? "" : note)}</small></h2>\n");
        if (whole.Nodes is [])
        {
            body.Write($"<p>There are no open tasks.</p>\n</section>\n");
            return;
        }

        if (part.Nodes.Count > GraphDrawing.MostTasks)
        {
            body.Write($"<p>{PageWords.Count(part.Nodes.Count, "task")} are too many to draw; <code>village graph --dot</code> prints them for Graphviz.</p>\n");
        }
        else if (part.Nodes is not [])
        {
            body.Write($"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Graph of the tasks\">\n{GraphDrawing.Of(part, worked)}</div>\n");
        }

        ReportTables.Tasks(body, whole);
        body.Write($"</section>\n");
    }
}
