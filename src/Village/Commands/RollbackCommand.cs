using System.CommandLine;
using Village.Hosting;
using Village.Operations;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village rollback</c>.</summary>
internal static class RollbackCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var task = CommonOptions.Task();
        var command = new VillageCommand("rollback", "Return a workspace to its branch; what it held goes to the trash")
        {
            Examples = ["village rollback bd-a3f8", "village rollback bd-a3f8 && village undo bd-a3f8"],
            ExitCodes = ["1  there is no such task or workspace", "3  a worker has it, or processes are in it"],
            Arguments = { task },
        };
        command.SetAction(async (parse, ct) =>
        {
            var text = parse.GetRequiredValue(task);
            TaskId.Parse(text);
            var village = await app.OpenAsync(ct);
            var report = await RollBack.ByHandAsync(village, await CommonOptions.FindAsync(village, text, ct), ct);
            app.Ui.Answer(report, JsonContracts.Shapes.RollbackReport, r => app.Ui.Line(r.Trash is null
                ? $"{r.Task}: nothing to save, nothing to take back"
                : $"{r.Task} is back on its branch; what it held is in {r.Trash}, and `village undo {r.Task}` brings it back"));
            return 0;
        });
        return command;
    }
}
