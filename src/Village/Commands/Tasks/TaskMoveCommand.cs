using System.CommandLine;
using Village.Errors;
using Village.Hosting;
using Village.Operations;
using Village.Reports;
using Village.Terminal;

namespace Village.Commands.Tasks;

/// <summary><c>village task move</c>.</summary>
internal static class TaskMoveCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var to = new Option<string>("--to") { Description = "beads or embedded", Required = true };
        var plan = CommonOptions.Plan("Only say what would be moved, and what the other store cannot keep");
        var command = new VillageCommand("move", "Move all tasks to the other store; they are compared there, and the old store is kept")
        {
            Examples = ["village task move --to beads --plan", "village task move --to beads", "village task move --to embedded"],
            ExitCodes = ["2  there is no database of Beads, or no bd", "3  a worker is at work, or tasks differ between the two"],
            Options = { to, plan },
        };
        command.SetAction(async (parse, ct) =>
        {
            var word = parse.GetRequiredValue(to).ToLowerInvariant();
            if (word is not ("beads" or "embedded"))
            {
                throw new VillageException(ErrorKind.UserInput, $"--to: there is no store '{Printable.Line(word)}'", "beads, embedded");
            }

            var village = await app.OpenAsync(ct);
            var report = word is "beads"
                ? await MoveTasks.ToBeadsAsync(village, parse.GetValue(plan), app.Ui.Progress, ct)
                : await MoveTasks.ToEmbeddedAsync(village, parse.GetValue(plan), app.Ui.Progress, ct);
            app.Ui.Answer(report, JsonContracts.Shapes.TaskMoveReport, r => Text(app.Ui, r));
            return 0;
        });
        return command;
    }

    private static void Text(Ui ui, TaskMoveReport report)
    {
        foreach (var warning in report.Warnings)
        {
            ui.Warn(warning);
        }

        ui.Line($"{(report.DryRun ? "Would move" : "Moved")} {report.Moved} task{(report.Moved is 1 ? "" : "s")} to {(report.To is "beads" ? "Beads" : ".village/tasks.jsonl")}");
        if (report is { DryRun: false, Kept: { } kept })
        {
            ui.Line($"The old store is kept in {kept}");
        }
    }
}
