using System.CommandLine;
using Spectre.Console;
using Village.Errors;
using Village.Hosting;
using Village.Reports;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village ready</c>.</summary>
internal static class ReadyCommand
{
    private const int Shown = 5;

    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var command = new VillageCommand("ready", "Can this machine work now, and what to type next")
        {
            Examples = ["village ready", "village ready && village queue 3"],
            ExitCodes = ["2  something is missing first", "3  ready, but there is no work"],
        };
        command.SetAction(async (parse, ct) =>
        {
            var village = await app.LocateAsync(ct);
            var exists = Directory.Exists(village.StateDirectory);
            var report = ReadyReport.For(exists ? (await village.ObserveAsync(ct)).Snapshot : null) with { TaskStore = TaskStoreRow.Of(village.Tasks.Choice) };
            app.Ui.Answer(report, JsonContracts.Shapes.ReadyReport, r => Text(app.Ui, r));
            return (int)(report.Assessment switch
            {
                { Overall: "not_ready" } => ExitCode.NotReady,
                { WorkAvailable: false } => ExitCode.Blocked,
                _ => ExitCode.Success,
            });
        });
        return command;
    }

    private static void Text(Ui ui, ReadyReport report)
    {
        var a = report.Assessment;
        ui.Line($"Overall: {a.Overall.Replace('_', ' ').ToUpperInvariant()}");
        ui.Line($"{Mark(a.EnvironmentReady)} village    {(a.EnvironmentReady ? "is there" : "not made yet")}");
        ui.Line($"{Mark(a.RuntimeReady)} session    {(a.RuntimeReady ? "is running" : "is not running")}");
        ui.Line($"{Mark(report.TaskStore!.Kind is not "beads_file")} tasks      {(report.TaskStore.Kind is "embedded" ? "Village's own store" : "Beads")}: {report.TaskStore.Reason}{(report.TaskStore.Hint is { } hint ? $"; `{hint}`" : "")}");
        ui.Line($"{Mark(a.WorkAvailable)} work       {(a.WorkAvailable ? $"{a.ReadyTasksCount} ready" : "none is ready")}");
        Reliances(ui, report.Reliances);
        if (report.Actions is not [])
        {
            ui.Line("");
            ui.Table(["NEXT", "WHY"], report.Actions.Select(IReadOnlyList<Cell> (action) =>
                [new(action.Command, action.Blocking ? Color.Red : Color.Green), action.Reason + (action.Blocking ? " (needed first)" : "")]));
        }
    }

    /// <summary>Says which starts rest on the village's word alone.</summary>
    public static void Reliances(Ui ui, IReadOnlyList<Reliance> reliances)
    {
        if (reliances is [])
        {
            return;
        }

        ui.Line("");
        foreach (var reliance in reliances.Take(Shown))
        {
            ui.Line(reliance.Sentence);
        }

        if (reliances.Count > Shown)
        {
            ui.Line($"and {reliances.Count - Shown} more like these; --json lists them");
        }
    }

    private static string Mark(bool good) => good ? "✓" : "✗";
}
