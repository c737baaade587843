using Village.Reports;

namespace Village.Html;

/// <summary>The tables on the page of a run.</summary>
internal static class ReportTables
{
    private const int MostAttempts = 1000;
    private const int MostTasks = 500;
    private const int MostCosts = 100;
    private const int FewAttempts = 30;

    /// <summary>What the attempts have used, by agent and by task.</summary>
    public static void Usage(HtmlText body, RunReport report)
    {
        body.Write($"<section aria-labelledby=\"cost\">\n<h2 id=\"cost\">Cost</h2>\n");
        if (report.Totals.Usage.Attempts is 0)
        {
            body.Write($"<p>No attempt has told what it used.</p>\n</section>\n");
            return;
        }

        Usage(body, "By agent", "Agent", report.UsageByAgent, report.Totals.Usage);
        Usage(body, "By task", "Task", report.UsageByTask, report.Totals.Usage);
        body.Write($"</section>\n");
    }

    /// <summary>All tasks of the graph.</summary>
    public static void Tasks(HtmlText body, GraphReport graph)
    {
        body.Write($"<details><summary>{PageWords.Count(graph.Nodes.Count, "task")} as a table</summary>\n");
        Begin(body, "Tasks", ("Task", ""), ("Title", ""), ("Stands", ""), ("Agent", ""), ("Waits for", ""));
        foreach (var node in graph.Nodes.Take(MostTasks))
        {
            body.Write($"<tr><th scope=\"row\">{node.Id}</th><td class=\"wide\"><bdi>{node.Title}</bdi></td><td>{PageWords.Plain(node.Standing)}</td><td>{node.Agent}</td><td>{string.Join(", ", node.BlockedBy)}</td></tr>\n");
        }

        End(body, graph.Nodes.Count - MostTasks, "more task", foot: new());
        body.Write($"</details>\n");
    }

    /// <summary>All attempts, by their begin.</summary>
    public static void Attempts(HtmlText body, RunReport report, TimeZoneInfo zone)
    {
        if (report.Attempts is [])
        {
            return;
        }

        body.Write($"<section aria-labelledby=\"attempts\">\n<h2 id=\"attempts\">Attempts</h2>\n");
        body.Write($"<details{(report.Attempts.Count <= FewAttempts ? new HtmlText().Write($" open") : new HtmlText())}><summary>{PageWords.Count(report.Attempts.Count, "attempt")} as a table</summary>\n");
        Begin(body, "Attempts", ("Task", ""), ("Title", ""), ("No.", "number"), ("Agent", ""), ("Started", ""), ("Took", "number"), ("Outcome", ""), ("Why", ""), ("Cost", "number"));
        HashSet<string> named = new(StringComparer.OrdinalIgnoreCase);
        foreach (var row in report.Attempts.TakeLast(MostAttempts))
        {
            var anchor = named.Add(row.Task) ? new HtmlText().Write($" id=\"task-{row.Task}\"") : new HtmlText();
            body.Write($"<tr{anchor}><th scope=\"row\">{row.Task}</th><td class=\"wide\"><bdi>{row.Title}</bdi></td><td class=\"number\">{(row.Attempt > 0 ? PageWords.Number(row.Attempt) : "–")}</td><td>{row.Agent ?? "–"}</td><td class=\"time\">{(row.Started is { } begin ? PageWords.Second(begin, zone) : "–")}</td><td class=\"number\">{PageWords.Span(row.Seconds)}</td><td><span class=\"tag {row.Outcome}\">{PageWords.Plain(row.Outcome)}</span></td><td class=\"wide\"><bdi>{PageWords.Why(row)}</bdi></td><td class=\"number\">{PageWords.Money(row.CostUsd)}</td></tr>\n");
        }

        End(body, report.Attempts.Count - MostAttempts, "earlier attempt", foot: new());
        body.Write($"</details>\n</section>\n");
    }

    private static void Usage(HtmlText body, string caption, string name, IReadOnlyList<UsageRow> rows, UsageRow total)
    {
        Begin(body, caption, (name, ""), ("Attempts", "number"), ("Input", "number"), ("Output", "number"), ("Cache read", "number"), ("Cache write", "number"), ("Cost", "number"));
        foreach (var row in rows.OrderByDescending(row => row.CostUsd ?? 0).ThenByDescending(row => row.OutputTokens).Take(MostCosts))
        {
            body.Write($"<tr>{Cells(row)}</tr>\n");
        }

        End(body, rows.Count - MostCosts, "cheaper one", new HtmlText().Write($"<tfoot>\n<tr>{Cells(total)}</tr>\n</tfoot>\n"));
    }

    private static HtmlText Cells(UsageRow row) => new HtmlText().Write(
        $"<th scope=\"row\">{row.Name}</th><td class=\"number\">{PageWords.Number(row.Attempts)}</td><td class=\"number\">{PageWords.Number(row.InputTokens)}</td><td class=\"number\">{PageWords.Number(row.OutputTokens)}</td><td class=\"number\">{PageWords.Number(row.CacheReadTokens)}</td><td class=\"number\">{PageWords.Number(row.CacheWriteTokens)}</td><td class=\"number\">{PageWords.Money(row.CostUsd)}</td>");

    private static void Begin(HtmlText body, string caption, params ReadOnlySpan<(string Name, string Kind)> columns)
    {
        body.Write($"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\">\n<table>\n<caption>{caption}</caption>\n<thead><tr>");
        foreach (var (name, kind) in columns)
        {
            body.Write($"<th scope=\"col\" class=\"{kind}\">{name}</th>");
        }

        body.Write($"</tr></thead>\n<tbody>\n");
    }

    private static void End(HtmlText body, int left, string what, HtmlText foot)
    {
        body.Write($"</tbody>\n{foot}</table>\n</div>\n");
        if (left > 0)
        {
            body.Write($"<p class=\"more\">… {PageWords.Count(left, what)}</p>\n");
        }
    }
}
