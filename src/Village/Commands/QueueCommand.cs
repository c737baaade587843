using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Village.Configuration;
using Village.Conflicts;
using Village.Errors;
using Village.Hosting;
using Village.Operations;
using Village.Reports;
using Village.Scheduling;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village queue</c>.</summary>
internal static class QueueCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var count = new Argument<string?>("count") { Description = "How many tasks to start at most", Arity = ArgumentArity.ZeroOrOne };
        var n = new Option<string?>("--n", "-n") { Description = "The same as COUNT" };
        var drain = new Option<bool>("--drain") { Description = "Go on starting until nothing is left to start" };
        var plan = CommonOptions.Plan("Show what would start and why the rest would not; start nothing");
        var agent = new Option<string?>("--agent") { Description = "Only tasks of this agent" };
        var max = new Option<string?>("--max-workers") { Description = "Instead of MAX_WORKERS" };
        var force = new Option<bool>("--force") { Description = "Also tasks that were started a moment ago, or that BLOCK_ON_CONFLICT keeps waiting" };
        var conflicts = new Option<bool>("--conflicts") { Description = "Also show all work that touches the same files or does not merge" };
        var command = new VillageCommand("queue", "Start workers for ready tasks; without a number, show the plan")
        {
            Examples = ["village queue", "village queue 3", "village queue --drain --max-workers 4", "village queue --plan --json"],
            ExitCodes = ["2  the session is not running", "3  nothing to start", "4  some tasks started or completed and some did not", "1  none of them did"],
            Arguments = { count },
            Options = { n, drain, plan, agent, max, force, conflicts },
        };
        command.SetAction(async (parse, ct) =>
        {
            var number = (parse.GetValue(count) ?? parse.GetValue(n)) is { } text ? CommonOptions.Count(text, "count") : (int?)null;
            var only = parse.GetValue(agent) is { } name ? CommonOptions.Agent(name) : null;
            var village = await app.OpenAsync(ct);
            var config = parse.GetValue(max) is { } limit ? village.Config.With(Settings.MaxWorkers, limit, "--max-workers") : village.Config;
            var request = new QueueRequest(number, only, config.MaxWorkers, parse.GetValue(force), new Dictionary<string, Skip>())
            {
                ShowConflicts = parse.GetValue(conflicts),
            };
            if (parse.GetValue(plan) || (number is null && !parse.GetValue(drain)))
            {
                var decision = await QueueDecision.MakeAsync(village, config, request, readOnly: true, ct);
                if (decision.Problem is not null)
                {
                    app.Ui.Warn($"{ConflictMatrix.Unknown}: {decision.Problem}");
                }

                foreach (var warning in MakeContract.Foresee(village, decision.Plan.Starts.Select(start => start.Agent)))
                {
                    app.Ui.Warn(warning);
                }

                app.Ui.Answer(Plan(village, decision, request.ShowConflicts), JsonContracts.Shapes.QueuePlanReport, r => PlanText(app.Ui, r, request.ShowConflicts));
                return (int)ExitCode.Success;
            }

            var queue = new RunQueue(village, config, request, app.Ui.Say, app.Ui.Progress);
            var report = parse.GetValue(drain) ? await queue.DrainAsync(ct) : await queue.OnceAsync(ct);
            app.Ui.Answer(report, JsonContracts.Shapes.QueueReport, r =>
            {
                Text(app.Ui, r, parse.GetValue(drain));
                Conflicts(app.Ui, r.Conflicts, request.ShowConflicts);
                ReadyCommand.Reliances(app.Ui, [.. r.Results.Where(row => row.ReliesOn is not []).Select(row => new Reliance(row.Task, row.ReliesOn))]);
            });
            return (int)Code(report);
        });
        return command;
    }

    private static ExitCode Code(QueueReport report) =>
        report.Results.All(row => row.IsGivenBack) ? ExitCode.Blocked
        : report.TasksFailed is 0 ? ExitCode.Success
        : report.TasksFailed == report.Results.Count ? ExitCode.Failure
        : ExitCode.Partial;

    private static QueuePlanReport Plan(VillageContext village, QueueDecision decision, bool allConflicts) => new()
    {
        AvailableTasks = [.. decision.Plan.Starts.Select(start => new PlanRow
        {
            Task = start.Task.Value,
            Title = start.Title,
            Agent = start.Agent,
            ReliesOn = [.. start.ReliesOn.Select(id => id.Value)],
            TakesOver = start.TakesOver,
            WorktreePath = village.WorkspaceOf(start.Task),
            Lock = decision.Seen.LeaseOf(start.Task.Value) is { } lease ? LeaseRow.Of(lease, decision.Seen) : null,
        })],
        BlockedTasks = [.. decision.Plan.Skips.Select(skip => QueueReport.Row(skip) with
        {
            Lock = decision.Seen.LeaseOf(skip.Task) is { } lease ? LeaseRow.Of(lease, decision.Seen) : null,
        })],
        Conflicts = [.. decision.Told(allConflicts).Select(PairRow.Of)],
        SlotsAvailable = decision.Plan.SlotsFree,
        WorkersCount = decision.Plan.WorkersActive,
        ConcurrencyLimit = decision.Plan.MaxWorkers,
    };

    private static void PlanText(Ui ui, QueuePlanReport report, bool allConflicts)
    {
        ui.Line($"{report.WorkersCount} of {report.ConcurrencyLimit} workers active, {report.SlotsAvailable} free");
        if (report.AvailableTasks is not [])
        {
            ui.Line("");
            ui.Table(["WOULD START", "AGENT", "TITLE"], report.AvailableTasks.Select(IReadOnlyList<Cell> (row) =>
                [new(row.Task, Color.Green), row.Agent!, row.Title! + (row.TakesOver ? " (takes over a dead worker's lock)" : "")]));
        }

        ReadyCommand.Reliances(ui, [.. report.AvailableTasks.Where(row => row.ReliesOn is not []).Select(row => new Reliance(row.Task, row.ReliesOn))]);
        Skipped(ui, report.BlockedTasks);
        Conflicts(ui, report.Conflicts, allConflicts);
        ui.Line("");
        ui.Line(report.AvailableTasks is [] ? "Nothing would start" : $"Start them with: village queue {report.AvailableTasks.Count}");
    }

    private static void Conflicts(Ui ui, IReadOnlyList<PairRow> pairs, bool asked)
    {
        if (asked || pairs is not [])
        {
            ui.Line("");
            ConflictsCommand.Pairs(ui, pairs);
        }
    }

    private static void Skipped(Ui ui, IReadOnlyList<PlanRow> rows)
    {
        if (rows is not [])
        {
            ui.Line("");
            ui.Table(["NOT STARTED", "REASON", "WHY"], rows.Select(IReadOnlyList<Cell> (row) => [row.Task, row.SkipReason!, row.Message!]));
        }
    }

    private static void Text(Ui ui, QueueReport report, bool drained)
    {
        if (report.Results is [])
        {
            ui.Line("Nothing to start");
            Skipped(ui, report.BlockedTasks);
            return;
        }

        if (!drained)
        {
            ui.Table(["TASK", "AGENT", "ATTEMPT", "PANE", "WINDOW", ""], report.Results.Select(IReadOnlyList<Cell> (row) =>
                [row.Task, row.Agent!, row.Attempt?.ToString(CultureInfo.InvariantCulture) ?? "-", row.PaneId ?? "-", row.WindowName ?? "-", row.Error ?? "started"]));
            ui.Line("");
            ui.Line("Watch them: village status, village attach, village logs TASK -f");
            return;
        }

        ui.Table(["TASK", "STATE", "COMMIT", "CHECK", "TIME", "TITLE"], report.Results.Select(IReadOnlyList<Cell> (row) =>
        [
            row.Task,
            new(row.State ?? "not started", row.State is "completed" ? Color.Green : Color.Red),
            row.Commit?[..10] ?? "-",
            row.State is not "completed" ? row.Reason ?? "-" : row.Check is null ? "none" : "passed",
            row.Seconds is { } seconds ? Duration.Text(TimeSpan.FromSeconds(seconds)) : "-",
            row.Title ?? "",
        ]));
        // How the tasks of this command have ended stands above; only that one will be tried again is news.
        var ended = report.Results.Where(row => row.State is "completed" or "failed" or "paused").Select(row => row.Task).ToHashSet();
        Skipped(ui, [.. report.BlockedTasks.Where(row => !ended.Contains(row.Task) || row.SkipReason is "failed_backoff")]);
        foreach (var given in report.Results.Where(row => row.IsGivenBack))
        {
            ui.Line($"{given.Task} was given back before its agent started: {given.Error}");
        }

        foreach (var failed in report.Results.Where(row => row.State is "failed"))
        {
            ui.Line($"{failed.Task} failed: {failed.Error}; see `village logs {failed.Task}`, then `village retry {failed.Task}`");
        }
    }
}
