using System.CommandLine;
using Village.Hosting;
using Village.Operations;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village pause</c>.</summary>
internal static class PauseCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var task = CommonOptions.Task();
        var release = new Option<bool>("--release") { Description = "End the agent and free its slot; its work and its conversation are kept" };
        var command = new VillageCommand("pause", "Stop the agent of a task where it stands, until resume-task")
        {
            Examples = ["village pause bd-a3f8", "village pause bd-a3f8 --release && village queue 1"],
            ExitCodes = ["1  there is no such task", "3  nobody works on it, or it is paused already"],
            Arguments = { task },
            Options = { release },
        };
        command.SetAction(async (parse, ct) =>
        {
            var village = await app.OpenAsync(ct);
            var id = await CommonOptions.FindAsync(village, parse.GetRequiredValue(task), ct);
            var report = parse.GetValue(release) ? await PauseTask.ReleaseAsync(village, id, ct) : await PauseTask.StopAsync(village, id, ct);
            app.Ui.Answer(report, JsonContracts.Shapes.PauseReport, r =>
            {
                app.Ui.Line(r.Released ? $"{r.Task} is paused: its agent has ended, and its slot is free"
                    : r.Stopped ? $"{r.Task} is paused: all its processes stand still, and it keeps its slot"
                    : $"{r.Task} is paused: its workspace is still being prepared; its agent will stand still as soon as it has started");
                app.Ui.Line($"Next: {r.Next}");
            });
            return 0;
        });
        return command;
    }
}
