using Village.Errors;
using Village.Leases;
using Village.Scheduling;
using Village.Tasks;

namespace Village.Operations;

/// <summary>How an attempt ends: each way is one change of state, fenced.</summary>
internal sealed partial class RunWorker
{
    private WorkerEnd Complete(Lease lease, Verdict proof)
    {
        if (!Claims.Complete(village, job.Fence, WithUsage(proof.ToEvent(watch.Elapsed)) with { Result = "ok" }))
        {
            return Fenced("its lease was taken away");
        }

        voice.Say($"{lease.Task}: completed, {proof.Message}");
        return WorkerEnd.Completed;
    }

    private async Task<WorkerEnd> FailAsync(Lease lease, Verdict verdict, CancellationToken ct, bool holdsWorkLock = false)
    {
        using var work = holdsWorkLock ? null : Workspaces.TakeWorkLock(lease.Workspace!);
        if (!Claims.IsOurs(village, job.Fence))
        {
            return Fenced("its lease was taken away");
        }

        string? trash = null;
        var (problem, stack) = (verdict.Message, verdict.Stack);
        if (village.Config.RollbackOnFailure && verdict.Reason is not (FailureReason.SetupFailed or FailureReason.UsageLimit))
        {
            try
            {
                trash = await RollBack.RunAsync(village, lease, lease.Attempt, verdict.Reason!, ct);
            }
            catch (Exception failure) when (failure is VillageException or IOException)
            {
                problem = $"{problem}; the workspace was left as it is, because it could not be saved: {(failure as VillageException)?.Advice ?? failure.Message}";
                stack = string.Join("\n\n", new[] { stack, failure.ToString() }.OfType<string>());
            }
        }

        var moved = Claims.Move(
            village, job.Fence, TaskState.Failed, WithUsage(verdict.ToEvent(watch.Elapsed)) with { Result = "error", Message = problem, Stack = stack, Trash = trash }, l => l);
        if (moved is null)
        {
            return Fenced("its lease was taken away");
        }

        voice.Say($"{lease.Task}: failed ({verdict.Reason}): {problem}");
        if (trash is not null)
        {
            voice.Say($"{lease.Task}: what it left is kept in {trash}");
        }

        return WorkerEnd.Failed;
    }

    private WorkerEnd Park(Lease lease, string reason = "interrupted")
    {
        Unpause(lease, reason);
        var parked = Claims.Move(
            village,
            job.Fence,
            TaskState.Paused,
            WithUsage(new() { Ts = default, Cmd = "worker", Result = "ok", Reason = reason, Seconds = watch.Elapsed.TotalSeconds }),
            l => l with { Parked = village.Now });
        if (parked is null)
        {
            return Fenced("its lease was taken away");
        }

        return WorkerEnd.Parked;
    }

    private async Task<WorkerEnd> GiveBackAsync(Lease lease, Skip why)
    {
        await ClaimInBeads.ReleaseAsync(village, lease.Task, "worker");
        Unpause(lease, why.Reason.Name());
        if (!Claims.GiveBack(village, lease, why))
        {
            return Fenced("its lease was taken away");
        }

        voice.Say($"{lease.Task}: not started: {why.Message}");
        return WorkerEnd.GivenBack;
    }

    // A paused task goes back to work for a moment before it ends otherwise: the table of states knows no other way.
    private void Unpause(Lease lease, string reason)
    {
        if (village.Events.Read().Of(lease.Task).State is TaskState.Paused)
        {
            Claims.Move(village, job.Fence, TaskState.InProgress, new() { Ts = default, Cmd = "worker", Result = "ok", Reason = reason }, l => l);
        }
    }

    private WorkerEnd Fenced(string why)
    {
        village.Events.Append(new()
        {
            Ts = default,
            Cmd = "worker",
            Task = job.Fence.Task.Value,
            Generation = job.Fence.Generation,
            Result = "error",
            Reason = FailureReason.Fenced,
            Message = why,
        });
        voice.Say($"{job.Fence.Task}: {why}; nothing was changed");
        return WorkerEnd.Fenced;
    }
}
