using System.CommandLine;
using System.Globalization;
using Village.Events;
using Village.Hosting;
using Village.Leases;
using Village.Reports;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village state</c>.</summary>
internal static class StateCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var task = new Argument<string?>("task") { Description = "The task's id, or a part of it that only this task has; without it, all tasks", Arity = ArgumentArity.ZeroOrOne };
        var at = new Option<string?>("--at") { Description = "As it was at this time: 2026-01-22, 2026-01-22T10:41, 2026-01-22T10:41:12+01:00 (UTC without a zone), or so long ago: 90m, 8h" };
        var command = new VillageCommand("state", "Show where tasks stand, or stood, and how one came there")
        {
            Examples = ["village state bd-a3f8", "village state bd-a3f8 --json", "village state --at 2026-01-22T10:41"],
            ExitCodes = ["1  there is no such task"],
            Arguments = { task },
            Options = { at },
        };
        command.SetAction(async (parse, ct) =>
        {
            var time = parse.GetValue(at) is { } then ? CommonOptions.Time(app, then, "--at", "for example: village state --at 2026-01-22T10:41") : (DateTimeOffset?)null;
            if (parse.GetValue(task) is not { } text)
            {
                var ledger = (await app.OpenAsync(ct)).Events.ReadAt(time);
                app.Ui.Answer(StatesReport.Of(ledger, time), JsonContracts.Shapes.StatesReport, r => Text(app.Ui, r));
                return 0;
            }

            TaskId.Parse(text);
            var village = await app.OpenAsync(ct);
            var id = await CommonOptions.FindAsync(village, text, ct);
            app.Ui.Answer(Of(village, id, time), JsonContracts.Shapes.StateReport, r => Text(app.Ui, r));
            return 0;
        });
        return command;
    }

    // Whether a worker lived at an earlier time, nobody can tell.
    private static StateReport Of(VillageContext village, TaskId id, DateTimeOffset? at)
    {
        var history = village.Events.HistoryOf(id, at).ToList();
        bool? live = at is null ? village.Leases.Read(id) is { } lease && village.StatusOf(lease, session: null).IsHeld() : null;
        var state = at is null ? village.Events.Read().Of(id).State : history is [.., var last] ? last.To!.Value : TaskState.Queued;
        return new(id.Value, state.Name(), live, at, [.. history.Select(Change)]);
    }

    private static StateChange Change(VillageEvent e) => new()
    {
        Ts = e.Ts,
        FromState = e.From?.Name(),
        ToState = e.To!.Value.Name(),
        Cmd = e.Cmd,
        Actor = e.Actor,
        Reason = e.Reason,
        Message = e.Message,
        Attempt = e.Attempt,
        Agent = e.Agent,
        Commit = e.Commit,
        Trash = e.Trash,
    };

    private static void Text(Ui ui, StateReport report)
    {
        var gone = report is { Live: false, CurrentState: "in_progress" or "claimed" } ? " (no living worker)" : "";
        ui.Line($"{report.Task} {(report.At is { } at ? $"was {report.CurrentState} at {Ui.Time(at)}" : $"is {report.CurrentState}{gone}")}");
        if (report.History is [])
        {
            return;
        }

        ui.Line("");
        ui.Table(["TIME", "FROM", "TO", "BY", "ATTEMPT", "WHY"], report.History.Select(IReadOnlyList<Cell> (change) =>
        [
            Ui.Time(change.Ts),
            change.FromState ?? "-",
            change.ToState,
            $"{change.Cmd}{(change.Actor is null ? "" : $" ({change.Actor})")}",
            change.Attempt?.ToString(CultureInfo.InvariantCulture) ?? "",
            string.Join(": ", new[] { change.Reason, change.Message, change.Trash }.OfType<string>()),
        ]));
    }

    private static void Text(Ui ui, StatesReport report)
    {
        var s = report.States;
        ui.Line($"{(report.At is { } at ? $"At {Ui.Time(at)}" : "Now")}: {s.InProgress} in progress, {s.Claimed} claimed, {s.Paused} paused, {s.Completed} completed, {s.Failed} failed, {s.Queued} back in the queue");
        if (report.Tasks is [])
        {
            ui.Line("No task had been worked on");
            return;
        }

        ui.Line("");
        ui.Table(["TASK", "STATE", "SINCE", "ATTEMPT", "AGENT", "NOTE"], report.Tasks.Select(IReadOnlyList<Cell> (row) =>
        [
            row.Task,
            row.State,
            row.Since is { } since ? Ui.Time(since) : "-",
            row.Attempt.ToString(CultureInfo.InvariantCulture),
            row.Agent ?? "-",
            string.Join(": ", new[] { row.Signal, row.SignalMessage, row.Reason, row.Message }.OfType<string>()),
        ]));
    }
}
