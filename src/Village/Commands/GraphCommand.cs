using System.CommandLine;
using Spectre.Console;
using Village.Commands.Tasks;
using Village.Errors;
using Village.Graphs;
using Village.Hosting;
using Village.Leases;
using Village.Reports;
using Village.Scheduling;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village graph</c>.</summary>
internal static class GraphCommand
{
    private const int WidestBranches = 160;

    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var tasks = new Argument<string[]>("task") { Description = "Only these tasks and what must be done before them", Arity = ArgumentArity.ZeroOrMore };
        var dot = new Option<bool>("--dot") { Description = "Print it for Graphviz" };
        var mermaid = new Option<bool>("--mermaid") { Description = "Print it for Mermaid" };
        var all = new Option<bool>("--all", "-a") { Description = "Also closed tasks" };
        var command = new VillageCommand("graph", "Show which tasks wait for which, and how each of them stands")
        {
            Examples = ["village graph", "village graph bd-a3f8 --all", "village graph --dot | dot -Tsvg -o graph.svg", "village graph --mermaid"],
            ExitCodes = ["1  there is no such task"],
            Arguments = { tasks },
            Options = { dot, mermaid, all },
        };
        command.SetAction(async (parse, ct) =>
        {
            var (asDot, asMermaid) = (parse.GetValue(dot), parse.GetValue(mermaid));
            if ((asDot ? 1 : 0) + (asMermaid ? 1 : 0) + (app.Ui.Json ? 1 : 0) > 1)
            {
                throw new VillageException(ErrorKind.UserInput, "the graph is printed in one form at a time", "village graph --help");
            }

            var names = parse.GetValue(tasks) ?? [];
            foreach (var name in names)
            {
                TaskId.Parse(name);
            }

            var village = await app.OpenWithTasksAsync(ct);
            var picture = Picture(village, [.. names.Select(name => CommonOptions.Find(village, name))], parse.GetValue(all));
            app.Ui.Answer(GraphReport.For(picture), JsonContracts.Shapes.GraphReport, _ =>
            {
                if (asDot || asMermaid)
                {
                    app.Ui.Raw(asDot ? DotText.Of(picture) : MermaidText.Of(picture));
                    return;
                }

                Tree(app.Ui, picture);
            });
            return 0;
        });
        return command;
    }

    private static TaskPicture Picture(VillageContext village, IReadOnlyList<TaskId> wanted, bool all)
    {
        var ledger = village.Events.Read();
        var graph = village.GraphOf(ledger);
        if (wanted.Where(id => graph.Find(id) is null).Select(id => (TaskId?)id).FirstOrDefault() is { } unknown)
        {
            throw TaskOptions.Unknown(unknown);
        }

        var leases = village.Leases.ReadAll().Select(entry => entry.Lease).OfType<Lease>().ToLookup(lease => lease.Task, lease => lease.Agent);
        return TaskPicture.Of(graph, ledger, task => leases[task.Id].FirstOrDefault() ?? QueuePlan.AgentOf(task, village.Config), wanted, all);
    }

    private static void Tree(Ui ui, TaskPicture picture)
    {
        if (picture.Nodes is [])
        {
            ui.Line("No open tasks; `village graph --all` shows closed ones too");
            return;
        }

        foreach (var line in PictureTree.Lines(picture, ui.LineWidth is { } width ? Math.Max(8, width / 2) : WidestBranches))
        {
            var node = line.Node;
            var end = line.Mark switch { TreeMark.Above => "  (see above)", TreeMark.Circle => "  (a circle: it waits for itself)", _ => "" };
            var before = $"{line.Branches}{(line.IsForChildren ? "children of " : "")}{node.Task.Id}  ";
            var room = ui.LineWidth is { } columns ? Math.Max(12, columns - before.Length - node.Standing.Length - 2 - end.Length) : int.MaxValue;
            ui.Cells([before, new(PictureLabel.Clean(node.Standing), Colour(node)), $"  {(line.Mark is TreeMark.None ? PictureLabel.Shortened(node.Task.Title, room) : "")}".TrimEnd(), new(end, line.Mark is TreeMark.Circle ? Color.Red : Color.Grey)]);
        }
    }

    private static Color? Colour(PictureNode node) => node.Standing switch
    {
        "ready" => Color.Green,
        "failed" => Color.Red,
        "claimed" or "in_progress" or "paused" or "completed" => Color.Yellow,
        "closed" => Color.Grey,
        _ => node.IsInCircle ? Color.Red : null,
    };
}
