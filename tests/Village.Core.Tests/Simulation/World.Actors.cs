using Village.Cleanup;
using Village.Events;
using Village.Leases;
using Village.Scheduling;
using Village.Tasks;

namespace Village.Core.Tests.Simulation;

/// <summary>What the processes of a village do, act by act, as the program does it.</summary>
internal sealed partial class World
{
    private static readonly TaskState[] Startable = [TaskState.Queued, TaskState.Claimed, TaskState.InProgress, TaskState.Paused];

    private IEnumerable<bool> Queue(Actor me)
    {
        foreach (var id in tasks.Keys.Where(id => tasks[id].Status is not "closed" && State(id) is TaskState.Completed).ToList())
        {
            CrashPoint();
            tasks[id] = tasks[id] with { Status = "closed" };
        }

        yield return true;
        var seen = Observe();
        yield return true;
        var plan = QueuePlan.For(seen, config, new(null, null, MaxWorkers, Force: random.Next(4) is 0, new Dictionary<string, Skip>()));
        CheckPlan(seen, plan);
        foreach (var start in plan.Starts)
        {
            if (State(start.Task.Value) is TaskState.Failed)
            {
                Reopen(start.Task.Value, "queue", "automatic_retry");
            }

            foreach (var step in Start(me, new("queue", start.Task, start.Agent, Startable, MaxWorkers), keepsDirt: false))
            {
                yield return step;
            }
        }
    }

    private IEnumerable<bool> Resume(Actor me, string id)
    {
        yield return true;
        foreach (var step in Start(me, new("resume", TaskId.Parse(id), "build", Startable, MaxWorkers), keepsDirt: true))
        {
            yield return step;
        }
    }

    private IEnumerable<bool> Start(Actor me, ClaimRequest request, bool keepsDirt)
    {
        var id = request.Task.Value;
        var views = Views();
        var found = views.FirstOrDefault(view => view.Name == id);
        if (LeaseProtocol.Refusal(request, Entry(id), found, views.Count(view => view.Name != id && view.Status.IsHeld())) is not null)
        {
            yield break;
        }

        var site = new ClaimSite(now, $"n{random.NextInt64():x}", $"/w/{id}", $"village/{id}", Host, "boot", "1:1");
        var (lease, change) = LeaseProtocol.Claim(request, Entry(id), leases.GetValueOrDefault(id), site);
        CrashPoint();
        var hold = live[(id, lease.Generation)] = new() { Claimant = me };
        Apply(id, change);
        foreach (var old in live.Keys.Where(key => key.Task == id && key.Generation < lease.Generation).ToList())
        {
            CrashPoint();
            live.Remove(old);
        }

        yield return true;
        foreach (var left in actors.Where(actor => actor.IsAlive && found?.Lease is { } dead && actor.Nonce == dead.Nonce).ToList())
        {
            Kill(left);
            yield return true;
        }

        if (actors.Any(actor => actor is { IsAlive: true, IsHidden: false } && actor.Inside == id))
        {
            GiveUp(lease, hold, "leftover_processes");
            yield break;
        }

        for (var waited = 0; !TakeWorkLock(id, me); waited++)
        {
            if (waited > 30)
            {
                GiveUp(lease, hold, "workspace");
                yield break;
            }

            yield return true;
        }

        var ground = grounds[id];
        ground.Prepared = Math.Max(ground.Prepared, lease.Generation);
        if (!keepsDirt && ground.Dirt.Count > 0)
        {
            foreach (var step in RollBack(id, lease.Generation))
            {
                yield return step;
            }
        }

        ground.Lock = null;
        yield return true;
        CrashPoint();
        var worker = Spawn("worker", self => Work(self, lease));
        worker.Inside = id;
        for (var waited = 0; waited < 60; waited++)
        {
            if (!lease.Fence.Matches(leases.GetValueOrDefault(id)) || leases[id].State is not TaskState.Claimed)
            {
                hold.Claimant = null;
                yield break;
            }

            yield return true;
        }

        worker.IsTold = true;
        if (worker.IsStopped || isCalm)
        {
            Kill(worker);
        }

        yield return true;
        GiveUp(lease, hold, "worker_lost");
    }

