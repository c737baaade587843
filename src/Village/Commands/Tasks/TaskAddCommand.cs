using System.CommandLine;
using Village.Errors;
using Village.Hosting;
using Village.Operations;
using Village.Tasks;

namespace Village.Commands.Tasks;

/// <summary><c>village task add</c>.</summary>
internal static class TaskAddCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var title = new Argument<string>("title") { Description = "One line that says what to do" };
        var (description, acceptance, priority, type) = (TaskOptions.Description(), TaskOptions.Acceptance(), TaskOptions.Priority(), TaskOptions.Type());
        var label = new Option<string[]>("--label", "-l") { Description = "A label; agent:NAME chooses the agent. May be given again", AllowMultipleArgumentsPerToken = true };
        var depends = new Option<string[]>("--depends-on") { Description = "A task that must be done first. May be given again", AllowMultipleArgumentsPerToken = true };
        var command = new VillageCommand("add", "Add a task; prints its id")
        {
            Examples =
            [
                "village task add \"Fix the login page\" --priority 1 --type bug",
                "village task add \"Write the docs\" --depends-on bd-a3f --label agent:writer",
                "village task add \"From a file\" --description - < notes.md",
            ],
            ExitCodes = ["1  a task it depends on does not exist"],
            Arguments = { title },
            Options = { description, acceptance, priority, type, label, depends },
        };
        command.SetAction(async (parse, ct) =>
        {
            var name = TaskOptions.ParseTitle(parse.GetRequiredValue(title));
            var level = parse.GetValue(priority) is { } p ? TaskOptions.ParsePriority(p) : 2;
            var kind = parse.GetValue(type) is { } t ? TaskOptions.ParseType(t) : "task";
            IReadOnlyList<string> labels = [.. (parse.GetValue(label) ?? []).Select(TaskOptions.ParseLabel)];
            var about = TaskOptions.TextOf(app, parse.GetValue(description)) ?? "";
            foreach (var text in parse.GetValue(depends) ?? [])
            {
                TaskId.Parse(text);
            }

            var village = await app.OpenAsync(ct);
            IReadOnlyList<TaskId> first = [.. (parse.GetValue(depends) ?? []).Select(text => CommonOptions.Find(village, text))];
            var task = Add(village, id => new TaskSpec
            {
                Id = id,
                Title = name,
                Description = about,
                Acceptance = parse.GetValue(acceptance) ?? "",
                Priority = level,
                Type = kind,
                Labels = labels,
                CreatedAt = TaskBook.Stamp(village),
                UpdatedAt = TaskBook.Stamp(village),
                CreatedBy = village.Host.Variable("USER") ?? "",
                Dependencies = [.. first.Distinct().Select(target => new TaskDependency(target.Value, DependencyType.Blocks)
                {
                    CreatedAt = TaskBook.Stamp(village), CreatedBy = village.Host.Variable("USER") ?? "",
                })],
            });
            TaskOptions.Answer(app, village, "task add", task, () => app.Ui.Line(task.Id.Value));
            return 0;
        });
        return command;
    }

    private static TaskSpec Add(VillageContext village, Func<TaskId, TaskSpec> make)
    {
        TaskSpec? added = null;
        using var guard = village.TakeGuard();
        village.Tasks.Change(all =>
        {
            var taken = all.Select(task => task.Id).Concat(Used(village)).ToHashSet();
            var draft = make(TaskId.Parse("draft"));
            foreach (var target in draft.Dependencies.Where(edge => !taken.Contains(TaskId.Parse(edge.DependsOn))))
            {
                throw new VillageException(ErrorKind.NotFound, $"there is no task '{target.DependsOn}' to depend on", "village task list");
            }

            added = make(TaskIds.Next(
                village.Config.TaskPrefix, draft.Title, draft.Description, draft.CreatedBy, village.Now,
                TaskIds.CountTopLevel(village.Config.TaskPrefix, taken), taken.Contains));

            // The event first, as with leases: when the command fails, the task is not there, and may be added again.
            village.Events.Append(new() { Ts = default, Cmd = "task add", Task = added.Id.Value, Result = "ok" });
            return [.. all, added];
        });
        return added!;
    }

    // An id that the log knows is never given again, even when its task is gone from the store.
    private static IEnumerable<TaskId> Used(VillageContext village) =>
        village.Events.Read().Tasks.Keys.Select(id => TaskId.TryParse(id, out var known) ? known : (TaskId?)null).OfType<TaskId>();
}
