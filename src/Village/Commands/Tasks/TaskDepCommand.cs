using System.CommandLine;
using Village.Errors;
using Village.Hosting;
using Village.Operations;
using Village.Tasks;

namespace Village.Commands.Tasks;

/// <summary><c>village task dep</c>.</summary>
internal static class TaskDepCommand
{
    private static readonly string[] Known =
    [
        DependencyType.Blocks, DependencyType.ConditionalBlocks, DependencyType.WaitsFor, DependencyType.ParentChild, "related", "discovered-from",
        "relates-to", "replies-to", "duplicates", "supersedes", "authored-by", "assigned-to", "approved-by", "attests", "tracks", "until", "caused-by",
        "validates", "delegated-from",
    ];

    /// <summary>The command and its own four.</summary>
    public static Command Create(App app) => new VillageCommand("dep", "Say what must be done before what")
    {
        Examples = ["village task dep add bd-b7c bd-a3f"],
        Subcommands = { Add(app), Remove(app), TaskTreeCommands.CreateTree(app), TaskTreeCommands.CreateCycles(app) },
    };

    private static VillageCommand Add(App app)
    {
        var (id, target) = (CommonOptions.Task("The task that waits"), new Argument<string>("depends-on") { Description = "The task it waits for" });
        var type = new Option<string>("--type", "-t") { Description = "blocks, parent-child, related, …", DefaultValueFactory = _ => DependencyType.Blocks };
        var command = new VillageCommand("add", "Let a task wait for another")
        {
            Examples = ["village task dep add bd-b7c bd-a3f"],
            ExitCodes = ["1  there is no such task", "3  the two would wait for each other"],
            Arguments = { id, target },
            Options = { type },
        };
        command.SetAction((parse, ct) =>
        {
            var kind = parse.GetRequiredValue(type);
            if (!Known.Contains(kind, StringComparer.Ordinal))
            {
                throw new VillageException(ErrorKind.UserInput, $"--type: there is no type '{Printable.Line(kind)}'", Nearest.Of(kind, Known) is { } near ? $"did you mean '{near}'?" : $"one of: {string.Join(", ", Known)}");
            }

            TaskId.Parse(parse.GetRequiredValue(target));
            return TaskOptions.EditAsync(
                app, "task dep add", parse.GetRequiredValue(id), (village, task) => With(village, task, parse.GetRequiredValue(target), kind), "Changed", ct);
        });
        return command;
    }

    private static VillageCommand Remove(App app)
    {
        var (id, target) = (CommonOptions.Task("The task that waits"), new Argument<string>("depends-on") { Description = "The task it no longer waits for" });
        var command = new VillageCommand("remove", "Let a task no longer wait for another")
        {
            Examples = ["village task dep remove bd-b7c bd-a3f"],
            ExitCodes = ["1  there is no such task or no such dependency"],
            Arguments = { id, target },
        };
        command.SetAction((parse, ct) =>
        {
            var other = TaskId.Parse(parse.GetRequiredValue(target));
            return TaskOptions.EditAsync(
                app,
                "task dep remove",
                parse.GetRequiredValue(id),
                (village, task) =>
                {
                    var exact = task.Dependencies.Any(edge => edge.DependsOn.Equals(other.Value, StringComparison.OrdinalIgnoreCase))
                        ? other
                        : CommonOptions.Find(village, other.Value);
                    IReadOnlyList<TaskDependency> left =
                        [.. task.Dependencies.Where(edge => !edge.DependsOn.Equals(exact.Value, StringComparison.OrdinalIgnoreCase))];
                    return left.Count == task.Dependencies.Count
                        ? throw new VillageException(ErrorKind.NotFound, $"'{task.Id}' does not depend on '{exact}'", $"village task show {task.Id}")
                        : task with { Dependencies = left };
                },
                "Changed",
                ct);
        });
        return command;
    }

    private static TaskSpec With(VillageContext village, TaskSpec task, string target, string type)
    {
        var other = CommonOptions.Find(village, target);
        if (village.Tasks.Find(other) is null)
        {
            throw TaskOptions.Unknown(other);
        }

        if (TaskOptions.Graph(village).CycleThrough(task.Id, other, type) is { } cycle)
        {
            throw new VillageException(
                ErrorKind.Blocked, $"they would wait for each other: {string.Join(" → ", cycle.Append(cycle[0]))}", $"village task show {other}");
        }

        return task.Dependencies.Any(edge => edge.Type == type && edge.DependsOn.Equals(other.Value, StringComparison.OrdinalIgnoreCase))
            ? task
            : task with
            {
                Dependencies =
                [
                    .. task.Dependencies,
                    TaskBook.Edge(village, other, type),
                ],
            };
    }
}
