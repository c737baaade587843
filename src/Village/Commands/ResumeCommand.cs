using System.CommandLine;
using Village.Agents;
using Village.Errors;
using Village.Hosting;
using Village.Leases;
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
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var task = new Argument<string?>("task") { Description = "The task to go on with; without one, the next step is shown", Arity = ArgumentArity.ZeroOrOne };
        var named = new Argument<string?>("agent") { Description = "The agent to use", Arity = ArgumentArity.ZeroOrOne };
        var agent = new Option<string?>("--agent") { Description = "The same as AGENT" };
        var detached = new Option<bool>("--detached") { Description = "Stay here instead of going to the window" };
        var html = new Option<bool>("--html") { Description = "Print the contract as an HTML fragment" };
        var dry = CommonOptions.Plan("Show what would be started and what the agent would be told; change nothing");
        var command = new VillageCommand("resume", "Start a task, or go on with one that was interrupted, in its workspace as it is")
        {
            Examples = ["village resume", "village resume bd-a3f8", "village resume bd-a3f8 build --detached"],
            ExitCodes = ["1  the worker did not come up, or there is no such task", "2  the session is not running", "3  a worker has it, or it is failed or completed"],
            Arguments = { task, named },
            Options = { agent, detached, html, dry },
        };
        command.SetAction(async (parse, ct) =>
        {
            var text = parse.GetValue(task);
            var wanted = (parse.GetValue(named) ?? parse.GetValue(agent)) is { } name ? CommonOptions.Agent(name) : null;
            if (text is null)
            {
                return await NextStepAsync(app, ct);
            }

            TaskId.Parse(text);
            var village = await app.OpenWithTasksAsync(ct);
            var id = CommonOptions.Find(village, text);
            return await RunAsync(app, village, id, wanted, parse.GetValue(detached), parse.GetValue(html), parse.GetValue(dry), ct);
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

    private static async Task<int> RunAsync(
        App app, VillageContext village, TaskId id, string? agent, bool detached, bool html, bool dry, CancellationToken ct)
    {
        var task = village.Tasks.Find(id) ?? throw new VillageException(ErrorKind.NotFound, $"'{id}' is not in the task store any more", "village task list");
        if (task.IsClosed && village.Events.Read().Of(id).State is not TaskState.Completed)
        {
            throw new VillageException(ErrorKind.Blocked, $"'{id}' is closed", $"village task reopen {id}");
        }

        var entry = village.Events.Read().Of(id);
        Require(village, id, entry.State);
        var name = agent ?? village.Leases.Read(id)?.Agent ?? QueuePlan.AgentOf(task, village.Config);
        var contract = html || dry ? await MakeContract.PreviewAsync(village, id, name, ct) : null;
        foreach (var warning in contract?.Warnings.Select(warning => MakeContract.Sentence(name, warning)) ?? MakeContract.Foresee(village, [name]))
        {
            app.Ui.Warn(warning);
        }

        if (dry)
        {
            Answer(app, new() { Task = id.Value, Agent = name, Started = false, Attempt = entry.Attempt + 1, WorktreePath = village.WorkspaceOf(id), Contract = contract?.Content }, html ? contract : null);
            return 0;
        }

        Repair.Run(village, "resume");
        var (seen, found) = await village.ObserveAsync(ct);
        var session = found ?? throw BringUp.SessionMissing(village);
        BringUp.RequireOwnSession(village, session);
        var bases = await Bases.ReadAsync(village, ct);
        var (commit, problem) = await bases.OfAsync(
            village, id, [.. seen.Tasks.Closure(id).Where(d => seen.Ledger.Of(d).State is TaskState.Completed)], scratch: null, ct);
        if (commit is null)
        {
            throw new VillageException(ErrorKind.Blocked, $"'{id}' was not started: {problem}", "merge those branches by hand into the base branch first");
        }

        var request = new ClaimRequest(
            "resume", id, name, [TaskState.Queued, TaskState.Claimed, TaskState.InProgress, TaskState.Paused], village.Config.MaxWorkers);
        var (opened, refusal) = await StartWorker.OpenAsync(
            village, new(request, commit, IsMerged: commit != bases.Head, bases.HasBranch(village, id), KeepDirt: true, bases.ClashOf(village, id), Premise.Of(task, seen.Tasks.IsReady(id))), session);
        using var worker = opened;
        if (refusal is null)
        {
            refusal = await worker!.ConfirmAsync();
        }

        if (refusal is not null)
        {
            throw new VillageException(
                refusal.Reason is SkipReason.WorkerLost or SkipReason.Workspace ? ErrorKind.Permanent : ErrorKind.Blocked,
                $"'{id}' was not started: {refusal.Message}",
                refusal.Reason is SkipReason.ActiveLease ? $"village attach {id}" : null);
        }

        Answer(app, new()
        {
            Task = id.Value,
            Agent = name,
            Started = true,
            Attempt = worker!.Lease.Attempt,
            Window = worker.Lease.Window,
            PaneId = worker.Pane,
            WorktreePath = worker.Lease.Workspace,
            Contract = contract?.Content,
        }, html ? contract : null);
        var canShow = !detached && !app.Ui.Json && !html && app.Host.Width is not null && app.Host.InIsTerminal;
        return canShow ? await AttachCommand.RunAsync(app, village, id, ct) : 0;
    }

    private static void Require(VillageContext village, TaskId id, TaskState state)
    {
        if (village.Leases.Read(id) is { } lease && village.StatusOf(lease, session: null).IsHeld())
        {
            throw new VillageException(ErrorKind.Blocked, $"'{id}' is being worked on in window {lease.Window}", $"village attach {id}");
        }

        if (state is TaskState.Failed or TaskState.Completed)
        {
            throw new VillageException(
                ErrorKind.Blocked, $"'{id}' is {state.Name()}", $"village retry {id}{(state is TaskState.Completed ? " --force" : "")}");
        }
    }

    private static void Answer(App app, ResumeReport report, ContractEnvelope? html) => app.Ui.Answer(report, JsonContracts.Shapes.ResumeReport, r =>
    {
        if (html is not null)
        {
            app.Ui.Line(ContractPage.Block(html));
            return;
        }

        app.Ui.Line(r.Started ? $"Started {r.Task} in window {r.Window} (attempt {r.Attempt}, agent {r.Agent})" : $"Would start {r.Task} (attempt {r.Attempt}, agent {r.Agent})");
        app.Ui.Line($"Workspace: {r.WorktreePath}");
        if (r.Contract is not null)
        {
            app.Ui.Line("");
            app.Ui.Line(r.Contract);
        }
    });
}
