using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Village.Hosting;
using Village.Reports;
using Village.Terminal;

namespace Village.Commands.Tasks;

/// <summary><c>village task list</c>.</summary>
internal static class TaskListCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var all = new Option<bool>("--all", "-a") { Description = "Closed tasks too" };
        var ready = new Option<bool>("--ready") { Description = "Only tasks that may start" };
        var label = new Option<string?>("--label", "-l") { Description = "Only tasks with this label" };
        var command = new VillageCommand("list", "List open tasks, most urgent first")
        {
            Examples = ["village task list", "village task list --ready", "village task list --all --json"],
            Options = { all, ready, label },
        };
        command.SetAction(async (parse, ct) =>
        {
            var village = await app.OpenAsync(ct);
            var graph = TaskOptions.Graph(village);
            var rows = village.Tasks.ReadAll()
                .Where(task => parse.GetValue(all) || !task.IsClosed)
                .Where(task => parse.GetValue(label) is not { } wanted || task.Labels.Contains(wanted))
                .OrderBy(task => task.IsClosed)
                .ThenBy(task => task.Priority)
                .ThenBy(task => task.CreatedTime)
                .ThenBy(task => task.Id)
                .Select(task => TaskOptions.Row(village, task, graph))
                .Where(row => !parse.GetValue(ready) || (row.Ready && row.State is "queued"));
            app.Ui.Answer(new([.. rows]), JsonContracts.Shapes.TaskListReport, r => Text(app.Ui, r.Tasks, village.Tasks.ReadAll().Count));
            return 0;
        });
        return command;
    }

    private static void Text(Ui ui, IReadOnlyList<TaskRow> rows, int all)
    {
        if (rows is [])
        {
            ui.Line(all is 0 ? "No tasks; add one with `village task add \"what to do\"`" : $"None of {all} tasks; `village task list --all` shows closed ones too");
            return;
        }

        ui.Table(["TASK", "P", "TYPE", "STATE", "TITLE"], rows.Select(IReadOnlyList<Cell> (row) =>
        [
            row.Id,
            row.Priority.ToString(CultureInfo.InvariantCulture),
            row.Type,
            State(row),
            row.BlockedBy is [] ? row.Title : $"{row.Title} (after {string.Join(", ", row.BlockedBy)})",
        ]));
    }

    private static Cell State(TaskRow row) => row switch
    {
        { State: "failed" } => new("failed", Color.Red),
        { Status: "closed" } => new("closed", Color.Grey),
        { State: not "queued" } => new(row.State, Color.Yellow),
        { Ready: true } => new("ready", Color.Green),
        { BlockedBy: [_, ..] } => new("waiting"),
        _ => new(row.Status),
    };
}
