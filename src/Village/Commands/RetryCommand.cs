using System.CommandLine;
using Village.Hosting;
using Village.Operations;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village retry</c>.</summary>
internal static class RetryCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var task = CommonOptions.Task();
        var force = new Option<bool>("--force") { Description = "Also a completed task" };
        var command = new VillageCommand("retry", "Put a failed task back into the queue")
        {
            Examples = ["village retry bd-a3f8", "village retry bd-a3f8 --force && village queue 1"],
            ExitCodes = ["1  there is no such task", "3  it is neither failed nor, with --force, completed"],
            Arguments = { task },
            Options = { force },
        };
        command.SetAction(async (parse, ct) =>
        {
            var text = parse.GetRequiredValue(task);
            TaskId.Parse(text);
            var village = await app.OpenAsync(ct);
            var id = await CommonOptions.FindAsync(village, text, ct);
            var entry = Reopening.Retry(village, id, parse.GetValue(force));
            await SyncBeads.ReopenAsync(village, id, ct);
            app.Ui.Answer(
                new(id.Value, entry.State.Name(), "village queue 1"), JsonContracts.Shapes.RetryReport,
                r => app.Ui.Line($"{r.Task} is {r.State}; start it with `village queue 1` or `village resume {r.Task}`"));
            return 0;
        });
        return command;
    }
}
