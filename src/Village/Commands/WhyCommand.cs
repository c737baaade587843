using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Village.Explaining;
using Village.Hosting;
using Village.Reports;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village why</c>.</summary>
internal static class WhyCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var task = CommonOptions.Task();
        var command = new VillageCommand("why", "Tell why a task stands as it stands, what holds it up, and what to type")
        {
            Examples = ["village why bd-a3f8", "village why bd-a3f8 --json"],
            ExitCodes = ["1  there is no such task"],
            Arguments = { task },
        };
        command.SetAction(async (parse, ct) =>
        {
            var text = parse.GetRequiredValue(task);
            var village = await app.OpenAsync(ct);
            var id = await CommonOptions.FindAsync(village, text, ct);
            var (seen, _) = await village.ObserveAsync(ct);
            var report = new Explain(seen, village.Config).Of(id, village.Events.HistoryOf(id, null));
            app.Ui.Answer(report, JsonContracts.Shapes.WhyReport, r => Text(app.Ui, village, r));
            return 0;
        });
        return command;
    }

    private static void Text(Ui ui, VillageContext village, WhyReport r)
    {
        var gone = r is { State: "in_progress" or "claimed", Worker: not { Status: "ACTIVE" or "UNKNOWN" } } ? ", but its worker is gone" : "";
        ui.Line($"{r.Task}{(r.Title is null ? "" : $"  {Printable.Line(r.Title)}")}");
        ui.Line($"{r.State.Replace('_', ' ')}{(r.Since is null ? "" : $", since {CommonOptions.Ago(village, r.Since)} by {r.By}")}{gone}{(Joined(r.Reason, r.Message) is { Length: > 0 } why ? $": {Printable.Line(why)}" : "")}");
        if (r.Worker is { Signal: { } signal, Status: "ACTIVE" or "UNKNOWN" } worker)
        {
            ui.Line($"its agent: {signal}{(worker.SignalMessage is { Length: > 0 } message ? $": {Printable.Line(message)}" : "")} ({worker.SignalSource}, {CommonOptions.Ago(village, worker.SignalAt)})");
        }

        ui.Line("");
        if (r.CanStart)
        {
            ui.Line("Nothing speaks against its start: village queue 1");
        }
        else
        {
            ui.Table(["IT DOES NOT START", "WHY", "NEXT"], r.Objections.Select(IReadOnlyList<Cell> (row) => [new(row.Reason!, Color.Yellow), row.Message, row.Next ?? "wait"]));
        }

        if (r.WaitsFor is not [])
        {
            ui.Line("");
            ui.Table(["WAITS FOR", "WHICH", "BECAUSE", "NEXT"], r.WaitsFor.Select(IReadOnlyList<Cell> (row) => [row.Task, row.Title ?? "", row.Message, row.Next ?? "wait"]));
        }

        if (r.WaitedForBy is not [])
        {
            ui.Line("");
            ui.Paragraph($"Waited for by: {string.Join(", ", r.WaitedForBy)}");
        }

        if (r.Attempts is not [])
        {
            ui.Line("");
            ui.Table(["ATTEMPT", "AGENT", "STARTED", "ENDED", "AS", "WHY"], r.Attempts.Select(IReadOnlyList<Cell> (row) =>
            [
                row.Attempt.ToString(CultureInfo.InvariantCulture),
                row.Agent ?? "-",
                row.Started is null ? "-" : CommonOptions.Ago(village, row.Started),
                row.Ended is null ? "-" : CommonOptions.Ago(village, row.Ended),
                row.State,
                Joined(row.Reason, row.Message),
            ]));
        }
    }

    private static string Joined(params string?[] parts) => string.Join(": ", parts.Where(part => part is { Length: > 0 }));
}
