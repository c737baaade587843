using Village.Adapters.Machine;
using Village.Errors;
using Village.Events;
using Village.Hosting;
using Village.Leases;
using Village.Platform;
using Village.Tasks;

namespace Village.Operations;

/// <summary>Takes what an agent says of itself into the log and wakes its supervisor.</summary>
internal static class TakeSignal
{
    /// <summary>Under the guard and fenced: a worker whose lease was taken says nothing any more.</summary>
    public static void Run(VillageContext village, TaskId task, string nonce, VillageEvent about)
    {
        var lease = Record(village, task, nonce, about)
            ?? throw new VillageException(ErrorKind.Blocked, $"the lease of '{task}' is no longer this worker's", null);
        Wake(lease);
    }

    /// <summary>Notes what is known of an agent, in the log and, its conversation, in its lease. Null when the lease is no longer this worker's.</summary>
    public static Lease? Record(VillageContext village, TaskId task, string nonce, VillageEvent about)
    {
        using var guard = village.TakeGuard();
        var lease = village.Leases.Read(task);
        if (lease?.Nonce != nonce)
        {
            return null;
        }

        village.Events.Append(about with
        {
            Task = task.Value,
            Pane = lease.Pane,
            Generation = lease.Generation,
            Attempt = lease.Attempt,
            Agent = lease.Agent,
            Nonce = nonce,
            Result = "ok",
        });
        if (about.Session is { } session && session != lease.AgentSession)
        {
            village.Leases.Write(lease with { AgentSession = session });
        }

        return lease;
    }

    /// <summary>Tells the supervisor to look at the log.</summary>
    public static void Wake(Lease lease)
    {
        if (ProcessTable.Living(lease.Worker) is { } supervisor)
        {
            _ = Libc.Kill(supervisor, Libc.SigUsr1);
        }
    }
}
