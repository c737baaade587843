using Village.Adapters.Machine;
using Village.Adapters.Tmux;
using Village.Events;
using Village.Hosting;
using Village.Leases;
using Village.Scheduling;
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

/// <summary>What a claimant wants.</summary>
/// <param name="Cmd">The command, for the event.</param>
/// <param name="Task">The task.</param>
/// <param name="Agent">The agent.</param>
/// <param name="From">The states it may be taken from.</param>
/// <param name="MaxWorkers">The limit that is counted under the guard.</param>
internal sealed record ClaimRequest(string Cmd, TaskId Task, string Agent, IReadOnlyList<TaskState> From, int MaxWorkers);

/// <summary>
/// The lease protocol (design, section 4): claim, give up, change state, release. Each is read, check, event, lease under
/// the guard, so whatever runs beside it, a task has one holder and the limit holds.
/// </summary>
internal static class Claims
{
    /// <summary>Claims a task, or says why not. A dead holder's lease is taken over; a living one's never.</summary>
    public static (Claim? Claim, Skip? Refusal) TryClaim(VillageContext village, ClaimRequest request, Session? session)
    {
        var task = request.Task;
        using var guard = village.TakeGuard();
        var entry = village.Events.Read().Of(task);
        var found = village.Leases.Find(task);
        var held = village.Leases.ReadAll().Count(e => e.Lease is { } lease && lease.Task != task && village.StatusOf(lease, session).IsHeld());
        if (Refusal(village, request, session, entry, found, held) is { } refusal)
        {
            return (null, refusal);
        }

        var previous = found?.Lease;
        if (entry.State is TaskState.Claimed)
        {
            // Its claimant died before the worker came up; that start is given up on its behalf.
            village.Events.Append(new()
            {
                Ts = default,
                Cmd = request.Cmd,
                Task = task.Value,
                From = TaskState.Claimed,
                To = TaskState.Queued,
                Generation = entry.Generation,
                Reason = FailureReason.Crashed,
                Result = "ok",
            });
        }

        var generation = 1 + Math.Max(entry.Generation, previous?.Generation ?? 0);
        var attempt = 1 + entry.Attempt;
        var lease = new Lease
        {
            Task = task,
            Window = Agents.WindowName.For(request.Agent, attempt, task),
            Agent = request.Agent,
            ClaimedAt = village.Now,
            State = TaskState.Claimed,
            Attempt = attempt,
            Generation = generation,
            Nonce = Guid.NewGuid().ToString("N"),
            Workspace = village.WorkspaceOf(task),
            Branch = VillageContext.BranchOf(task),
            Host = village.HostName,
            Boot = ProcessTable.BootId(),
            Tmux = session?.Server,
            Foreign = previous?.Foreign ?? [],
        };
        var live = LiveFile.Create(village.Leases.LivePathOf(task, generation));
        try
        {
            village.Events.Append(new()
            {
                Ts = default,
                Cmd = request.Cmd,
                Task = task.Value,
                Agent = request.Agent,
                Attempt = attempt,
                Generation = generation,
                From = entry.State is TaskState.Claimed ? TaskState.Queued : entry.State,
                To = TaskState.Claimed,
                Result = "ok",
                Reason = entry.State switch { TaskState.Paused => "resumed", TaskState.InProgress => "take_over", _ => null },
            });
            village.Leases.Write(lease);
        }
        catch
        {
            live.Dispose();
            throw;
        }

        village.Leases.RemoveLiveBefore(task, generation);
        return (new(lease, live, previous), null);
    }

    /// <summary>Gives a claim back whose worker never came up: the task is queued again. False when it is no longer ours.</summary>
    public static bool GiveUp(VillageContext village, Claim claim, string cmd, string reason, string? message)
    {
        using var guard = village.TakeGuard();
        if (!claim.Lease.Fence.Matches(village.Leases.Read(claim.Lease.Task)))
        {
            return false;
        }

        var state = village.Events.Read().Of(claim.Lease.Task).State;
        if (state is TaskState.Claimed)
        {
            village.Events.Append(new()
            {
                Ts = default,
                Cmd = cmd,
                Task = claim.Lease.Task.Value,
                Generation = claim.Lease.Generation,
                Attempt = claim.Lease.Attempt,
                From = state,
                To = TaskState.Queued,
                Reason = reason,
                Message = message,
                Result = "error",
            });
        }

        village.Leases.Remove(claim.Lease.Task, claim.Lease.Generation);
        return true;
    }

