using System.CommandLine;
using Village.Errors;
using Village.Hosting;
using Village.Tasks;

namespace Village.Commands.Tasks;

/// <summary><c>village task reopen</c>.</summary>
internal static class TaskReopenCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var ids = TaskChange.Tasks();
        var command = new VillageCommand("reopen", "Open closed tasks again")
        {
            Examples = ["village task reopen bd-a3f", "village task reopen bd-a3f bd-b7c"],
            ExitCodes = ["1  there is no such task", "3  Village completed it: `village retry TASK --force` runs it again"],
            Arguments = { ids },
        };
        command.SetAction((parse, ct) => TaskChange.RunAsync(
            app,
            "task reopen",
            parse.GetRequiredValue(ids),
            (village, task, _) => village.Events.Read().Of(task.Id).State is TaskState.Completed
                ? throw new VillageException(ErrorKind.Blocked, $"'{task.Id}' was completed by a worker", $"village retry {task.Id} --force")
                : task.IsClosed ? task with { Status = "open", ClosedAt = "", CloseReason = "", DeferUntil = "" } : task,
            "Opened",
            ct));
        return command;
    }
}
