using Village.Hosting;
using Village.Leases;

namespace Village.Operations;

/// <summary>Returns a workspace to its branch, after everything in it was saved (invariant I4).</summary>
internal static class RollBack
{
    /// <summary>
    /// Rolls back under the caller's work lock; the event names the ref that keeps the work. Returns that ref, or null when
    /// the workspace was clean.
    /// </summary>
    public static async Task<string?> RunAsync(VillageContext village, Lease lease, int attempt, string cmd, CancellationToken ct)
    {
        var (workspace, branch) = (lease.Workspace!, lease.Branch!);
        await village.Scm.AdvanceAsync(workspace, branch, ct);
        var saved = await village.Scm.SaveAsync(workspace, branch, lease.Task.Value, attempt, ct);
        if (saved is not null)
        {
            // What is taken from the workspace now must be in the trash for good.
            village.Scm.Sync(workspace);
            await village.Scm.ResetAsync(workspace, branch, saved, ct);
            Tell(village, lease, attempt, cmd, saved);
        }

        return saved;
    }

    /// <summary>Says in the log that something was taken from a workspace, and where it is.</summary>
    public static void Tell(VillageContext village, Lease lease, int attempt, string reason, string trash) => village.Events.Append(new()
    {
        Ts = default,
        Cmd = "rollback",
        Task = lease.Task.Value,
        Generation = lease.Generation,
        Attempt = attempt,
        Result = "ok",
        Reason = reason,
        Trash = trash,
    });
}
