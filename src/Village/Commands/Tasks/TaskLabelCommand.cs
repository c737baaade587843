using System.CommandLine;
using System.Globalization;
using Village.Hosting;
using Village.Reports;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands.Tasks;

/// <summary><c>village task label</c>.</summary>
internal static class TaskLabelCommand
{
    /// <summary>The command and its own three.</summary>
    public static Command Create(App app) => new VillageCommand("label", "Label tasks, and see which labels there are")
    {
        Examples = ["village task label add bd-a3f agent:build ui"],
        Subcommands =
        {
            Change(app, "add", "Add labels to a task; agent:NAME chooses its agent", (labels, more) => [.. labels.Union(more)]),
            Change(app, "remove", "Take labels away from a task", (labels, fewer) => [.. labels.Except(fewer)]),
            List(app),
        },
    };

    private static VillageCommand Change(
        App app, string name, string description, Func<IReadOnlyList<string>, IReadOnlyList<string>, IReadOnlyList<string>> change)
    {
        var id = CommonOptions.Task();
        var label = new Argument<string[]>("label") { Description = "One or more labels", Arity = ArgumentArity.OneOrMore };
        var command = new VillageCommand(name, description)
        {
            Examples = [$"village task label {name} bd-a3f agent:build ui"],
            ExitCodes = ["1  there is no such task"],
            Arguments = { id, label },
        };
        command.SetAction((parse, ct) =>
        {
            IReadOnlyList<string> labels = [.. parse.GetRequiredValue(label).Select(TaskWords.Label)];
            return TaskOptions.EditAsync(
                app, $"task label {name}", parse.GetRequiredValue(id), (_, task) => task with { Labels = change(task.Labels, labels) }, "Changed", ct);
        });
        return command;
    }

    private static VillageCommand List(App app)
    {
        var command = new VillageCommand("list", "List every label, and how many tasks have it") { Examples = ["village task label list", "village task label list --json"] };
        command.SetAction(async (_, ct) =>
        {
            var village = await app.OpenWithTasksAsync(ct);
            var labels =
                from task in village.Tasks.ReadAll()
                from label in task.Labels
                group task by label into tasks
                orderby tasks.Key
                select new LabelRow(tasks.Key, tasks.Count(task => !task.IsClosed), tasks.Count(task => task.IsClosed));
            app.Ui.Answer(new([.. labels.OrderBy(row => row.Label, StringComparer.Ordinal)]), JsonContracts.Shapes.TaskLabelsReport, report => Text(app.Ui, report.Labels));
            return 0;
        });
        return command;
    }

    private static void Text(Ui ui, IReadOnlyList<LabelRow> labels)
    {
        if (labels is [])
        {
            ui.Line("No labels; add one with `village task label add TASK LABEL`");
            return;
        }

        ui.Table(["LABEL", "OPEN", "CLOSED"], labels.Select(IReadOnlyList<Cell> (row) =>
            [row.Label, row.Open.ToString(CultureInfo.InvariantCulture), row.Closed.ToString(CultureInfo.InvariantCulture)]));
    }
}
