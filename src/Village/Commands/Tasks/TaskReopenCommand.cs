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
        var id = CommonOptions.Task();
        var command = new VillageCommand("reopen", "Open a closed task again")
        {
            Examples = ["village task reopen bd-a3f"],
            ExitCodes = ["1  there is no such task", "3  Village completed it: `village retry TASK --force` runs it again"],
            Arguments = { id },
        };
        command.SetAction((parse, ct) => TaskOptions.EditAsync(
            app,
            "task reopen",
            parse.GetRequiredValue(id),
            (village, task) => village.Events.Read().Of(task.Id).State is TaskState.Completed
                ? throw new VillageException(ErrorKind.Blocked, $"'{task.Id}' was completed by a worker", $"village retry {task.Id} --force")
                : task.IsClosed ? task with { Status = "open", ClosedAt = "", CloseReason = "", DeferUntil = "" } : task,
            "Opened",
            ct));
        return command;
    }
}
