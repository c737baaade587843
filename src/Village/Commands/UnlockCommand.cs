using System.CommandLine;
using Village.Hosting;
using Village.Operations;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village unlock</c>.</summary>
internal static class UnlockCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var task = CommonOptions.Task("The task whose lock is removed");
        var force = new Option<bool>("--force") { Description = "Also a corrupt lock, or that of a living worker, which is ended" };
        var command = new VillageCommand("unlock", "Remove the lock of a task whose worker is gone")
        {
            Examples = ["village unlock bd-a3f8", "village unlock bd-a3f8 --force"],
            ExitCodes = ["1  there is no such lock", "3  its worker is alive, or the file is corrupt, and --force was not given"],
            Arguments = { task },
            Options = { force },
        };
        command.SetAction(async (parse, ct) =>
        {
            var id = TaskId.Parse(parse.GetRequiredValue(task));
            var village = await app.OpenAsync(ct);
            var report = await Unlock.RunAsync(village, id, parse.GetValue(force), ct);
            app.Ui.Answer(report, JsonContracts.Shapes.UnlockReport, r =>
            {
                app.Ui.Line($"Removed the lock of {r.Task} (it was {r.Status})");
                if (r.Ended is not [])
                {
                    app.Ui.Line($"Ended its processes: {string.Join(", ", r.Ended)}");
                }
            });
            return 0;
        });
        return command;
    }
}
