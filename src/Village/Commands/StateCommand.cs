using System.CommandLine;
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
        var task = CommonOptions.Task();
        var command = new VillageCommand("state", "Show where a task stands and how it came there")
        {
            Examples = ["village state bd-a3f8", "village state bd-a3f8 --json"],
            ExitCodes = ["1  there is no such task"],
            Arguments = { task },
        };
        command.SetAction(async (parse, ct) =>
        {
            var text = parse.GetRequiredValue(task);
            TaskId.Parse(text);
            var village = await app.OpenAsync(ct);
            var id = await CommonOptions.FindAsync(village, text, ct);
            var entry = village.Events.Read().Of(id);
            var live = village.Leases.Read(id) is { } lease && village.StatusOf(lease, session: null).IsHeld();
            var report = new StateReport(id.Value, entry.State.Name(), live, [.. village.Events.HistoryOf(id).Select(Change)]);
            app.Ui.Answer(report, JsonContracts.Shapes.StateReport, r => Text(app.Ui, r));
            return 0;
        });
        return command;
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
        ui.Line($"{report.Task} is {report.CurrentState}{gone}");
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
            change.Attempt?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "",
            string.Join(": ", new[] { change.Reason, change.Message, change.Trash }.OfType<string>()),
        ]));
    }
}
