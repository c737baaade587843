using Village.Adapters.Machine;
using Village.Adapters.Tmux;
using Village.Events;
using Village.Hosting;
using Village.Leases;
using Village.Observation;
using Village.Scheduling;
using Village.Setup;
using Village.Storage;
using Village.Tasks;

namespace Village.Operations;

/// <summary>A claim that was granted.</summary>
/// <param name="Lease">The new lease.</param>
/// <param name="Live">Its liveness lock, held until the supervisor has it.</param>
/// <param name="Previous">The dead lease that was taken over, or null.</param>
internal sealed record Claim(Lease Lease, LiveFile Live, Lease? Previous) : IDisposable
{
    /// <summary>Lets go of the claimant's byte.</summary>
    public void Dispose() => Live.Dispose();
}

/// <summary>
/// Carries out what <see cref="LeaseProtocol"/> decides: read, decide, event, lease, all under the guard, so whatever runs
/// beside it, a task has one holder and the limit holds.
/// </summary>
internal static class Claims
{
    /// <summary>Claims a task, or says why not. A dead holder's lease is taken over; a living one's never.</summary>
    public static (Claim? Claim, Skip? Refusal) TryClaim(VillageContext village, ClaimRequest request, Session? session)
    {
        var task = request.Task;
        using var guard = village.TakeGuard();
        var entry = village.Events.Read().Of(task);
        var leases = village.Leases.ReadAll().Select(lease => village.Judge(lease, session)).ToList();
        var found = leases.Find(lease => lease.Name == task.Value);
        var held = leases.Count(lease => lease != found && lease.Status.IsHeld());
        if (LeaseProtocol.Refusal(request, entry, found, held) is { } refusal)
        {
            return (null, refusal);
        }

        var (ports, unmet) = ChoosePorts(village, request, found, leases);
        if (unmet is not null)
        {
            return (null, new(task.Value, SkipReason.NoPort, $"no port from {unmet.First} to {unmet.Last} is free for {unmet.Name}"));
        }

        var (lease, change) = LeaseProtocol.Claim(request, entry, found?.Lease, new(
            village.Now,
            Guid.NewGuid().ToString("N"),
            village.WorkspaceOf(task),
            village.BranchOf(task),
            village.HostName,
            ProcessTable.BootId(),
            session?.Server)
        { Ports = ports });

        // Locked before there is a lease that names it: no look can find the claim without its holder.
        var live = LiveFile.Create(village.Leases.LivePathOf(task, lease.Generation));
        try
        {
            Apply(village, task, change);
        }
        catch
        {
            live.Dispose();
            throw;
        }

        village.Leases.RemoveLiveBefore(task, lease.Generation);
        return (new(lease, live, found?.Lease), null);
    }

    // Under the guard, so that no other claim takes the same ones. A port that is free now may be taken by a stranger before the
    // agent listens on it; that is the agent's to tell.
    private static (IReadOnlyList<LeasedPort> Ports, PortWish? Unmet) ChoosePorts(
        VillageContext village, ClaimRequest request, LeaseView? found, IReadOnlyList<LeaseView> leases)
    {
        if (village.Config.SetUpOf(request.Agent).Ports is not { Count: > 0 } wishes)
        {
            return ([], null);
        }

        var others = leases.Where(lease => lease != found && lease.Lease is not null).ToLookup(lease => lease.Status is LeaseStatus.Ended);
        IReadOnlySet<int> Taken(bool ended) => others[ended].SelectMany(lease => lease.Lease!.Ports).Select(port => port.Number).ToHashSet();
        var former = found?.Lease?.Ports is { Count: > 0 } own ? own : SetUp.Mark(village, village.WorkspaceOf(request.Task)).Ports;
        return PortChoice.For(wishes, former, Taken(ended: false), Taken(ended: true), LocalPorts.IsFree);
    }

    /// <summary>Gives a claim back whose worker never came up: the task is queued again. False when it is no longer ours.</summary>
    public static bool GiveUp(VillageContext village, Claim claim, string cmd, string reason, string? message, string? stack)
    {
        using var guard = village.TakeGuard();
        return Change(village, claim.Lease.Task, guard, (entry, now) => LeaseProtocol.GiveUp(claim.Lease, entry, now, cmd, reason, message) is { } given
            ? given with { Events = [.. given.Events.Select(e => e with { Stack = stack })] }
            : null) is not null;
    }

    /// <summary>The supervisor gives its claim back before its agent has started: the task is queued again. False when it is no longer ours.</summary>
    public static bool GiveBack(VillageContext village, Lease lease, Skip why)
    {
        using var guard = village.TakeGuard();
        return Change(village, lease.Task, guard, (entry, now) => LeaseProtocol.GiveBack(lease, entry, now, why.Reason.Name(), why.Message)) is not null;
    }

