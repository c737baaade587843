using System.CommandLine;
using Village.Errors;
using Village.Hosting;
using Village.Operations;
using Village.Reports;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village sync</c>.</summary>
internal static class SyncCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var toBeads = new Option<bool>("--to-beads") { Description = "Write the states of Village's tasks to Beads" };
        var plan = new Option<bool>("--plan", "--dry-run") { Description = "Only say what would be written" };
        var command = new VillageCommand("sync", "Tell Beads how the tasks stand; a second run writes nothing")
        {
            Examples = ["village sync --to-beads --plan", "village sync --to-beads", "village sync --to-beads --json"],
            ExitCodes = ["2  bd is missing, or too old", "4  bd failed for some of them; try again"],
            Options = { toBeads, plan },
        };
        command.SetAction(async (parse, ct) =>
        {
            if (!parse.GetValue(toBeads))
            {
                throw new VillageException(ErrorKind.UserInput, "say where to", "village sync --to-beads");
            }

            var village = await app.OpenAsync(ct);
            var report = await SyncBeads.RunAsync(village, parse.GetValue(plan), app.Ui.Progress, ct);
            app.Ui.Answer(report, JsonContracts.Shapes.SyncReport, r => Text(app.Ui, r, village.Tasks.IsEmbedded));
            return (int)(report.HasErrors ? ExitCode.Partial : ExitCode.Success);
        });
        return command;
    }

    private static void Text(Ui ui, SyncReport report, bool isEmbedded)
    {
        var told = report.Tasks.Where(row => row.Action is not "none").ToList();
        if (told is not [])
        {
            ui.Table(["TASK", "VILLAGE", "BEADS", "ACTION", "WHY"], told.Select(IReadOnlyList<Cell> (row) =>
                [row.Task, row.VillageState, row.BeadsBefore == row.BeadsAfter ? row.BeadsBefore : $"{row.BeadsBefore} → {row.BeadsAfter}", row.Action, row.Message]));
            return;
        }

        ui.Line(isEmbedded ? "The tasks are in Village's own store: there is nothing to tell" : "Beads knows everything already");
    }
}
