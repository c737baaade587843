using Village.Hosting;
using Village.Leases;

namespace Village.Operations;

/// <summary>What a supervisor tells of its attempt and that changes no state, for the log's readers.</summary>
internal static class AttemptNote
{
    /// <summary>Writes it.</summary>
    public static void Write(VillageContext village, Lease lease, string reason, string message) => village.Events.Append(new()
    {
        Ts = default,
        Cmd = "worker",
        Task = lease.Task.Value,
        Result = "ok",
        Generation = lease.Generation,
        Attempt = lease.Attempt,
        Agent = lease.Agent,
        Reason = reason,
        Message = message,
    });
}
