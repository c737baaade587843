using Village.Adapters.Machine;
using Village.Hosting;
using Village.Leases;
using Village.Platform;
using Village.Tasks;

namespace Village.Operations;

/// <summary>Knows when a log is complete.</summary>
internal static class FollowLog
{
    /// <summary>Whether there is a log; what is no regular file is an error, not something to wait for.</summary>
    public static bool Exists(string log)
    {
        using var file = NativeFile.TryOpenRegular(log, Libc.ReadOnly);
        return file is not null;
    }

    /// <summary>
    /// Whether more may come: the worker is active, or somebody still has the file open. The pane's last lines go through tmux
    /// and reach the file a moment after the worker has given the task back.
    /// </summary>
    public static bool GoesOn(VillageContext village, TaskId task, string log) =>
        (village.Leases.Read(task) is { } lease && village.StatusOf(lease, session: null) is LeaseStatus.Active)
        || ProcessTable.Holding(log, village.Host.ProcessId) is not [];
}
