using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using Village.Hosting;
using Village.Operations;
using Village.Reports;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village status</c>.</summary>
internal static class StatusCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var brief = new Option<bool>("--short") { Description = "One line, for status bars" };
        var workers = new Option<bool>("--workers") { Description = "Only the table of workers" };
        var locks = new Option<bool>("--locks") { Description = "Only the table of locks" };
        var orphans = new Option<bool>("--orphans") { Description = "Only what nothing accounts for" };
        var watch = new Option<bool>("--watch") { Description = "Show it again whenever something changes, until Ctrl-C; with --json a document a line" };
        var command = new VillageCommand("status", "Show workers, locks, tasks and orphans")
        {
            Examples = ["village status", "village status --short", "village status --json | jq .summary", "village status --watch --json"],
            ExitCodes = ["2  there is no village here"],
            Options = { brief, workers, locks, orphans, watch },
        };
        command.SetAction(async (parse, ct) =>
        {
            var village = await app.OpenAsync(ct);
            void Show(StatusReport r)
            {
                if (parse.GetValue(brief))
                {
                    app.Ui.Line(Short(r));
                }
                else
                {
                    Text(app.Ui, village, r, parse.GetValue(workers), parse.GetValue(locks), parse.GetValue(orphans));
                }
            }

            if (parse.GetValue(watch))
            {
                await WatchAsync(app, village, Show, ct);
                return 0;
            }

            app.Ui.Answer(await LookAsync(village, ct), JsonContracts.Shapes.StatusReport, Show);
            return 0;
        });
        return command;
    }

    private static async Task<StatusReport> LookAsync(VillageContext village, CancellationToken ct)
    {
        var (seen, _) = await village.ObserveAsync(ct);
        return StatusReport.For(seen, village.Config.MaxWorkers, village.Config.WorktreesDir);
    }

    // On a terminal each takes the place of the last; what goes to a file or a pipe stands below it.
    private static async Task WatchAsync(App app, VillageContext village, Action<StatusReport> show, CancellationToken ct)
    {
        using var changes = new StateWatch(village.StateDirectory, village.Leases.Location);
        village.Tasks.MayBeOld = TaskSource.UsualAge;
        try
        {
            for (string? last = null; ; await changes.NextAsync(TimeSpan.FromSeconds(2), ct))
            {
                var report = await LookAsync(village, ct);
                var now = JsonSerializer.Serialize(report, JsonContracts.Shapes.StatusReport);
                if (now == last)
                {
                    continue;
                }

                if (app.Ui.Json)
                {
                    app.Ui.AnswerLine(report, JsonContracts.Shapes.StatusReport);
                }
                else
                {
                    app.Ui.Raw(app.Ui.LineWidth is not null ? "\x1b[H\x1b[J" : last is null ? "" : "\n");
                    show(report);
                    app.Host.Out.Flush();
                }

                last = now;
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // That is how a person ends it.
        }
    }

    /// <summary>The rows of leases as a table; shared with <c>locks</c>.</summary>
    public static void Leases(Ui ui, VillageContext village, IReadOnlyList<LeaseRow> rows, string none)
    {
        if (rows is [])
        {
            ui.Line(none);
            return;
        }

        ui.Table(["TASK", "STATUS", "STATE", "AGENT", "PANE", "WINDOW", "CLAIMED", "NOTE"], rows.Select(IReadOnlyList<Cell> (row) =>
        [
            row.Task,
            new(row.Status, Colour(row.Status)),
            row.State ?? "-",
            row.Agent ?? "-",
            row.PaneId ?? "-",
            row.Window ?? "-",
            CommonOptions.Ago(village, row.ClaimedAt),
            string.Join(": ", new[] { string.Join(' ', row.Ports.Select(port => $"{port.Name}={port.Port}")), Told(village, row), row.Reason }
                .Where(part => part is { Length: > 0 })),
        ]));
    }

    /// <summary>The whole status as text; the dashboard shows it too.</summary>
    public static void Text(Ui ui, VillageContext village, StatusReport report, bool workers, bool locks, bool orphans)
    {
        var all = !workers && !locks && !orphans;
        var s = report.Summary;
        if (all)
        {
            ui.Line($"Session    {s.TmuxSession} {(s.TmuxRunning ? "(running)" : "(not running; `village up` starts it)")}");
            ui.Line($"Workers    {s.LocksActive} of {s.MaxWorkers} active{(s.AgentsWaiting > 0 ? $", {s.AgentsWaiting} waiting for you: village inbox" : "")}");
            ui.Line($"Tasks      {s.TasksReady} ready, {s.TasksBlocked} waiting for others, {s.TasksClosed} closed, {s.TasksFailed} failed");
            ui.Line($"Locks      {s.LocksCount} ({s.LocksActive} active, {s.LocksStale} stale, {s.LocksCorrupt} corrupt)");
            ui.Line($"Workspaces {s.WorktreesCount}");
            ui.Line("");
        }

        if (all || workers || locks)
        {
            var rows = workers && !locks ? report.Workers.Where(row => row.Status is "ACTIVE" or "UNKNOWN").ToList() : report.Workers;
            Leases(ui, village, rows, workers ? "No worker is active" : "No locks");
        }

        if (orphans || (all && report.Orphans is not []))
        {
            Orphans(ui, report.Orphans);
        }
    }

    // "waiting: which database? (opencode, 3 min ago)": what the agent does, by whose word, and since when.
    private static string? Told(VillageContext village, LeaseRow row) => row.Signal is null ? null
        : $"{row.Signal}{(row.SignalMessage is { Length: > 0 } message ? $": {message}" : "")} ({row.SignalSource}, {CommonOptions.Ago(village, row.SignalAt)})";

    private static void Orphans(Ui ui, IReadOnlyList<OrphanRow> orphans)
    {
        if (orphans is [])
        {
            ui.Line("No orphans");
            return;
        }

        ui.Line("");
        ui.Table(["ORPHAN", "PATH", "REASON"], orphans.Select(IReadOnlyList<Cell> (row) => [new(row.Type, Color.Yellow), row.Path, row.Reason]));
        ui.Line("Next: village cleanup --plan");
    }

    private static string Short(StatusReport report)
    {
        var s = report.Summary;
        var problems = s.LocksStale + s.LocksCorrupt;
        return $"{(s.TmuxRunning ? "up" : "down")} {s.LocksActive}/{s.MaxWorkers} ready:{s.TasksReady}{(s.AgentsWaiting > 0 ? $" waiting:{s.AgentsWaiting}" : "")}{(s.TasksFailed > 0 ? $" failed:{s.TasksFailed}" : "")}{(problems > 0 ? $" stale:{problems}" : "")}";
    }

    private static Color? Colour(string status) => status switch
    {
        "ACTIVE" => Color.Green,
        "STALE" or "CORRUPT" => Color.Red,
        "PARKED" or "UNKNOWN" => Color.Yellow,
        _ => null,
    };
}