    /// <summary>
    /// Changes the state of a held task and returns the new lease. Null when the fence no longer matches or the table forbids
    /// it, and then nothing is changed. <paramref name="change"/> adds what the lease says besides.
    /// </summary>
    public static Lease? Move(VillageContext village, Fence fence, TaskState to, VillageEvent about, Func<Lease, Lease> change)
    {
        using var guard = village.TakeGuard();
        return Move(village, fence, to, about, change, guard);
    }

    /// <summary>Completes a task and removes its lease, under one guard; false when it is no longer ours.</summary>
    public static bool Complete(VillageContext village, Fence fence, VillageEvent about)
    {
        using var guard = village.TakeGuard();
        return Move(village, fence, TaskState.Completed, about, lease => lease, guard) is not null
            && Change(village, fence.Task, guard, (entry, now) => LeaseProtocol.Release(fence, entry, now)) is not null;
    }

    /// <summary>
    /// The supervisor's first act: takes the claim over from its claimant, who holds it until this is done. Null when the claim
    /// was given up, or its claimant died.
    /// </summary>
    public static (LiveFile Live, Lease Lease)? TakeOver(VillageContext village, Fence fence, VillageEvent about, Func<Lease, Lease> change)
    {
        using var guard = village.TakeGuard();
        var live = LiveFile.TryTakeOver(village.Leases.LivePathOf(fence.Task, fence.Generation));
        try
        {
            if (live is not null && Move(village, fence, TaskState.InProgress, about, change, guard) is { } lease)
            {
                return (live, lease);
            }
        }
        catch
        {
            live?.Dispose();
            throw;
        }

        live?.Dispose();
        return null;
    }

    /// <summary>Writes a lease as the log has it, where a command was killed between the two.</summary>
    public static void Renew(VillageContext village, Fence fence)
    {
        using var guard = village.TakeGuard();
        var entry = village.Events.Read().Of(fence.Task);
        if (village.Leases.Read(fence.Task) is { } now && LeaseProtocol.Holds(fence, entry, now) && LeaseProtocol.AsLogged(now, entry) is var logged && logged != now)
        {
            village.Leases.Write(logged);
        }
    }

    /// <summary>Takes a lease away and puts its unfinished task back into the queue, under the caller's guard.</summary>
    public static void PutBack(VillageContext village, TaskId task, Lease? lease, string cmd, string reason, string? message)
    {
        var change = LeaseProtocol.PutBack(task, village.Events.Read().Of(task), lease, cmd, reason, message);
        Apply(village, task, lease is not null ? change : change with { Events = [.. change.Events.SkipLast(1), change.Events[^1] with { Lease = village.Leases.TextOf(task) }] });
    }

    /// <summary>Puts an ended task back into the queue, under the caller's guard; removes the ended lease.</summary>
    public static void Reopen(VillageContext village, TaskId task, TaskEntry entry, string cmd, string? reason) =>
        Apply(village, task, LeaseProtocol.Reopen(task, entry, village.Leases.Find(task) is { } found ? village.Judge(found, null) : null, cmd, reason));

    /// <summary>Whether a claim is still the valid one.</summary>
    public static bool IsOurs(VillageContext village, Fence fence) =>
        LeaseProtocol.Holds(fence, village.Events.Read().Of(fence.Task), village.Leases.Read(fence.Task));

    private static Lease? Move(VillageContext village, Fence fence, TaskState to, VillageEvent about, Func<Lease, Lease> change, Guard held) =>
        Change(village, fence.Task, held, (entry, now) => LeaseProtocol.Move(fence, entry, now, to, about, change))?.Lease;

    // The guard is asked for to be seen: nothing is decided without it.
    private static LeaseChange? Change(VillageContext village, TaskId task, Guard held, Func<TaskEntry, Lease?, LeaseChange?> decide)
    {
        var change = decide(village.Events.Read().Of(task), village.Leases.Read(task));
        if (change is not null)
        {
            Apply(village, task, change);
        }

        return change;
    }

    /// <summary>Carries a decision out, under the caller's guard.</summary>
    public static void Apply(VillageContext village, TaskId task, LeaseChange change)
    {
        foreach (var e in change.Events)
        {
            village.Events.Append(e);
        }

        if (change.Lease is { } lease)
        {
            village.Leases.Write(lease);
        }
        else if (change.RemovesLease)
        {
            village.Leases.Remove(task);
        }

        if (change.RemovesLive is { } generation)
        {
            village.Leases.RemoveLive(task, generation);
        }

        if (change.Events.Any(e => e.To is not null))
        {
            village.Untold.Add(task);
        }

        if (change.Lease?.State is TaskState.Completed)
        {
            TaskBook.TryClose(village, task);
        }

        village.Events.SaveCheckpointIfDue();
    }
}
