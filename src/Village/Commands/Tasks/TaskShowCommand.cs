using System.CommandLine;
using Village.Hosting;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands.Tasks;

/// <summary><c>village task show</c>.</summary>
internal static class TaskShowCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var id = CommonOptions.Task();
        var command = new VillageCommand("show", "Show a task, what it waits for and what waits for it")
        {
            Examples = ["village task show bd-a3f", "village task show a3f --json"],
            ExitCodes = ["1  there is no such task"],
            Arguments = { id },
        };
        command.SetAction(async (parse, ct) =>
        {
            var text = parse.GetRequiredValue(id);
            TaskId.Parse(text);
            var village = await app.OpenWithTasksAsync(ct);
            var found = CommonOptions.Find(village, text);
            var task = village.Tasks.Find(found)
                ?? throw new Errors.VillageException(Errors.ErrorKind.NotFound, $"'{found}' is not in the task store any more", $"village state {found}");
            TaskOptions.Answer(app, village, "task show", task, () => Text(app.Ui, village, task));
            return 0;
        });
        return command;
    }

    private static void Text(Ui ui, VillageContext village, TaskSpec task)
    {
        var graph = TaskOptions.Graph(village);
        var row = TaskOptions.Rows(village, graph)(task);
        ui.Line($"{task.Id}  {task.Title}");
        ui.Line($"{task.Type}, priority {task.Priority}, {task.Status}, {row.State.Replace('_', ' ')}{(row.Ready && row.State is "queued" ? ", ready" : "")}");
        Field(ui, "labels", string.Join(", ", task.Labels));
        Field(ui, "assignee", task.Assignee);
        Field(ui, "deferred until", task.DeferUntil);
        Field(ui, "due", task.DueAt);
        Field(ui, "estimate", task.EstimatedMinutes is { } minutes ? $"{minutes} minute{(minutes is 1 ? "" : "s")}" : "");
        Field(ui, "metadata", task.Field("metadata") ?? "");
        foreach (var edge in task.Dependencies)
        {
            Field(ui, edge.Type, Named(graph, edge.DependsOn));
        }

        if (!row.Ready && graph.WhyNot(task.Id) is { } why && !task.IsClosed)
        {
            Field(ui, "not ready", why.Blockers is [] ? $"it {why.Text}" : $"waits for {string.Join(", ", why.Blockers)}");
        }

        foreach (var (other, type) in TaskTree.Dependents(village.Tasks.ReadAll())[task.Id])
        {
            Field(ui, type switch { DependencyType.ParentChild => "child", DependencyType.Blocks => "holds back", _ => $"{type} of" }, Named(graph, other.Value));
        }

        Section(ui, "Description", task.Description);
        Section(ui, "Acceptance", task.Acceptance);
        Section(ui, "Design", task.Design);
        Section(ui, "Notes", task.Notes);
        Section(ui, "Comments", string.Join('\n', TaskComments.Of(task).Select(comment => $"{Second(comment.CreatedAt)} {comment.Author}: {comment.Text}")));
        ui.Line("");
        ui.Line($"made {Second(task.CreatedAt)}{(task.CreatedBy is "" ? "" : $" by {task.CreatedBy}")}, changed {Second(task.UpdatedAt)}");
        if (task.IsClosed)
        {
            ui.Line($"closed {Second(task.ClosedAt)}: {task.CloseReason}");
        }
    }

    // Who reads a page has no use for parts of a second.
    private static string Second(string time) => TaskTime.Parse(time) is { } known ? TaskTime.Text(known.AddTicks(-(known.Ticks % TimeSpan.TicksPerSecond))) : time;

    private static string Named(TaskGraph graph, string id) => TaskId.TryParse(id, out var known) && graph.Find(known) is { } task
        ? $"{task.Id}  {task.Title}{(task.Status is "open" ? "" : $" ({task.Status.Replace('_', ' ')})")}"
        : $"{id}  (not here)";

    private static void Field(Ui ui, string name, string text)
    {
        if (text is not "")
        {
            ui.Paragraph($"{name}: {text}");
        }
    }

    private static void Section(Ui ui, string title, string text)
    {
        if (text.Length > 0)
        {
            ui.Line("");
            ui.Line($"{title}:");
            ui.Paragraph(text);
        }
    }
}
