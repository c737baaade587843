using Spectre.Console;
using Village.Html;
using Village.Reports;
using Village.Terminal;

namespace Village.Commands;

/// <summary>A run as text for a terminal.</summary>
internal static class RunText
{
    private const int MostFailures = 10;

    /// <summary>The report, short.</summary>
    public static void Write(Ui ui, RunReport report)
    {
        ui.Line($"{Ui.Time(report.Since)} to {Ui.Time(report.Until)}{(report.SinceWhy is "up" ? ", since the village came up" : "")}");
        ui.Line(Headline(report));
        if (report.Attempts is [])
        {
            ui.Line($"`village report --since 7d` looks further back");
            return;
        }

        var t = report.Totals;
        ui.Line($"{PageWords.Span(t.AgentSeconds)} of agents' time in {PageWords.Span(t.WallSeconds)}, at most {PageWords.Number(t.MostAtOnce)} at once; {Cost(t.Usage)}");
        Failures(ui, report.Failures());
        Conflicts(ui, report.Conflicts);
        Usage(ui, report);
        ui.Line("");
        ui.Line("`village report --html report.html` makes a page of it, with a timeline, the graph and the ends of logs");
    }

    /// <summary>The run in a sentence.</summary>
    public static string Headline(RunReport report)
    {
        var t = report.Totals;
        return t.Attempts is 0 ? "Nothing was worked on" : string.Join(", ", new[]
        {
            $"{PageWords.Count(t.Attempts, "attempt")} at {PageWords.Count(t.Tasks, "task")}: {PageWords.Number(t.Completed)} completed",
            $"{PageWords.Number(t.Failed)} failed",
            t.GivenBack > 0 ? $"{PageWords.Number(t.GivenBack)} given back" : null,
            t.BrokenOff > 0 ? $"{PageWords.Number(t.BrokenOff)} broken off" : null,
            t.Running > 0 ? $"{PageWords.Number(t.Running)} going on" : null,
        }.OfType<string>());
    }

    private static string Cost(UsageRow usage) => usage.Attempts is 0 ? "no agent told what it used"
        : $"{(usage.CostUsd is null ? "" : $"{PageWords.Money(usage.CostUsd)}, ")}{PageWords.Number(usage.InputTokens + usage.CacheReadTokens + usage.CacheWriteTokens)} tokens in, {PageWords.Number(usage.OutputTokens)} out";

    private static void Failures(Ui ui, IReadOnlyList<RunAttemptRow> failures)
    {
        if (failures is [])
        {
            return;
        }

        ui.Line("");
        ui.Table(["FAILED", "ATTEMPT", "AGENT", "ENDED", "TOOK", "WHY"], failures.Take(MostFailures).Select(IReadOnlyList<Cell> (row) =>
        [
            new(row.Task, Color.Red),
            row.Attempt > 0 ? PageWords.Number(row.Attempt) : "-",
            row.Agent ?? "-",
            row.Ended is { } end ? Ui.Time(end) : "-",
            PageWords.Span(row.Seconds),
            PageWords.Why(row),
        ]));
        if (failures.Count > MostFailures)
        {
            ui.Line($"… {failures.Count - MostFailures} more, before these");
        }
    }

    private static void Conflicts(Ui ui, RunConflicts conflicts)
    {
        if (conflicts is { Pairs: [], Problem: null })
        {
            return;
        }

        ui.Line("");
        if (conflicts.Problem is { } problem)
        {
            ui.Line(problem);
        }

        if (conflicts.Pairs is not [])
        {
            ConflictsCommand.Pairs(ui, conflicts.Pairs);
        }
    }

    private static void Usage(Ui ui, RunReport report)
    {
        if (report.UsageByAgent is [])
        {
            return;
        }

        ui.Line("");
        UsageCommand.Table(ui, "AGENT", report.UsageByAgent);
    }
}
