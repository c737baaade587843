using Village.Adapters.Machine;
using Village.Errors;
using Village.Hosting;
using Village.Leases;
using Village.Reports;
using Village.Tasks;

namespace Village.Operations;

/// <summary>Takes a lease away. A living worker's only by force: the generation is bumped first, so the worker is fenced, and ended then.</summary>
internal static class Unlock
{
    /// <summary>Removes the lease of a task.</summary>
    public static async Task<UnlockReport> RunAsync(VillageContext village, TaskId task, bool force, CancellationToken ct)
    {
        var session = await village.Tmux.FindAsync(ct);
        Lease? lease;
        LeaseStatus status;
        using (village.TakeGuard())
        {
            var found = village.Leases.Find(task)
                ?? throw new VillageException(ErrorKind.NotFound, $"'{task}' has no lock", "village locks");
            lease = found.Lease;
            status = lease is null ? LeaseStatus.Corrupt : village.StatusOf(lease, session);
            if (!force && (status.IsHeld() || lease is null))
            {
                throw new VillageException(
                    ErrorKind.Blocked,
                    lease is null ? $"the lock of '{task}' {found.Problem}" : $"'{task}' is being worked on in window {lease.Window}",
                    $"village unlock {task} --force");
            }

            Claims.PutBack(village, task, lease, "unlock", force ? "forced" : "stale_lease", $"the lock was {status.Name()}");
        }

        var ended = await EndAsync(village, lease, status, ct);
        Repair.Run(village, "unlock");
        return new(task.Value, status.Name(), ended);
    }

    private static async Task<IReadOnlyList<int>> EndAsync(VillageContext village, Lease? lease, LeaseStatus status, CancellationToken ct)
    {
        if (lease?.Nonce is not { } nonce || lease.Host != village.HostName)
        {
            return [];
        }

        var self = village.Host.ProcessId;
        var supervisor = status.IsHeld() ? ProcessTable.Living(lease.Worker) : null;
        var (ended, _) = await Leftovers.EndAsync(
            village,
            lease.Task,
            "unlock",
            () => [.. (ProcessTable.Living(lease.Worker) is { } alive && alive == supervisor ? [alive] : Array.Empty<int>()).Union(ProcessTable.Carrying(nonce, self))],
            ct);
        return ended;
    }
}
