using System.CommandLine;
using Village.Commands.Tasks;
using Village.Hosting;

namespace Village.Commands;

/// <summary><c>village task</c>: the embedded task store.</summary>
internal static class TaskCommand
{
    /// <summary>The command and its own commands.</summary>
    public static Command Create(App app) => new("task", "Add, list and change tasks")
    {
        TaskAddCommand.Create(app),
        TaskListCommand.Create(app),
        TaskShowCommand.Create(app),
        TaskEditCommand.Create(app),
        TaskCloseCommand.Create(app),
        TaskReopenCommand.Create(app),
        TaskDepCommand.Create(app),
    };
}
