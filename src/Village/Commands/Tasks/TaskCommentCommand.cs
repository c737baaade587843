using System.CommandLine;
using Village.Errors;
using Village.Hosting;
using Village.Operations;
using Village.Tasks;

namespace Village.Commands.Tasks;

/// <summary><c>village task comment</c>.</summary>
internal static class TaskCommentCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var id = CommonOptions.Task();
        var text = new Argument<string>("text") { Description = "The remark; '-' reads it from standard input" };
        var command = new VillageCommand("comment", "Add a remark to a task")
        {
            Examples = ["village task comment bd-a3f \"Seen again on Monday\"", "village task comment bd-a3f - < trace.txt"],
            ExitCodes = ["1  there is no such task"],
            Arguments = { id, text },
        };
        command.SetAction((parse, ct) =>
        {
            var remark = TaskOptions.TextOf(app, parse.GetRequiredValue(text))!.Trim();
            if (remark is "")
            {
                throw new VillageException(ErrorKind.UserInput, "a comment cannot be empty", "village task comment TASK \"text\"");
            }

            return TaskOptions.EditAsync(
                app,
                "task comment",
                parse.GetRequiredValue(id),
                (village, task) => TaskComments.Add(task, new($"{Guid.CreateVersion7(village.Now)}", TaskBook.Actor(village), remark, TaskBook.Stamp(village))),
                "Commented on",
                ct);
        });
        return command;
    }
}
