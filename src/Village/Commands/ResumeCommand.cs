using System.CommandLine;
using Village.Agents;
using Village.Errors;
using Village.Hosting;
using Village.Operations;
using Village.Readiness;
using Village.Reports;
using Village.Scheduling;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village resume</c>.</summary>
internal static class ResumeCommand
{
    /// <summary>What is wanted.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Agent">The agent; null for the one that the task asks for or had.</param>
    /// <param name="Fresh">Whether a new conversation begins.</param>
    /// <param name="Detached">Whether the window is not shown.</param>
    /// <param name="Html">Whether the contract is the answer, as HTML.</param>
    /// <param name="DryRun">Whether nothing is started.</param>
    /// <param name="Command">The command that was typed.</param>
    public sealed record Request(TaskId Task, string? Agent = null, bool Fresh = false, bool Detached = false, bool Html = false, bool DryRun = false, string Command = "resume");

    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var task = new Argument<string?>("task") { Description = "The task to go on with; without one, the next step is shown", Arity = ArgumentArity.ZeroOrOne };
        var named = new Argument<string?>("agent") { Description = "The agent to use", Arity = ArgumentArity.ZeroOrOne };
        var agent = new Option<string?>("--agent") { Description = "The same as AGENT" };
        var detached = new Option<bool>("--detached") { Description = "Stay here instead of going to the window" };
        var all = new Option<bool>("--all") { Description = "Go on with every task that was broken off: after a crash, a reboot, or `down --force`" };
        var fresh = new Option<bool>("--fresh") { Description = "Begin a new conversation instead of going on with the agent's own" };
        var html = new Option<bool>("--html") { Description = "Print the contract as an HTML fragment" };
        var dry = CommonOptions.Plan("Show what would be started and what the agent would be told; change nothing");
        var command = new VillageCommand("resume", "Start a task, or go on with one that was interrupted, in its workspace as it is")
        {
            Examples = ["village resume", "village resume bd-a3f8", "village resume bd-a3f8 build --detached", "village resume --all"],
            ExitCodes = ["1  the worker did not come up, or there is no such task", "2  the session is not running", "3  a worker has it, or it is failed or completed", "4  with --all, some were not started"],
            Arguments = { task, named },
            Options = { agent, all, fresh, detached, html, dry },
        };
        command.SetAction(async (parse, ct) =>
        {
            var text = parse.GetValue(task);
            if (parse.GetValue(all))
            {
                return text is null
                    ? await ResumeAllCommand.RunAsync(app, parse.GetValue(fresh), parse.GetValue(dry), ct)
                    : throw new VillageException(ErrorKind.UserInput, "--all is for every task, and one was named", $"village resume {Printable.Line(text)}");
            }

            var wanted = (parse.GetValue(named) ?? parse.GetValue(agent)) is { } name ? CommonOptions.Agent(name) : null;
            if (text is null)
            {
                return await NextStepAsync(app, ct);
            }

            TaskId.Parse(text);
            var village = await app.OpenWithTasksAsync(ct);
            var id = CommonOptions.Find(village, text);
            return await RunAsync(app, village, new(id, wanted, parse.GetValue(fresh), parse.GetValue(detached), parse.GetValue(html), parse.GetValue(dry)), ct);
        });
        return command;
    }

    private static async Task<int> NextStepAsync(App app, CancellationToken ct)
    {
        var village = await app.LocateAsync(ct);
        var seen = Directory.Exists(village.StateDirectory) ? (await village.ObserveAsync(ct)).Snapshot : null;
        app.Ui.Answer(NextStep.For(seen), JsonContracts.Shapes.NextStepReport, r =>
        {
            app.Ui.Line(r.Reason);
            app.Ui.Line($"Next: {r.Run}");
        });
        return 0;
    }

    /// <summary>Goes on with one task, and shows its window to a person at a terminal.</summary>
    public static async Task<int> RunAsync(App app, VillageContext village, Request request, CancellationToken ct)
    {
        var id = request.Task;
        ResumeTask.Require(village, id);
        var task = village.Tasks.Find(id)!;
        var entry = village.Events.Read().Of(id);
        var name = ResumeTask.AgentOf(village, id, request.Agent);
        var session = request.Fresh ? null : ResumeTask.SessionOf(village, id, name);
        var contract = request.Html || request.DryRun ? await MakeContract.PreviewAsync(village, id, name, ct) : null;
        foreach (var warning in contract?.Warnings.Select(warning => MakeContract.Sentence(name, warning)) ?? MakeContract.Foresee(village, [name]))
        {
            app.Ui.Warn(warning);
        }

        if (request.DryRun)
        {
            Answer(app, new() { Command = request.Command, Task = id.Value, Agent = name, Session = session, Started = false, Attempt = entry.Attempt + 1, WorktreePath = village.WorkspaceOf(id), Contract = contract?.Content }, request.Html ? contract : null);
            return 0;
        }

        Repair.Run(village, "resume");
        var (opened, refusal) = await ResumeTask.RunAsync(village, id, name, session, ct);
        using var worker = opened;
        if (refusal is not null)
        {
            throw new VillageException(
                refusal.Reason is SkipReason.WorkerLost or SkipReason.Workspace ? ErrorKind.Permanent : ErrorKind.Blocked,
                $"'{id}' was not started: {refusal.Message}",
                refusal.Reason is SkipReason.ActiveLease ? $"village attach {id}" : null);
        }

        Answer(app, new()
        {
            Command = request.Command,
            Task = id.Value,
            Agent = name,
            Session = session,
            Started = true,
            Attempt = worker!.Lease.Attempt,
            Window = worker.Lease.Window,
            PaneId = worker.Pane,
            WorktreePath = worker.Lease.Workspace,
            Contract = contract?.Content,
        }, request.Html ? contract : null);
        var canShow = !request.Detached && !app.Ui.Json && !request.Html && app.Host.Width is not null && app.Host.InIsTerminal;
        return canShow ? await AttachCommand.RunAsync(app, village, id, ct) : 0;
    }

    private static void Answer(App app, ResumeReport report, ContractEnvelope? html) => app.Ui.Answer(report, JsonContracts.Shapes.ResumeReport, r =>
    {
        if (html is not null)
        {
            app.Ui.Line(ContractPage.Block(html));
            return;
        }

        app.Ui.Line(r.Started ? $"Started {r.Task} in window {r.Window} (attempt {r.Attempt}, agent {r.Agent})" : $"Would start {r.Task} (attempt {r.Attempt}, agent {r.Agent})");
        if (r.Session is not null)
        {
            app.Ui.Line($"Conversation: {r.Session} goes on; --fresh begins a new one");
        }

        app.Ui.Line($"Workspace: {r.WorktreePath}");
        if (r.Contract is not null)
        {
            app.Ui.Line("");
            app.Ui.Line(r.Contract);
        }
    });
}
