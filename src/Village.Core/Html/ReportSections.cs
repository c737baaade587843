using Village.Conflicts;
using Village.Reports;

namespace Village.Html;

/// <summary>What went wrong, and what will, on the page of a run.</summary>
internal static class ReportSections
{
    private const int OpenLogs = 3;

    /// <summary>The failures, the last ones first, with the ends of their logs.</summary>
    public static void Failures(HtmlText body, RunReport report, TimeZoneInfo zone)
    {
        var all = report.Failures();
        body.Write($"<section aria-labelledby=\"failures\">\n<h2 id=\"failures\">Failures <small>{(all is [] ? "" : PageWords.Number(all.Count))}</small></h2>\n");
        if (all is [])
        {
            body.Write($"<p>Nothing failed.</p>\n");
        }

        foreach (var (i, row) in all.Take(RunReport.MostFailures).Index())
        {
            Failure(body, row, zone, isOpen: i < OpenLogs);
        }

        if (all.Count > RunReport.MostFailures)
        {
            body.Write($"<p class=\"more\">… {PageWords.Count(all.Count - RunReport.MostFailures, "earlier failure")}; the table of attempts has them.</p>\n");
        }

        body.Write($"</section>\n");
    }

    /// <summary>The pairs of tasks whose work does not merge, or touches the same files.</summary>
    public static void Conflicts(HtmlText body, RunConflicts conflicts)
    {
        body.Write($"<section aria-labelledby=\"conflicts\">\n<h2 id=\"conflicts\">Conflicts <small>{(conflicts.Pairs is [] ? "" : "of the work as it is now")}</small></h2>\n");
        if (conflicts.Problem is { } problem)
        {
            body.Write($"<p>{problem}</p>\n");
        }

        if (conflicts.Pairs is not [])
        {
            body.Write($"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Conflicts\">\n<table>\n<thead><tr><th scope=\"col\">Tasks</th><th scope=\"col\">Kind</th><th scope=\"col\">Files</th></tr></thead>\n<tbody>\n");
            foreach (var pair in conflicts.Pairs)
            {
                var isConflict = pair.Conflicts is not [];
                body.Write($"<tr><th scope=\"row\">{string.Join(", ", pair.Tasks)}</th><td><span class=\"tag {(isConflict ? "failed" : "given_back")}\">{(isConflict ? "conflict" : "overlap")}</span></td><td class=\"wide mono\">{ConflictMatrix.Listed(isConflict ? pair.Conflicts : pair.Overlap)}</td></tr>\n");
            }

            body.Write($"</tbody>\n</table>\n</div>\n");
        }
        else if (conflicts.Problem is null)
        {
            body.Write($"<p>No two tasks touch the same file.</p>\n");
        }

        body.Write($"</section>\n");
    }

    private static void Failure(HtmlText body, RunAttemptRow row, TimeZoneInfo zone, bool isOpen)
    {
        body.Write($"<article class=\"failure {row.Outcome}\">\n<h3><a href=\"#task-{row.Task}\">{row.Task}</a> <bdi>{row.Title}</bdi></h3>\n");
        body.Write($"<p><strong>{row.Reason ?? row.Outcome}</strong>{(row.Message is { Length: > 0 } ? ": " : "")}<bdi>{row.Message}</bdi></p>\n");
        body.Write($"<p class=\"quiet\">{(row.Attempt > 0 ? $"Attempt {row.Attempt}" : "An attempt")}{(row.Agent is null ? "" : $" by {row.Agent}")}{(row.Ended is { } end ? $", ended {PageWords.Second(end, zone)}" : "")}{(row.Seconds > 0 ? $", after {PageWords.Span(row.Seconds)}" : "")}{(row.Trash is null ? "" : $"; what it left is in {row.Trash}")}</p>\n");
        if (row.Log is { } log)
        {
            body.Write($"<details{(isOpen ? new HtmlText().Write($" open") : new HtmlText())}><summary>{(log.Count is 1 ? "The last line" : $"The last {log.Count} lines")} of its log</summary>\n<pre tabindex=\"0\"><bdi>{string.Join('\n', log)}</bdi></pre></details>\n");
        }

        body.Write($"</article>\n");
    }
}
