using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Village.Events;
using Village.Hosting;
using Village.Reports;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands.Tasks;

/// <summary><c>village task list</c>, and its two most wanted halves: <c>ready</c> and <c>blocked</c>.</summary>
internal static class TaskListCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var all = new Option<bool>("--all", "-a") { Description = "Closed and pinned tasks too" };
        var ready = new Option<bool>("--ready") { Description = "Only tasks that may start" };
        var status = new Option<string[]>("--status") { Description = "Only this status; given again, any of them", AllowMultipleArgumentsPerToken = true };
        var command = new VillageCommand("list", "List open tasks, most urgent first")
        {
            Examples = ["village task list", "village task list --type bug --label ui", "village task list --search login --all --json"],
            Options = { all, ready, status },
        };
        return With(app, command, "task list", (parse, filter) => filter with { All = parse.GetValue(all), Statuses = [.. (parse.GetValue(status) ?? []).Select(TaskWords.Status)] }, (parse, seen, task) =>
            !parse.GetValue(ready) || seen.MayStart(task));
    }

    /// <summary><c>village task ready</c>.</summary>
    public static Command CreateReady(App app) => With(
        app,
        new VillageCommand("ready", "List the tasks that may start, in the order in which they would")
        {
            Examples = ["village task ready", "village task ready --agent build --json"],
        },
        "task ready",
        (_, filter) => filter with { Statuses = ["open"] },
        (_, seen, task) => seen.MayStart(task));

    /// <summary><c>village task blocked</c>.</summary>
    public static Command CreateBlocked(App app) => With(
        app,
        new VillageCommand("blocked", "List the tasks that wait for others, and for which")
        {
            Examples = ["village task blocked", "village task blocked --parent bd-e1 --json"],
        },
        "task blocked",
        (_, filter) => filter,
        (_, seen, task) => seen.Graph.IsBlocked(task.Id));

    private static VillageCommand With(
        App app, VillageCommand command, string name, Func<ParseResult, TaskFilter, TaskFilter> narrow, Func<ParseResult, Seen, TaskSpec, bool> isWanted)
    {
        var options = new TaskFilterOptions();
        options.AddTo(command);
        command.SetAction(async (parse, ct) =>
        {
            var filter = narrow(parse, options.Parse(parse));
            var village = await app.OpenWithTasksAsync(ct);
            var tasks = village.Tasks.ReadAll();
            var graph = TaskOptions.Graph(village);
            var seen = new Seen(graph, village.Events.Read());

            // What nobody will see is neither sorted nor described.
            var rows = options.Of(parse, village, filter, tasks, task => isWanted(parse, seen, task)).Take(options.Limit(parse)).Select(TaskOptions.Rows(village, graph));
            app.Ui.Answer(TaskListReport.For(name, [.. rows]), JsonContracts.Shapes.TaskListReport, report => Text(app.Ui, report.Tasks, tasks.Count));
            return 0;
        });
        return command;
    }

    private sealed record Seen(TaskGraph Graph, Ledger Ledger)
    {
        public bool MayStart(TaskSpec task) => Graph.IsReady(task.Id) && Ledger.Of(task.Id).State is TaskState.Queued;
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
        { Status: "open", Type: "epic" or "gate" or "molecule" or "message" } => new(row.Type),
        { Status: "open" } => new("deferred"),
        _ => new(row.Status),
    };
}
