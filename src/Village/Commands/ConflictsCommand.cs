using System.CommandLine;
using Spectre.Console;
using Village.Conflicts;
using Village.Errors;
using Village.Hosting;
using Village.Operations;
using Village.Reports;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village conflicts</c>.</summary>
internal static class ConflictsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var tasks = new Argument<string[]>("task") { Description = "Only pairs with one of these tasks", Arity = ArgumentArity.ZeroOrMore };
        var command = new VillageCommand("conflicts", "Show which tasks touch the same files, and whose work does not merge")
        {
            Examples = ["village conflicts", "village conflicts bd-a3f8", "village conflicts --json"],
            ExitCodes = ["1  there is no such task", "2  there is no village here"],
            Arguments = { tasks },
        };
        command.SetAction(async (parse, ct) =>
        {
            var village = await app.OpenAsync(ct);
            var (seen, _) = await village.ObserveAsync(ct);
            var wanted = parse.GetValue(tasks)!.Select(text => CommonOptions.Find(village, text).Value).ToHashSet(StringComparer.Ordinal);
            var matrix = await PredictConflicts.RunAsync(village, seen, new Dictionary<string, string>(), wanted, ct);
            foreach (var task in wanted.Where(task => matrix.Works.All(work => work.Task != task)).Order(StringComparer.Ordinal))
            {
                app.Ui.Warn($"{task} has no workspace yet, so nothing can be said about it");
            }

            foreach (var work in matrix.Works.Where(work => work.Problem is not null))
            {
                app.Ui.Warn($"{work.Task}: not all of its workspace could be looked at: {work.Problem}");
            }

            app.Ui.Answer(ConflictsReport.For(matrix, village.Config.BlockOnConflict), JsonContracts.Shapes.ConflictsReport, report => Text(app.Ui, report));
            return (int)ExitCode.Success;
        });
        return command;
    }

    /// <summary>The pairs as a table, a line each; a sentence when there are none.</summary>
    public static void Pairs(Ui ui, IReadOnlyList<PairRow> pairs)
    {
        if (pairs is [])
        {
            ui.Line("No two tasks touch the same file");
            return;
        }

        ui.Table(["TASKS", "KIND", "FILES"], pairs.Select(IReadOnlyList<Cell> (pair) =>
            pair.Conflicts is not []
                ? [string.Join(", ", pair.Tasks), new("conflict", Color.Red), ConflictMatrix.Listed(pair.Conflicts)]
                : [string.Join(", ", pair.Tasks), "overlap", ConflictMatrix.Listed(pair.Overlap)]));
    }

    private static void Text(Ui ui, ConflictsReport report)
    {
        if (report.Pairs is [])
        {
            var changed = report.Workspaces.Count(work => work.ChangedFiles is not []);
            ui.Line(changed < 2 ? "Nothing can conflict: fewer than two workspaces hold changes" : $"{changed} workspaces hold changes, and no two of them touch the same file");
            return;
        }

        var conflicts = report.Pairs.Count(pair => pair.Conflicts is not []);
        var others = report.Pairs.Count - conflicts;
        Pairs(ui, report.Pairs);
        ui.Line("");
        ui.Line($"{conflicts} {(conflicts is 1 ? "pair conflicts" : "pairs conflict")}, {others} only {(others is 1 ? "touches" : "touch")} the same files");
    }
}
