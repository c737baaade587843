using System.CommandLine;
using System.Globalization;
using Village.Hosting;
using Village.Operations;
using Village.Reports;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands.Trash;

/// <summary><c>village trash list</c>.</summary>
internal static class TrashListCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var task = new Argument<string?>("task") { Description = "Only what was taken from this task's workspace", Arity = ArgumentArity.ZeroOrOne };
        var command = new VillageCommand("list", "List what is kept, oldest first, with age and size")
        {
            Examples = ["village trash list", "village trash list bd-a3f8"],
            ExitCodes = ["1  there is no such task"],
            Arguments = { task },
        };
        command.SetAction(async (parse, ct) =>
        {
            var text = parse.GetValue(task);
            var wanted = text is null ? (TaskId?)null : TaskId.Parse(text);
            var village = await app.OpenAsync(ct);
            var rows = await TrashCan.ListAsync(village, wanted is null ? null : await CommonOptions.FindAsync(village, text!, ct), ct);
            app.Ui.Answer(new(rows, rows.Sum(row => row.Bytes)), JsonContracts.Shapes.TrashListReport, r => Text(app.Ui, village, r));
            return 0;
        });
        return command;
    }

    /// <summary>Bytes for people: <c>1.4 MB</c>.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1000 => $"{bytes} B",
        < 1_000_000 => (bytes / 1e3).ToString("0.0 kB", CultureInfo.InvariantCulture),
        < 1_000_000_000 => (bytes / 1e6).ToString("0.0 MB", CultureInfo.InvariantCulture),
        _ => (bytes / 1e9).ToString("0.0 GB", CultureInfo.InvariantCulture),
    };

    private static void Text(Ui ui, VillageContext village, TrashListReport report)
    {
        if (report.Trash is [])
        {
            ui.Line("The trash is empty");
            return;
        }

        ui.Table(["NAME", "SAVED", "FILES", "SIZE", "NOTE"], report.Trash.Select(IReadOnlyList<Cell> (row) =>
        [
            row.Name,
            CommonOptions.Ago(village, row.At),
            row.Files.ToString(CultureInfo.InvariantCulture),
            Size(row.Bytes),
            row.Kept is null ? "" : $"ignored files in {row.Kept}",
        ]));
        ui.Line($"{Size(report.Bytes)} in all. Look: village trash show {report.Trash[^1].Name}");
    }
}
