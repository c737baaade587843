using System.CommandLine;
using Village.Hosting;
using Village.Tasks;

namespace Village.Commands.Tasks;

/// <summary><c>village task show</c>.</summary>
internal static class TaskShowCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var id = CommonOptions.Task();
        var command = new VillageCommand("show", "Show a task")
        {
            Examples = ["village task show bd-a3f", "village task show a3f --json"],
            ExitCodes = ["1  there is no such task"],
            Arguments = { id },
        };
        command.SetAction(async (parse, ct) =>
        {
            var text = parse.GetRequiredValue(id);
            TaskId.Parse(text);
            var village = await app.OpenAsync(ct);
            var found = CommonOptions.Find(village, text);
            var task = village.Tasks.Find(found)
                ?? throw new Errors.VillageException(Errors.ErrorKind.NotFound, $"'{found}' is not in the task store any more", $"village state {found}");
            TaskOptions.Answer(app, village, "task show", task, () => Text(app, village, task));
            return 0;
        });
        return command;
    }

    private static void Text(App app, VillageContext village, TaskSpec task)
    {
        var row = TaskOptions.Row(village, task, TaskOptions.Graph(village));
        var ui = app.Ui;
        ui.Line($"{task.Id}  {task.Title}");
        ui.Line($"{task.Type}, priority {task.Priority}, {task.Status}, {row.State.Replace('_', ' ')}{(row.Ready && row.State is "queued" ? ", ready" : "")}");
        if (task.Labels is not [])
        {
            ui.Line($"labels: {string.Join(", ", task.Labels)}");
        }

        foreach (var edge in task.Dependencies)
        {
            ui.Line($"{edge.Type}: {edge.DependsOn}");
        }

        if (row.BlockedBy is not [])
        {
            ui.Line($"waits for: {string.Join(", ", row.BlockedBy)}");
        }

        Section(app, "Description", task.Description);
        Section(app, "Acceptance", task.Acceptance);
        Section(app, "Design", task.Design);
        Section(app, "Notes", task.Notes);
        if (task.IsClosed)
        {
            ui.Line("");
            ui.Line($"closed {task.ClosedAt}: {task.CloseReason}");
        }
    }

    private static void Section(App app, string title, string text)
    {
        if (text.Length > 0)
        {
            app.Ui.Line("");
            app.Ui.Line($"{title}:");
            app.Ui.Line(text);
        }
    }
}
