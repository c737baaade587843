using System.CommandLine;
using Village.Hosting;
using Village.Operations;
using Village.Reports;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village down</c>.</summary>
internal static class DownCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var force = new Option<bool>("--force") { Description = "Park live workers first; `village resume` goes on with them" };
        var command = new VillageCommand("down", "End the tmux session; tasks, workspaces and branches stay")
        {
            Examples = ["village down", "village down --force"],
            ExitCodes = ["3  workers are active"],
            Options = { force },
        };
        command.SetAction(async (parse, ct) =>
        {
            var village = await app.OpenAsync(ct);
            var report = await TakeDown.RunAsync(village, parse.GetValue(force), ct);
            app.Ui.Answer(report, JsonContracts.Shapes.DownReport, r => Text(app.Ui, r));
            return 0;
        });
        return command;
    }

    private static void Text(Ui ui, DownReport report)
    {
        foreach (var task in report.Parked)
        {
            ui.Line($"Parked {task}; go on with `village resume {task}`");
        }

        ui.Line(report.Stopped ? $"Ended the session '{report.Session}'" : $"The session '{report.Session}' was not running");
    }
}
