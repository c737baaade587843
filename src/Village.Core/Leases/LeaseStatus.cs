using Village.Tasks;

namespace Village.Leases;

/// <summary>What a lease is worth at this moment (design, section 4).</summary>
public enum LeaseStatus
{
    /// <summary>Held: a live process has it. Counts against MAX_WORKERS.</summary>
    Active,

    /// <summary>Its holder is gone; the task may be taken over.</summary>
    Stale,

    /// <summary>Kept after completed or failed; neither counted nor stolen.</summary>
    Ended,

    /// <summary>Kept for later by a person or an interruption; neither counted nor stolen.</summary>
    Parked,

    /// <summary>Does not parse.</summary>
    Corrupt,

    /// <summary>Cannot be judged from here; treated as active.</summary>
    Unknown,
}

/// <summary>What the kernel says of a live file's byte ranges.</summary>
public enum LiveLock
{
    /// <summary>There is no such file.</summary>
    Missing,

    /// <summary>Nobody holds it.</summary>
    Free,

    /// <summary>A live process holds it.</summary>
    Held,

    /// <summary>It could not be asked.</summary>
    Unreadable,
}

/// <summary>What was seen beside the lease when it was judged.</summary>
/// <param name="Live">The liveness lock.</param>
/// <param name="Host">This machine's name.</param>
/// <param name="PaneExists">Whether the lease's pane is there now; only asked for a lease without nonce.</param>
public sealed record LeaseEvidence(LiveLock Live, string Host, bool PaneExists);

/// <summary>Judges leases.</summary>
public static class LeaseStatuses
{
    /// <summary>
    /// The status of a lease. A lease with a nonce is judged by the kernel's lock alone: pane ids start again with
    /// a new tmux server and process ids are used again, a lock is not.
    /// </summary>
    public static LeaseStatus Of(Lease lease, LeaseEvidence seen) => (lease.State, lease.Nonce) switch
    {
        (TaskState.Completed or TaskState.Failed or TaskState.Queued, _) => LeaseStatus.Ended,
        (TaskState.Paused, _) when lease.Parked is not null => LeaseStatus.Parked,
        (_, null) => seen.PaneExists ? LeaseStatus.Active : LeaseStatus.Stale,
        _ when lease.Host is not null && lease.Host != seen.Host => LeaseStatus.Unknown,
        _ => seen.Live switch
        {
            LiveLock.Held => LeaseStatus.Active,
            LiveLock.Unreadable => LeaseStatus.Unknown,
            _ => LeaseStatus.Stale,
        },
    };

    /// <summary>The name on screens and in JSON: <c>ACTIVE</c>.</summary>
    public static string Name(this LeaseStatus status) => status switch
    {
        LeaseStatus.Active => "ACTIVE",
        LeaseStatus.Stale => "STALE",
        LeaseStatus.Ended => "ENDED",
        LeaseStatus.Parked => "PARKED",
        LeaseStatus.Corrupt => "CORRUPT",
        _ => "UNKNOWN",
    };

    /// <summary>Whether it holds a slot and keeps others from the task.</summary>
    public static bool IsHeld(this LeaseStatus status) => status is LeaseStatus.Active or LeaseStatus.Unknown;
}