    /// <summary>
    /// Changes the state of a held task: event first, lease after it. Null when the fence no longer matches or the table
    /// forbids it, and then nothing is changed. <paramref name="change"/> adds what the event and the lease say besides.
    /// </summary>
    public static Lease? Move(
        VillageContext village, Fence fence, TaskState to, VillageEvent about, Func<Lease, Lease> change)
    {
        using var guard = village.TakeGuard();
        var lease = village.Leases.Read(fence.Task);
        var from = village.Events.Read().Of(fence.Task).State;
        if (!fence.Matches(lease) || !from.CanBecome(to))
        {
            return null;
        }

        village.Events.Append(about with
        {
            Task = fence.Task.Value,
            From = from,
            To = to,
            Generation = fence.Generation,
            Attempt = lease!.Attempt,
            Agent = lease.Agent,
            Pane = about.Pane ?? lease.Pane,
        });
        var changed = change(lease with { State = to });
        village.Leases.Write(changed);
        if (to is TaskState.Completed)
        {
            TaskBook.TryClose(village, fence.Task);
        }

        return changed;
    }

    /// <summary>
    /// Puts a task back into the queue whose lease a person takes away, under the caller's guard: first the generation is
    /// bumped, so that whatever its worker still writes is refused. Ended tasks stay as they are.
    /// </summary>
    public static void Requeue(VillageContext village, TaskId task, Lease? lease, string cmd, string reason)
    {
        var entry = village.Events.Read().Of(task);
        var generation = 1 + Math.Max(entry.Generation, lease?.Generation ?? 0);
        void Append(TaskState from, TaskState to) => village.Events.Append(new()
        {
            Ts = default,
            Cmd = cmd,
            Task = task.Value,
            Pane = lease?.Pane,
            From = from,
            To = to,
            Generation = generation,
            Reason = reason,
            Result = "ok",
        });
        if (entry.State is TaskState.InProgress or TaskState.Paused)
        {
            Append(entry.State, TaskState.Claimed);
        }

        if (entry.State is TaskState.InProgress or TaskState.Paused or TaskState.Claimed)
        {
            Append(TaskState.Claimed, TaskState.Queued);
        }
    }

    /// <summary>Removes the lease of an ended or given-up claim; false when it is no longer ours.</summary>
    public static bool Release(VillageContext village, Fence fence)
    {
        using var guard = village.TakeGuard();
        return fence.Matches(village.Leases.Read(fence.Task)) && village.Leases.Remove(fence.Task, fence.Generation);
    }

    /// <summary>Whether a claim is still the valid one.</summary>
    public static bool IsOurs(VillageContext village, Fence fence) => fence.Matches(village.Leases.Read(fence.Task));

    private static Skip? Refusal(
        VillageContext village, ClaimRequest request, Session? session, TaskEntry entry, LeaseEntry? found, int held)
    {
        var id = request.Task.Value;
        if (found is { Lease: null })
        {
            return new(id, SkipReason.CorruptLease, $"its lock file {found.Problem}");
        }

        var status = found?.Lease is { } lease ? village.StatusOf(lease, session) : (LeaseStatus?)null;
        return status?.IsHeld() is true ? new(id, SkipReason.ActiveLease, $"{found!.Lease!.Agent} has it in window {found.Lease.Window}")
            : !request.From.Contains(entry.State) ? new(id, SkipReason.WrongState, $"it is {entry.State.Name()}")
            : held >= request.MaxWorkers ? new(id, SkipReason.ConcurrencyLimit, $"{held} of {request.MaxWorkers} workers are active")
            : null;
    }
}
