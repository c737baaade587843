using System.CommandLine;
using Village.Hosting;
using Village.Operations;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village undo</c>.</summary>
internal static class UndoCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var task = new Argument<string?>("task") { Description = "The task; the last step of any task otherwise", Arity = ArgumentArity.ZeroOrOne };
        var skip = new Option<bool>("--skip") { Description = "Only pass the last step over: what it took stays in the trash" };
        var command = new VillageCommand("undo", "Bring back what the last rollback, cleanup or unlock took; again for the one before")
        {
            Examples = ["village undo", "village undo bd-a3f8", "village undo bd-a3f8 --skip"],
            ExitCodes = ["1  there is no such task", "3  a worker has the task, or something would be overwritten"],
            Arguments = { task },
            Options = { skip },
        };
        command.SetAction(async (parse, ct) =>
        {
            var text = parse.GetValue(task);
            var wanted = text is null ? (TaskId?)null : TaskId.Parse(text);
            var village = await app.OpenAsync(ct);
            var report = await UndoLast.RunAsync(village, wanted is null ? null : await CommonOptions.FindAsync(village, text!, ct), parse.GetValue(skip), ct);
            app.Ui.Answer(report, JsonContracts.Shapes.UndoReport, r =>
            {
                app.Ui.Line(r.Undid is null ? "Nothing to undo" : $"{r.Task}: {(r.Undid is "skipped" ? "passed over" : "undid")} {r.Step}, {CommonOptions.Ago(village, r.At)}");
                if (r.Saved is not null)
                {
                    app.Ui.Line($"What was in the workspace is in {r.Saved}");
                }
            });
            return 0;
        });
        return command;
    }
}
