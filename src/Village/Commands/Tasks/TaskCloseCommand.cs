using System.CommandLine;
using Village.Errors;
using Village.Hosting;
using Village.Leases;
using Village.Operations;

namespace Village.Commands.Tasks;

/// <summary><c>village task close</c>.</summary>
internal static class TaskCloseCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var id = CommonOptions.Task();
        var reason = new Option<string?>("--reason") { Description = "Why" };
        var command = new VillageCommand("close", "Close a task by hand; tasks that wait for it become ready")
        {
            Examples = ["village task close bd-a3f", "village task close bd-a3f --reason \"not needed any more\""],
            ExitCodes = ["1  there is no such task", "3  a worker has it"],
            Arguments = { id },
            Options = { reason },
        };
        command.SetAction((parse, ct) => TaskOptions.EditAsync(
            app,
            "task close",
            parse.GetRequiredValue(id),
            (village, task) =>
            {
                if (village.Leases.Read(task.Id) is { } lease && village.StatusOf(lease, session: null).IsHeld())
                {
                    throw new VillageException(
                        ErrorKind.Blocked, $"'{task.Id}' is being worked on in window {lease.Window}", $"wait for it, or village unlock {task.Id} --force");
                }

                return task.IsClosed ? task : task with
                {
                    Status = "closed",
                    ClosedAt = TaskBook.Stamp(village),
                    CloseReason = parse.GetValue(reason) ?? "Closed",
                };
            },
            "Closed",
            ct));
        return command;
    }
}
