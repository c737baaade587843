using System.CommandLine;
using Village.Commands.Tasks;
using Village.Hosting;

namespace Village.Commands;

/// <summary><c>village task</c>: the embedded task store.</summary>
internal static class TaskCommand
{
    /// <summary>The command and its own commands.</summary>
    public static Command Create(App app) => new VillageCommand("task", "Add, list and change tasks")
    {
        Examples = ["village task add \"Fix the login page\" --priority 1", "village task list --ready"],
        Subcommands =
        {
            TaskAddCommand.Create(app),
            TaskListCommand.Create(app),
            TaskListCommand.CreateReady(app),
            TaskListCommand.CreateBlocked(app),
            TaskShowCommand.Create(app),
            TaskEditCommand.Create(app),
            TaskLabelCommand.Create(app),
            TaskCommentCommand.Create(app),
            TaskDepCommand.Create(app),
            TaskCloseCommand.Create(app),
            TaskReopenCommand.Create(app),
            TaskDeleteCommand.Create(app),
            TaskStatsCommand.Create(app),
            TaskExchangeCommands.CreateImport(app),
            TaskExchangeCommands.CreateExport(app),
            TaskMoveCommand.Create(app),
        },
    };
}
