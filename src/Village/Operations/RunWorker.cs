using System.Diagnostics;
using Village.Adapters.Machine;
using Village.Adapters.Processes;
using Village.Agents;
using Village.Configuration;
using Village.Events;
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
internal sealed partial class RunWorker(VillageContext village, WorkerJob job, PaneVoice voice)
{
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private RunAgent? run;

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
        run = new(village, lease, agent, signals, voice);
        if (await SetUpAsync(lease, environment, signals, ct) is { } broken)
        {
            return await run.WasInterruptedAsync(ct) ? Park(lease) : await FailAsync(lease, broken, ct);
        }

        await village.Tasks.LoadAsync(ct);
        var (task, objection) = Reconsider.Run(village, lease, job.Premise, voice.Say);
        if (objection is not null)
        {
            return await GiveBackAsync(lease, objection);
        }

        var contract = await MakeContract.ForAttemptAsync(village, lease, job.Start, task, ct);
        contract = job.Session is null ? contract : contract with { Content = Contract.GoOn + contract.Content };
        var path = MakeContract.Keep(village, lease, contract, voice.Say);
        village.Tasks.Release();
        voice.Say($"{lease.Task}: {agent.Name} {(job.Session is null ? "starts" : "goes on")} in {lease.Workspace}");
        var order = new AgentOrder
        {
            Agent = agent,
            Task = lease.Task,
            Workspace = lease.Workspace!,
            ContractPath = path,
            Contract = contract.Content,
            Directory = village.AgentDirectoryOf(lease.Task, lease.Attempt),
            Village = village.Host.Executable,
            RepositoryDirectories = [village.Repository.CommonDirectory, village.Scm.PrivateDirectoryOf(lease.Workspace!), .. village.Config.UsesJujutsu ? [Path.Combine(village.Root, ".jj")] : Array.Empty<string>()],
            Environment = environment,
            Session = job.Session,
            NewSession = Guid.NewGuid().ToString(),
        };
        if (await run.StartAsync(order, environment, ct) is { } problem)
        {
            return await FailAsync(lease, Verdict.No(FailureReason.AgentMissing, agent.Command is not [] ? problem : $"{problem}; {agent.Preset.Install}, or put command= under [agent.{agent.Name}] in .village/config"), ct);
        }

        var outcome = await run.WaitAsync(ct);
        await SweepAsync();
        await run.FinishAsync(ct);
        if (outcome.Early is not null)
        {
            return await FailAsync(lease, outcome.Early, ct);
        }

        if (outcome.End is not { } end)
        {
            return Park(lease, outcome.IsReleased ? "released" : "interrupted");
        }

        // A pause that came too late to stop anything.
        Unpause(lease, "agent_ended");

        var report = village.Events.Read().Of(lease.Task).LastSignal is { } last && last.Nonce == job.Fence.Nonce ? last : null;
        var ended = report is { Signal: "done" } ? Verdict.Fine : Judge(agent, lease, end);
        if (!ended.Passed)
        {
            return await FailAsync(lease, ended, ct);
        }

        using var work = Workspaces.TakeWorkLock(lease.Workspace!);
        if (!Claims.IsOurs(village, job.Fence))
        {
            return Fenced("its lease was taken away");
        }

        var proof = await new ProveWork(village, lease, job, task?.Title ?? lease.Task.Value, agent, report, voice.Say).RunAsync(environment, ct);
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
        var setUp = new SetUp(village, lease, voice.Say).RunAsync(environment, stop.Token);
        if (await Task.WhenAny(setUp, signals.Interrupted) == signals.Interrupted)
        {
            await stop.CancelAsync();
        }

        return await setUp;
    }

    // The exit code, and what the agent said itself: either may know of a failure that the other does not.
    private Verdict Judge(AgentConfig agent, Lease lease, ProcessEnd end)
    {
        if (end.ExitCode is not { } exit || agent.Preset.Objection(exit, run!.Record, run.TellsJson) is not var (reason, message))
        {
            return Verdict.OfEnd(end);
        }

        return reason is FailureReason.UsageLimit ? AgentReports.LimitMet(village, lease, agent, run.Record) : Verdict.No(reason, message);
    }

    // What every end tells of the agent.
    private VillageEvent WithUsage(VillageEvent about) => about with
    {
        Usage = run?.Record.Usage,
        Model = run?.Record.Model,
        Session = AgentReports.IsSession(run?.Record.Session) ? run!.Record.Session : null,
    };

    private Task SweepAsync() => Leftovers.SweepBelowAsync(village, job.Fence.Nonce);
}