    private void GiveUp(Lease lease, LiveHold hold, string reason)
    {
        var id = lease.Task.Value;
        if (LeaseProtocol.GiveUp(lease, Entry(id), leases.GetValueOrDefault(id), "queue", reason, null) is { } change)
        {
            Apply(id, change);
        }

        hold.Claimant = null;
    }

    private IEnumerable<bool> Work(Actor me, Lease claim)
    {
        var id = claim.Task.Value;
        yield return true;
        if (!live.TryGetValue((id, claim.Generation), out var hold) || hold.Claimant?.IsAlive is not true || hold.Supervisor?.IsAlive is true)
        {
            Fenced(claim);
            yield break;
        }

        hold.Supervisor = me;
        if (!Move(claim, TaskState.InProgress, new() { Ts = default, Cmd = "worker" }))
        {
            Fenced(claim);
            yield break;
        }

        if (!accepted.Add((id, claim.Generation)))
        {
            throw Broken("I1", $"{id} has a second holder of generation {claim.Generation}");
        }

        yield return true;
        CrashPoint();
        var agent = SpawnAgent(id, claim.Nonce!);
        while (agent.IsAlive && !me.IsTold)
        {
            yield return true;
        }

        while (actors.FirstOrDefault(actor => actor.IsAlive && actor.Nonce == claim.Nonce) is { } left)
        {
            Kill(left);
            yield return true;
        }

        if (me.IsTold)
        {
            var parked = Move(claim, TaskState.Paused, new() { Ts = default, Cmd = "worker", Reason = "interrupted" }, lease => lease with { Parked = now });
            if (!parked)
            {
                Fenced(claim);
            }

            yield break;
        }

        // Seen from another container it is in no workspace and cannot be ended: the fence alone has to hold.
        me.IsHidden = random.Next(3) is 0;
        while (!TakeWorkLock(id, me))
        {
            yield return true;
        }

        foreach (var step in End(claim, agent.IsDone))
        {
            yield return step;
        }

        grounds[id].Lock = null;
    }

    private IEnumerable<bool> End(Lease claim, bool isDone)
    {
        var (id, ground) = (claim.Task.Value, grounds[claim.Task.Value]);
        if (!LeaseProtocol.Holds(claim.Fence, Entry(id), leases.GetValueOrDefault(id)))
        {
            Fenced(claim);
            yield break;
        }

        yield return true;
        if (isDone && ground.Dirt.Count > 0)
        {
            Touch(id, claim.Generation);
            ground.Branch.UnionWith(ground.Dirt);
            ground.Dirt.Clear();
            yield return true;
            if (!Move(claim, TaskState.Completed, new() { Ts = default, Cmd = "worker", Commit = "c", Tree = "t" }))
            {
                Fenced(claim);
                yield break;
            }

            yield return true;
            if (LeaseProtocol.Release(claim.Fence, Entry(id), leases.GetValueOrDefault(id)) is { } release)
            {
                Apply(id, release);
            }

            yield break;
        }

        foreach (var step in RollBack(id, claim.Generation))
        {
            yield return step;
        }

        if (!Move(claim, TaskState.Failed, new() { Ts = default, Cmd = "worker", Reason = isDone ? FailureReason.NoChanges : FailureReason.AgentExit }))
        {
            Fenced(claim);
        }
    }

    private IEnumerable<bool> RollBack(string id, long generation)
    {
        Touch(id, generation);
        grounds[id].Trash.UnionWith(grounds[id].Dirt);
        yield return true;
        Touch(id, generation);
        grounds[id].Dirt.Clear();
        yield return true;
    }

