using Village.Events;
using Village.Leases;
using Village.Tasks;

namespace Village.Core.Tests.Simulation;

/// <summary>What a worker and its agent do, act by act, as the program does it.</summary>
internal sealed partial class World
{
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
        if (!isCalm && random.Next(8) is 0)
        {
            // Its task was closed meanwhile, or waits for another.
            if (LeaseProtocol.GiveBack(claim, Entry(id), leases.GetValueOrDefault(id), "task_closed", "it was closed") is not { } given)
            {
                Fenced(claim);
                yield break;
            }

            Apply(id, given);
            yield break;
        }

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
        for (var slow = me.IsHidden ? random.Next(80) : 0; slow > 0; slow--)
        {
            yield return true;
        }

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
