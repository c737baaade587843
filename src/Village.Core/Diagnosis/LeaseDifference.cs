using Village.Events;
using Village.Leases;
using Village.Tasks;

namespace Village.Diagnosis;

/// <summary>How a lease differs from the log, and the part of mending it that needs no person. The log wins.</summary>
public static class LeaseDifference
{
    /// <summary>The difference between a lease and what the log says of its task, or null. Leases of the original say too little.</summary>
    public static FindingKind? Of(LeaseFact found, TaskEntry entry) =>
        found.Lease is not { Nonce: not null } lease ? null
        : lease.Generation > entry.Generation ? FindingKind.LeaseAheadOfLog
        : lease.Generation < entry.Generation || entry.State is TaskState.Queued or TaskState.Completed ? FindingKind.SupersededLease
        : ReferenceEquals(LeaseProtocol.AsLogged(lease, entry), lease) ? null
        : FindingKind.LeaseBehindLog;

    /// <summary>
    /// What a kill between two writes left is brought to its end: a lease that is behind is written again from the log, one whose
    /// claim is over goes. Null when there is nothing to repair, when its holder may live, or when a person has to decide.
    /// </summary>
    public static LeaseChange? Repair(LeaseFact found, TaskEntry entry, string cmd)
    {
        var difference = found.MayLive ? null : Of(found, entry);
        if (difference is not (FindingKind.LeaseBehindLog or FindingKind.SupersededLease))
        {
            return null;
        }

        var lease = found.Lease!;
        IReadOnlyList<VillageEvent> events =
        [
            new()
            {
                Ts = default,
                Cmd = cmd,
                Task = lease.Task.Value,
                Generation = entry.Generation,
                Reason = difference.Value.Name(),
                Message = $"the lock said {lease.State?.Name()} of generation {lease.Generation}, the log says {entry.State.Name()} of {entry.Generation}",
                Result = "ok",
            },
        ];
        if (difference is FindingKind.SupersededLease)
        {
            return new(events) { RemovesLease = true, RemovesLive = lease.Generation };
        }

        var written = LeaseProtocol.AsLogged(lease, entry);
        return new(events, written) { RemovesLive = written.IsOver ? lease.Generation : null };
    }
}
