using Village.Adapters.Machine;
using Village.Errors;
using Village.Hosting;
using Village.Leases;
using Village.Platform;
using Village.Tasks;

namespace Village.Operations;

/// <summary>Takes what an agent says of itself into the log and wakes its supervisor.</summary>
internal static class TakeSignal
{
    /// <summary>Under the guard and fenced: a worker whose lease was taken says nothing any more.</summary>
    public static void Run(VillageContext village, TaskId task, string nonce, string signal, string? message, bool noChanges)
    {
        if (ProcessTable.Living(Record(village, task, nonce, signal, message, noChanges).Worker) is { } supervisor)
        {
            _ = Libc.Kill(supervisor, Libc.SigUsr1);
        }
    }

    private static Lease Record(VillageContext village, TaskId task, string nonce, string signal, string? message, bool noChanges)
    {
        using var guard = village.TakeGuard();
        var lease = village.Leases.Read(task);
        if (lease?.Nonce != nonce)
        {
            throw new VillageException(ErrorKind.Blocked, $"the lease of '{task}' is no longer this worker's", null);
        }

        village.Events.Append(new()
        {
            Ts = default,
            Cmd = "signal",
            Task = task.Value,
            Pane = lease.Pane,
            Generation = lease.Generation,
            Attempt = lease.Attempt,
            Agent = lease.Agent,
            Signal = signal,
            Message = message,
            Nonce = nonce,
            Result = "ok",
            Reason = signal is "done" && noChanges ? FailureReason.NoChanges : null,
        });
        return lease;
    }
}
