using System.CommandLine;
using Village.Hosting;
using Village.Operations;
using Village.Reports;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village resume-task</c>.</summary>
internal static class ResumeTaskCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var task = CommonOptions.Task();
        var command = new VillageCommand("resume-task", "Let a paused task go on: its stopped agent, or a new attempt in the same conversation")
        {
            Examples = ["village resume-task bd-a3f8"],
            ExitCodes = ["1  there is no such task", "2  the session is not running", "3  it is not paused"],
            Arguments = { task },
        };
        command.SetAction(async (parse, ct) =>
        {
            var text = parse.GetRequiredValue(task);
            TaskId.Parse(text);
            var village = await app.OpenWithTasksAsync(ct);
            var id = CommonOptions.Find(village, text);
            if (!PauseTask.Continue(village, id))
            {
                return await ResumeCommand.RunAsync(app, village, new(id, Detached: true, Command: command.Name), ct);
            }

            var lease = village.Leases.Read(id);
            var report = new ResumeReport
            {
                Command = command.Name,
                Task = id.Value,
                Agent = lease?.Agent ?? "-",
                Session = lease?.AgentSession,
                Started = true,
                Attempt = lease?.Attempt,
                Window = lease?.Window,
                PaneId = lease?.Pane,
                WorktreePath = lease?.Workspace,
            };
            app.Ui.Answer(report, JsonContracts.Shapes.ResumeReport, r => app.Ui.Line($"{r.Task} goes on in window {r.Window} (attempt {r.Attempt}, agent {r.Agent})"));
            return 0;
        });
        return command;
    }
}