    private bool Move(Lease claim, TaskState to, VillageEvent about, Func<Lease, Lease>? more = null)
    {
        var id = claim.Task.Value;
        if (LeaseProtocol.Move(claim.Fence, Entry(id), leases.GetValueOrDefault(id), to, about, more ?? (lease => lease)) is not { } change)
        {
            return false;
        }

        Apply(id, change);
        return true;
    }

    private void Fenced(Lease claim) => Append(new()
    {
        Ts = default,
        Cmd = "worker",
        Task = claim.Task.Value,
        Generation = claim.Generation,
        Reason = FailureReason.Fenced,
    });

    private Actor SpawnAgent(string id, string nonce)
    {
        if (actors.FirstOrDefault(actor => actor.IsAlive && actor.Inside == id && actor.Nonce is { } other && other != nonce) is { } twice)
        {
            throw Broken("I2", $"an agent starts on {id} while {twice.Name} of another claim is at it");
        }

        var agent = Spawn("agent", me => Agent(me, id));
        (agent.Inside, agent.Nonce) = (id, nonce);
        return agent;
    }

    private IEnumerable<bool> Agent(Actor me, string id)
    {
        for (var left = random.Next(6); left > 0 || isCalm && grounds[id].Dirt.Count is 0; left--)
        {
            yield return true;
            grounds[id].Dirt.Add(++written);
            if (!isCalm && random.Next(8) is 0)
            {
                // A child that outlives its parent, in the workspace or elsewhere.
                var child = Spawn("child", self => Agent(self, id));
                (child.Inside, child.Nonce) = (id, me.Nonce);
            }
        }

        me.IsDone = isCalm || random.Next(3) > 0;
    }

    private IEnumerable<bool> Unlock(string id, bool force)
    {
        yield return true;
        if (Views().FirstOrDefault(view => view.Name == id) is not { } found || (found.Status.IsHeld() && !force))
        {
            yield break;
        }

        var supervisor = live.GetValueOrDefault((id, found.Lease!.Generation))?.Supervisor;
        Apply(id, LeaseProtocol.PutBack(found.Lease.Task, Entry(id), found.Lease, "unlock", "forced", null));
        foreach (var actor in actors.Where(actor => actor is { IsAlive: true, IsHidden: false } && (actor.Nonce == found.Lease.Nonce || actor == supervisor)).ToList())
        {
            yield return true;
            Kill(actor);
        }
    }

    private IEnumerable<bool> Retry(string id)
    {
        yield return true;
        if (State(id) is TaskState.Failed)
        {
            Reopen(id, "retry", null);
        }
    }

    private void Reopen(string id, string cmd, string? reason) =>
        Apply(id, LeaseProtocol.Reopen(TaskId.Parse(id), Entry(id), Views().FirstOrDefault(view => view.Name == id), cmd, reason));

    private IEnumerable<bool> CleanUp(Actor me)
    {
        yield return true;
        foreach (var item in CleanupPlan.For(Observe(), includeWorktrees: false).Remove)
        {
            var nonce = leases.GetValueOrDefault(item.Name)?.Nonce;
            foreach (var left in actors.Where(actor => actor.IsAlive && nonce is not null && actor.Nonce == nonce).ToList())
            {
                if (Views().FirstOrDefault(view => view.Name == item.Name)?.Status is LeaseStatus.Stale)
                {
                    Kill(left);
                }

                yield return true;
            }

            if (Views().FirstOrDefault(view => view.Name == item.Name) is { Status: LeaseStatus.Stale } view)
            {
                Apply(item.Name, LeaseProtocol.PutBack(view.Lease!.Task, Entry(item.Name), view.Lease, "cleanup", "stale_lease", null));
            }

            yield return true;
        }
    }

    private bool TakeWorkLock(string id, Actor me)
    {
        if (grounds[id].Lock is { IsAlive: true } other && other != me)
        {
            return false;
        }

        grounds[id].Lock = me;
        return true;
    }
}
