using System.CommandLine;
using Village.Errors;
using Village.Hosting;
using Village.Operations;
using Village.Reports;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands.Tasks;

/// <summary><c>village task import</c> and <c>village task export</c>.</summary>
internal static class TaskExchangeCommands
{
    /// <summary>The import.</summary>
    public static Command CreateImport(App app)
    {
        var file = new Argument<string>("file") { Description = "A file of Beads, of any version; '-' reads standard input" };
        var plan = CommonOptions.Plan("Only say what would change");
        var command = new VillageCommand("import", "Take tasks over from a file of Beads: all of them or none")
        {
            Examples = ["village task import .beads/issues.jsonl --plan", "village task import .beads/issues.jsonl"],
            ExitCodes = ["5  a line cannot be understood; nothing is imported then"],
            Arguments = { file },
            Options = { plan },
        };
        command.SetAction(async (parse, ct) =>
        {
            var name = parse.GetRequiredValue(file);
            var bytes = name is "-"
                ? System.Text.Encoding.UTF8.GetBytes(app.Host.In.ReadToEnd())
                : ExchangeTasks.Read(Path.GetFullPath(name, app.Host.WorkingDirectory), "village task import .beads/issues.jsonl");
            var isPlan = parse.GetValue(plan);
            var village = await app.OpenAsync(ct);
            var report = TaskImportReport.For(ExchangeTasks.Import(village, name, bytes, isPlan), isPlan);
            app.Ui.Answer(report, JsonContracts.Shapes.TaskImportReport, r => Text(app.Ui, r));
            return 0;
        });
        return command;
    }

    /// <summary>The export.</summary>
    public static Command CreateExport(App app)
    {
        var output = new Option<string?>("--output", "-o") { Description = "The file to write, whole or not at all; otherwise standard output" };
        var dialect = new Option<string>("--dialect") { Description = "modern (Beads from 0.61) or classic (before)", DefaultValueFactory = _ => "modern" };
        var command = new VillageCommand("export", "Write all tasks as Beads reads them")
        {
            Examples = ["village task export > issues.jsonl", "village task export --dialect classic --output .beads/issues.jsonl"],
            Options = { output, dialect },
        };
        command.SetAction(async (parse, ct) =>
        {
            var word = parse.GetRequiredValue(dialect);
            var kind = word is "modern" ? TaskDialect.Modern : word is "classic" ? TaskDialect.Classic
                : throw new VillageException(ErrorKind.UserInput, $"--dialect: there is no dialect '{Printable.Line(word)}'", "modern, classic");
            var path = parse.GetValue(output) is { } name ? Path.GetFullPath(name, app.Host.WorkingDirectory) : null;
            var village = await app.OpenWithTasksAsync(ct);
            var (bytes, count) = ExchangeTasks.Export(village, kind);
            if (path is not null)
            {
                ExchangeTasks.Write(village, path, bytes);
                app.Ui.Answer(new(path, word, count, Lines: null), JsonContracts.Shapes.TaskExportReport, _ => app.Ui.Line($"Wrote {count} tasks to {path}"));
            }
            else if (app.Ui.Json)
            {
                var lines = System.Text.Encoding.UTF8.GetString(bytes.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries);
                app.Ui.Answer(new(Path: null, word, count, lines), JsonContracts.Shapes.TaskExportReport, _ => { });
            }
            else
            {
                app.Ui.Bytes(bytes.Span);
            }

            return 0;
        });
        return command;
    }

    private static void Text(Ui ui, TaskImportReport report)
    {
        foreach (var warning in report.Warnings)
        {
            ui.Warn(warning);
        }

        var verb = report.DryRun ? "Would import" : "Imported";
        ui.Line($"{verb}: {report.Created.Count} new, {report.Updated.Count} changed, {report.Deleted.Count} deleted; "
            + $"{report.Unchanged} as they were, {report.SkippedStale.Count} newer here");
    }
}
