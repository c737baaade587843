using System.Diagnostics;
using Village.Adapters.Machine;
using Village.Adapters.Processes;
using Village.Agents;
using Village.Configuration;
using Village.Hosting;
using Village.Leases;
using Village.Platform;
using Village.Storage;
using Village.Tasks;

namespace Village.Operations;

/// <summary>
/// The supervisor in the pane (design, section 6): takes the claim over, runs the agent in its workspace on the real
/// terminal, waits without polling, demands evidence, moves the state, and leaves no process behind.
/// </summary>
internal sealed partial class RunWorker(VillageContext village, WorkerJob job, Action<string> say)
{
    private static readonly TimeSpan DoneGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HearingTime = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);
    private readonly Stopwatch watch = Stopwatch.StartNew();

    /// <summary>Runs the attempt to its end.</summary>
    public async Task<WorkerEnd> RunAsync(WorkerSignals signals, CancellationToken ct)
    {
        // Orphans of the agent become children of this process, so none can slip away.
        _ = Libc.Prctl(Libc.SetChildSubreaper, 1, 0, 0, 0);
        if (TakeOver() is not { Live: var live, Lease: var lease })
        {
            return Fenced("the claim was given up before the worker came up");
        }

        using var held = live;

        // Beads is told while the agent works.
        var told = SyncBeads.TellAsync(village, CancellationToken.None);
        try
        {
            return await AttemptAsync(lease, signals, ct);
        }
        catch (Exception failure)
        {
            // A bug or a broken disk: the attempt fails with the reason in the log, and no process stays.
            await SweepAsync();
            if (signals.Interrupted.IsCompleted)
            {
                // The pane was closed under us, and tmux could not do what we asked of it.
                return Park(lease);
            }

            return await FailAsync(lease, Verdict.No(FailureReason.Crashed, failure), ct);
        }
        finally
        {
            await told;
            await SyncBeads.TellAsync(village, CancellationToken.None);
        }
    }

    private async Task<WorkerEnd> AttemptAsync(Lease lease, WorkerSignals signals, CancellationToken ct)
    {
        var agent = village.Config.Agent(lease.Agent);
        DurableFile.MakeDirectory(Path.GetDirectoryName(village.LogOf(lease.Task, lease.Attempt))!, village.Config.Durability);
        NativeFile.Open(village.LogOf(lease.Task, lease.Attempt), Libc.WriteOnly | Libc.Create).Dispose();
        await village.Tmux.AdoptPaneAsync(job.Pane, job.Fence.Nonce, village.LogOf(lease.Task, lease.Attempt), ct);
        var environment = WorkerEnvironment.For(village, lease);
        if (await SetUpAsync(lease, environment, signals, ct) is { } broken)
        {
            return await IsInterruptedAsync(signals, ct) ? Park(lease) : await FailAsync(lease, broken, ct);
        }

        await village.Tasks.LoadAsync(ct);
        var (task, objection) = Reconsider.Run(village, lease, job.Premise, say);
        if (objection is not null)
        {
            return await GiveBackAsync(lease, objection);
        }

        var contract = Contract.Markdown(lease, task, village.Tasks.ReadAll(), agent);
        var path = village.ContractOf(lease.Task, lease.Attempt);
        DurableFile.MakeDirectory(Path.GetDirectoryName(path)!, village.Config.Durability);
        DurableFile.Replace(path, contract, village.Config.Durability);
        var call = agent.Preset.Call(new()
        {
            Agent = agent,
            Task = lease.Task,
            Workspace = lease.Workspace!,
            ContractPath = path,
            Contract = contract,
            Directory = Path.GetDirectoryName(path)!,
            Village = village.Host.Executable,
        });
        village.Tasks.Release();
        say($"{lease.Task}: {agent.Name} starts in {lease.Workspace}");
        var (process, problem) = await AgentProcess.StartAsync(call.Words, lease.Workspace!, call.Input, output: 1, environment, ct);
        if (process is null)
        {
            return await FailAsync(lease, Verdict.No(FailureReason.AgentMissing, agent.Command is not [] ? problem! : $"{problem}; install it, or put command= under [agent.{agent.Name}] in .village/config"), ct);
        }

        var (outcome, early) = await WaitAsync(process, agent, signals, ct);
        await SweepAsync();
        if (early is not null)
        {
            return await FailAsync(lease, early, ct);
        }

        if (outcome is null)
        {
            return Park(lease);
        }

        var report = village.Events.Read().Of(lease.Task).LastSignal is { } last && last.Nonce == job.Fence.Nonce ? last : null;
        var ended = report is { Signal: "done" } ? Verdict.Fine : Verdict.OfEnd(outcome);
        if (!ended.Passed)
        {
            return await FailAsync(lease, ended, ct);
        }

        using var work = Workspaces.TakeWorkLock(lease.Workspace!);
        if (!Claims.IsOurs(village, job.Fence))
        {
            return Fenced("its lease was taken away");
        }

        var proof = await new ProveWork(village, lease, job, task?.Title ?? lease.Task.Value, agent, report, say).RunAsync(environment, ct);
        return proof.Passed ? Complete(lease, proof) : await FailAsync(lease, proof, ct, holdsWorkLock: true);
    }

    private (LiveFile Live, Lease Lease)? TakeOver() => Claims.TakeOver(
        village,
        job.Fence,
        new() { Ts = default, Cmd = "worker", Result = "ok", Pane = job.Pane },
        lease => lease with
        {
            Pane = job.Pane,
            Base = job.Base,
            Start = job.Start,
            Worker = ProcessTable.Identity(village.Host.ProcessId),
        });

    // An interruption ends it as an OperationCanceledException, and the attempt is parked.
    private async Task<Verdict?> SetUpAsync(Lease lease, IReadOnlyDictionary<string, string> environment, WorkerSignals signals, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var setUp = new SetUp(village, lease, say).RunAsync(environment, stop.Token);
        if (await Task.WhenAny(setUp, signals.Interrupted) == signals.Interrupted)
        {
            await stop.CancelAsync();
        }

        return await setUp;
    }

    // A closing pane tells the agent and us at once, and the agent may be quicker to end than we to hear of it. On a busy
    // machine the signal comes late; that the terminal is gone can be asked.
    private static async Task<bool> IsInterruptedAsync(WorkerSignals signals, CancellationToken ct) =>
        Libc.IsHungUp(0) || await Task.WhenAny(signals.Interrupted, Task.Delay(HearingTime, ct)) == signals.Interrupted;

    // (end, null): the agent ended. (null, verdict): it was ended for a reason. (null, null): interrupted.
    private async Task<(ProcessEnd? End, Verdict? Early)> WaitAsync(
        AgentProcess process, AgentConfig agent, WorkerSignals signals, CancellationToken ct)
    {
        using var reaping = signals.OnChildEnd(() => ProcessTable.ReapStrays(village.Host.ProcessId, except: process.Id));
        var limit = agent.Timeout > TimeSpan.Zero ? Task.Delay(Min(agent.Timeout, LongestTimer), ct) : Task.Delay(Timeout.Infinite, ct);
        var grace = Task.Delay(Timeout.Infinite, ct);
        while (true)
        {
            using var round = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var report = signals.NextReportAsync(round.Token);
            var first = await Task.WhenAny(process.End, signals.Interrupted, limit, grace, report);
            await round.CancelAsync();
            if (first == process.End)
            {
                var end = await process.End;
                return end.ExitCode is 0 || !await IsInterruptedAsync(signals, ct) ? (end, null) : (null, null);
            }

            if (first == signals.Interrupted)
            {
                return (null, null);
            }

            if (first == limit)
            {
                return (null, Verdict.No(FailureReason.Timeout, $"it ran longer than {Duration.Text(agent.Timeout)}"));
            }

            if (first == grace)
            {
                return (new(0, null), null);
            }

            if (village.Events.Read().Of(job.Fence.Task).LastSignal is { Signal: "done" } done && done.Nonce == job.Fence.Nonce)
            {
                grace = Task.Delay(DoneGrace, ct);
            }
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private Task SweepAsync() => Leftovers.SweepBelowAsync(village, job.Fence.Nonce);
}
