using System.CommandLine;
using Village.Errors;
using Village.Hosting;
using Village.Leases;
using Village.Operations;
using Village.Reports;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village attach</c>.</summary>
internal static class AttachCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var task = new Argument<string?>("task") { Description = "The task to look at; the session otherwise", Arity = ArgumentArity.ZeroOrOne };
        var command = new VillageCommand("attach", "Go to the tmux window of a task")
        {
            Examples = ["village attach", "village attach bd-a3f8"],
            ExitCodes = ["2  the session is not running, or this is no terminal", "3  the task has no living worker"],
            Arguments = { task },
        };
        command.SetAction(async (parse, ct) =>
        {
            var text = parse.GetValue(task);
            var wanted = text is null ? (TaskId?)null : TaskId.Parse(text);
            var village = await app.OpenAsync(ct);
            return await RunAsync(app, village, wanted is null ? null : await CommonOptions.FindAsync(village, text!, ct), ct);
        });
        return command;
    }

    /// <summary>Shows a task's window, or the session; shared with <c>resume</c>.</summary>
    public static async Task<int> RunAsync(App app, VillageContext village, TaskId? task, CancellationToken ct)
    {
        var session = await village.Tmux.FindAsync(ct) ?? throw BringUp.SessionMissing(village);
        BringUp.RequireOwnSession(village, session);
        var lease = task is { } id ? village.Leases.Read(id) : null;

        // A worker that lives, in this very tmux server, is in the pane that it wrote down itself; the pane's mark comes a moment later.
        var lives = lease is not null && (lease.Tmux ?? session.Server) == session.Server && village.StatusOf(lease, session) is LeaseStatus.Active;
        var pane = lives ? session.Panes.FirstOrDefault(p => p.Id == lease!.Pane) : null;
        if (task is not null && pane is null)
        {
            throw new VillageException(
                ErrorKind.Blocked, $"'{task}' has no living worker", $"village logs {task}, or village resume {task}");
        }

        var report = new AttachReport(task?.Value, pane?.WindowName, pane?.Id, village.Tmux.AttachCommand);
        if (app.Ui.Json)
        {
            app.Ui.Answer(report, JsonContracts.Shapes.AttachReport, _ => { });
            return 0;
        }

        return app.Host.Width is null || !app.Host.InIsTerminal
            ? throw new VillageException(ErrorKind.NotReady, "this is no terminal", village.Tmux.AttachCommand)
            : await village.Tmux.ShowAsync(pane?.WindowId, app.Host.Variable("TMUX") is not null, ct);
    }
}
