using Village.Cleanup;
using Village.Leases;
using Village.Scheduling;
using Village.Tasks;

namespace Village.Core.Tests.Simulation;

/// <summary>What the commands of a village do, act by act, as the program does it.</summary>
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
        foreach (var item in CleanupPlan.For(Observe(), Waste.None, includeWorktrees: false).Remove)
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
}
