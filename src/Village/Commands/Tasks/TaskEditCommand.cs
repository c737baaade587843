using System.CommandLine;
using Village.Errors;
using Village.Hosting;

namespace Village.Commands.Tasks;

/// <summary><c>village task edit</c>.</summary>
internal static class TaskEditCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var id = CommonOptions.Task();
        var title = new Option<string?>("--title") { Description = "The new title" };
        var (description, acceptance, priority, type) = (TaskOptions.Description(), TaskOptions.Acceptance(), TaskOptions.Priority(), TaskOptions.Type());
        var add = new Option<string[]>("--label", "-l") { Description = "A label to add. May be given again", AllowMultipleArgumentsPerToken = true };
        var remove = new Option<string[]>("--remove-label") { Description = "A label to take away. May be given again", AllowMultipleArgumentsPerToken = true };
        var command = new VillageCommand("edit", "Change a task")
        {
            Examples = ["village task edit bd-a3f --priority 0", "village task edit bd-a3f --label agent:build --title \"Better words\""],
            ExitCodes = ["1  there is no such task", "5  nothing to change was given"],
            Arguments = { id },
            Options = { title, description, acceptance, priority, type, add, remove },
        };
        command.SetAction((parse, ct) =>
        {
            var name = parse.GetValue(title) is { } t ? TaskOptions.ParseTitle(t) : null;
            var level = parse.GetValue(priority) is { } p ? TaskOptions.ParsePriority(p) : (int?)null;
            var kind = parse.GetValue(type) is { } k ? TaskOptions.ParseType(k) : null;
            var about = TaskOptions.TextOf(app, parse.GetValue(description));
            var criteria = parse.GetValue(acceptance);
            IReadOnlyList<string> more = [.. (parse.GetValue(add) ?? []).Select(TaskOptions.ParseLabel)];
            IReadOnlyList<string> fewer = parse.GetValue(remove) ?? [];
            if (name is null && level is null && kind is null && about is null && criteria is null && more is [] && fewer is [])
            {
                throw new VillageException(ErrorKind.UserInput, "there is nothing to change", "village task edit --help");
            }

            return TaskOptions.EditAsync(
                app,
                "task edit",
                parse.GetRequiredValue(id),
                (_, task) => task with
                {
                    Title = name ?? task.Title,
                    Priority = level ?? task.Priority,
                    Type = kind ?? task.Type,
                    Description = about ?? task.Description,
                    Acceptance = criteria ?? task.Acceptance,
                    Labels = [.. task.Labels.Except(fewer).Union(more).Order(StringComparer.Ordinal)],
                },
                "Changed",
                ct);
        });
        return command;
    }
}
