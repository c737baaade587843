using System.CommandLine;
using Village.Errors;
using Village.Hosting;
using Village.Operations;
using Village.Tasks;

namespace Village.Commands.Tasks;

/// <summary><c>village task edit</c>.</summary>
internal static class TaskEditCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var ids = TaskChange.Tasks();
        var title = new Option<string?>("--title") { Description = "The new title" };
        var (description, acceptance, design, notes) = (TaskOptions.Description(), TaskOptions.Acceptance(), TaskOptions.Design(), TaskOptions.Notes());
        var (priority, type, assignee, due, defer) = (TaskOptions.Priority(), TaskOptions.Type(), TaskOptions.Assignee(), TaskOptions.Due(), TaskOptions.Defer());
        var estimate = TaskOptions.Estimate();
        var append = new Option<string?>("--append-notes") { Description = "A line to add to the notes" };
        var status = new Option<string?>("--status") { Description = "open, blocked, deferred, pinned, …; only open tasks are started" };
        var add = new Option<string[]>("--label", "-l") { Description = "A label to add. May be given again", AllowMultipleArgumentsPerToken = true };
        var remove = new Option<string[]>("--remove-label") { Description = "A label to take away. May be given again", AllowMultipleArgumentsPerToken = true };
        var set = new Option<string[]>("--set-metadata") { Description = "KEY=VALUE for other programs. May be given again" };
        var unset = new Option<string[]>("--unset-metadata") { Description = "A key to take away. May be given again" };
        var command = new VillageCommand("edit", "Change tasks; '' takes an assignee, a date or a text away")
        {
            Examples =
            [
                "village task edit bd-a3f --priority 0",
                "village task edit bd-a3f --label agent:build --title \"Better words\"",
                "village task edit bd-a3f --status blocked --append-notes \"waits for the key\"",
                "village task edit bd-a3f bd-b7c --label ui --remove-label later",
                "village task edit bd-a3f --defer 3d --set-metadata ticket=4711",
            ],
            ExitCodes = ["1  there is no such task", "3  a worker has it, or it is closed", "5  nothing to change was given"],
            Arguments = { ids },
            Options = { title, description, acceptance, design, notes, append, priority, type, status, assignee, due, defer, estimate, add, remove, set, unset },
        };
        command.SetAction((parse, ct) =>
        {
            if (command.Options.All(option => parse.GetResult(option) is not { Implicit: false }))
            {
                throw new VillageException(ErrorKind.UserInput, "there is nothing to change", "village task edit --help");
            }

            var now = app.Host.Clock.GetUtcNow();
            List<Func<TaskSpec, TaskSpec>> changes = [];
            void With(string? text, Func<TaskSpec, string, TaskSpec> change)
            {
                if (text is not null)
                {
                    changes.Add(task => change(task, text));
                }
            }

            With(parse.GetValue(title) is { } t ? TaskWords.Title(t) : null, (task, text) => task with { Title = text });
            With(TaskOptions.TextOf(app, parse.GetValue(description)), (task, text) => task with { Description = text });
            With(parse.GetValue(acceptance), (task, text) => task with { Acceptance = text });
            With(parse.GetValue(design), (task, text) => task with { Design = text });
            With(parse.GetValue(notes), (task, text) => task with { Notes = text });
            With(parse.GetValue(append), (task, text) => task with { Notes = task.Notes is "" ? text : $"{task.Notes}\n{text}" });
            With(parse.GetValue(priority) is { } p ? $"{TaskWords.Priority(p)}" : null, (task, text) => task with { Priority = text[0] - '0' });
            With(parse.GetValue(type) is { } k ? TaskWords.Type(k) : null, (task, text) => task with { Type = text });
            With(parse.GetValue(assignee)?.Trim(), (task, text) => task with { Assignee = text });
            With(parse.GetValue(due) is { } d ? TaskWords.Time("--due", d, now) : null, (task, text) => task with { DueAt = text });
            With(parse.GetValue(defer) is { } u ? TaskWords.Time("--defer", u, now) : null, (task, text) => task with { DeferUntil = text });
            With(parse.GetValue(estimate) is { } m ? m is "" ? "" : TaskWords.Estimate(m) : null, (task, text) => task.WithEstimate(text));
            IReadOnlyList<string> more = [.. (parse.GetValue(add) ?? []).Select(TaskWords.Label)];
            IReadOnlyList<string> fewer = parse.GetValue(remove) ?? [];
            changes.Add(task => task with { Labels = [.. task.Labels.Except(fewer).Union(more)] });
            changes.AddRange((parse.GetValue(set) ?? []).Select(Metadata));
            changes.AddRange((parse.GetValue(unset) ?? []).Select(key => (Func<TaskSpec, TaskSpec>)(task => TaskMetadata.Unset(task, key))));
            var word = parse.GetValue(status) is { } s ? TaskWords.Status(s) : null;
            return TaskChange.RunAsync(
                app, "task edit", parse.GetRequiredValue(ids),
                (village, task, _) => changes.Aggregate(word is null ? task : WithStatus(village, task, word), (changed, change) => change(changed)),
                "Changed", ct);
        });
        return command;
    }

    // Closing and opening again have rules, and commands, of their own.
    private static TaskSpec WithStatus(VillageContext village, TaskSpec task, string status)
    {
        if (status == task.Status)
        {
            return task;
        }

        if (status is "closed" || task.IsClosed)
        {
            throw new VillageException(
                ErrorKind.Blocked, status is "closed" ? "closing is not an edit" : $"'{task.Id}' is closed", $"village task {(status is "closed" ? "close" : "reopen")} {task.Id}");
        }

        TaskBook.RefuseHeld(village, task.Id);
        return task with { Status = status };
    }

    private static Func<TaskSpec, TaskSpec> Metadata(string text) =>
        text.Split('=', 2) is [var key, var value] && TaskMetadata.IsKey(key)
            ? task => TaskMetadata.Set(task, key, value)
            : throw new VillageException(
                ErrorKind.UserInput, $"--set-metadata: '{Printable.Line(text)}' is not KEY=VALUE", "keys are letters, digits, '_' and '.': ticket=4711");
}
