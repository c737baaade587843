using System.CommandLine;
using Village.Hosting;
using Village.Reports;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands.Tasks;

/// <summary><c>village task dep tree</c> and <c>village task dep cycles</c>.</summary>
internal static class TaskTreeCommands
{
    /// <summary>The tree.</summary>
    public static VillageCommand CreateTree(App app)
    {
        var id = CommonOptions.Task();
        var up = new Option<bool>("--up") { Description = "What depends on the task, instead of what it depends on" };
        var command = new VillageCommand("tree", "Show what a task depends on, and what that depends on")
        {
            Examples = ["village task dep tree bd-a3f", "village task dep tree bd-a3f --up --json"],
            ExitCodes = ["1  there is no such task"],
            Arguments = { id },
            Options = { up },
        };
        command.SetAction(async (parse, ct) =>
        {
            var text = parse.GetRequiredValue(id);
            TaskId.Parse(text);
            var village = await app.OpenWithTasksAsync(ct);
            var root = CommonOptions.Find(village, text);
            var tree = village.Tasks.Find(root) is null ? throw TaskOptions.Unknown(root) : TaskTree.Of(village.Tasks.ReadAll(), root, parse.GetValue(up));
            app.Ui.Answer(TaskTreeReport.For(tree), JsonContracts.Shapes.TaskTreeReport, report => Text(app.Ui, report.Tasks));
            return 0;
        });
        return command;
    }

    /// <summary>The circles that only an import can bring.</summary>
    public static VillageCommand CreateCycles(App app)
    {
        var command = new VillageCommand("cycles", "List tasks that wait for each other in a circle, and so for ever") { Examples = ["village task dep cycles"] };
        command.SetAction(async (_, ct) =>
        {
            var village = await app.OpenWithTasksAsync(ct);
            var cycles = TaskOptions.Graph(village).Cycles.Select(IReadOnlyList<string> (cycle) => [.. cycle.Select(id => id.Value)]);
            app.Ui.Answer(new([.. cycles]), JsonContracts.Shapes.TaskCyclesReport, report =>
            {
                foreach (var cycle in report.Cycles)
                {
                    app.Ui.Line(string.Join(", ", cycle));
                }

                if (report.Cycles is [])
                {
                    app.Ui.Line("No task waits for itself");
                }
            });
            return 0;
        });
        return command;
    }

    private static void Text(Ui ui, IReadOnlyList<TreeRow> rows)
    {
        foreach (var row in rows)
        {
            var edge = row.Edge is null or DependencyType.Blocks ? "" : $"{row.Edge}: ";
            var status = row.Status is "open" ? "" : $" ({row.Status.Replace('_', ' ')})";
            ui.Line($"{new string(' ', 2 * row.Depth)}{edge}{row.Id}  {Printable.Line(row.Title)}{status}{(row.Truncated ? " …" : "")}");
        }
    }
}
