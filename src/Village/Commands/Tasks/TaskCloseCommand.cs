using System.CommandLine;
using Village.Errors;
using Village.Hosting;
using Village.Operations;
using Village.Tasks;

namespace Village.Commands.Tasks;

/// <summary><c>village task close</c>.</summary>
internal static class TaskCloseCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var ids = TaskChange.Tasks();
        var reason = new Option<string?>("--reason", "-r") { Description = "Why" };
        var force = new Option<bool>("--force") { Description = "Also when it waits for others, is pinned, or has open children" };
        var command = new VillageCommand("close", "Close tasks by hand; tasks that wait for them become ready")
        {
            Examples = ["village task close bd-a3f", "village task close bd-a3f bd-b7c --reason \"not needed any more\""],
            ExitCodes = ["1  there is no such task", "3  a worker has it, it waits for others, is pinned, or has open children"],
            Arguments = { ids },
            Options = { reason, force },
        };
        command.SetAction((parse, ct) => TaskChange.RunAsync(
            app,
            "task close",
            parse.GetRequiredValue(ids),
            (village, task, together) =>
            {
                TaskBook.RefuseHeld(village, task.Id);
                if (task.IsClosed)
                {
                    return task;
                }

                if (!parse.GetValue(force) && Objection(TaskOptions.Graph(village), task, together) is { } objection)
                {
                    throw new VillageException(ErrorKind.Blocked, $"'{task.Id}' {objection}", $"village task close {task.Id} --force");
                }

                return task with { Status = "closed", ClosedAt = TaskBook.Stamp(village), CloseReason = parse.GetValue(reason) ?? "Closed" };
            },
            "Closed",
            ct));
        return command;
    }

    // What holds back only its parent is no reason: a part may be done, or given up, before the whole may begin. What is closed by
    // the same command is none either, in whatever order.
    private static string? Objection(TaskGraph graph, TaskSpec task, IReadOnlySet<TaskId> together)
    {
        var open = graph.All.Where(other => !other.IsClosed && !together.Contains(other.Id)).ToList();
        var blockers = graph.DependsOn(task.Id).Where(id => open.Any(other => other.Id == id && !other.IsPinned)).ToList();
        var children = open.Where(other => other.Dependencies.Any(edge =>
            edge.Type is DependencyType.ParentChild && edge.DependsOn.Equals(task.Id.Value, StringComparison.OrdinalIgnoreCase))).ToList();
        return task.IsPinned ? "is pinned"
            : blockers is not [] ? $"is blocked by open tasks: {string.Join(", ", blockers)}"
            : task.IsEpic && children is not [] ? $"has open children: {string.Join(", ", children.Take(5).Select(child => child.Id))}"
            : null;
    }
}
