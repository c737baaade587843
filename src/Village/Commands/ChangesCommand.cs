using System.CommandLine;
using Village.Errors;
using Village.Hosting;
using Village.Reports;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village changes</c>.</summary>
internal static class ChangesCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var task = new Argument<string>("task") { Description = "The task" };
        var command = new VillageCommand("changes", "List the files that a task has changed in its workspace, committed or not")
        {
            Examples = ["village changes bd-a3f8", "village changes bd-a3f8 --json"],
            ExitCodes = ["1  there is no such task, or it has no workspace"],
            Arguments = { task },
        };
        command.SetAction(async (parse, ct) =>
        {
            var village = await app.OpenAsync(ct);
            var id = await CommonOptions.FindAsync(village, parse.GetValue(task)!, ct);
            var path = village.WorkspaceOf(id);
            if (village.Scm.IsVacant(path))
            {
                throw new VillageException(ErrorKind.NotFound, $"'{id}' has no workspace", $"village queue, or village state {id}");
            }

            var files = await village.Scm.ChangesAsync(path, village.Leases.Read(id)?.Base, village.Config.BaseBranch, ct);
            app.Ui.Answer(
                new ChangesReport(id.Value, [.. files.OrderBy(file => file.Path, StringComparer.Ordinal)]),
                JsonContracts.Shapes.ChangesReport,
                report => Text(app.Ui, report));
            return (int)ExitCode.Success;
        });
        return command;
    }

    private static void Text(Ui ui, ChangesReport report)
    {
        foreach (var file in report.Files)
        {
            ui.Line($"{file.Status} {Printable.Line(file.Path)}");
        }

        if (report.Files is [])
        {
            ui.Line($"{report.Task} has changed nothing");
        }
    }
}
