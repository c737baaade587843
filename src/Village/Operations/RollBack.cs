using Village.Adapters.Machine;
using Village.Errors;
using Village.Hosting;
using Village.Leases;
using Village.Reports;
using Village.Tasks;

namespace Village.Operations;

/// <summary>Returns a workspace to its branch, after everything in it was saved (invariant I4).</summary>
internal static class RollBack
{
    /// <summary>
    /// Rolls back under the caller's work lock; the event names the ref that keeps the work. Returns that ref, or null when
    /// the workspace was clean.
    /// </summary>
    public static async Task<string?> RunAsync(VillageContext village, Lease lease, int attempt, string reason, CancellationToken ct)
    {
        var (workspace, branch) = (lease.Workspace!, lease.Branch!);
        var about = new Events.VillageEvent { Ts = default, Cmd = "rollback", Generation = lease.Generation, Attempt = attempt, Reason = reason };
        var saved = await RunAsync(village, lease.Task, workspace, branch, about, ct);
        if (saved is null && await village.Scm.StraysAsync(workspace, branch, ct) is not null)
        {
            // Clean, and where the branch is, but not on it: nothing is taken by going back, and the next attempt needs it.
            await village.Scm.ResetAsync(workspace, branch, branch, ct);
        }

        return saved;
    }

    /// <summary>The same for a person, who may do it whenever nobody works on the task. State and lease stay.</summary>
    public static async Task<RollbackReport> ByHandAsync(VillageContext village, TaskId task, CancellationToken ct)
    {
        var path = village.WorkspaceOf(task);
        using var work = TakeIdle(village, task, path);
        var entry = village.Events.Read().Of(task);
        if (await village.Scm.MendAsync(path, task.Value, entry.Attempt, ct) is { } aside)
        {
            Tell(village, task, entry.Generation, entry.Attempt, "stale_workspace", aside);
        }

        if (await village.Scm.IsEmptyAsync(path, ct))
        {
            return new(task.Value, null);
        }

        var about = new Events.VillageEvent { Ts = default, Cmd = "rollback", Attempt = entry.Attempt, Reason = "by_hand" };
        return new(task.Value, await RunAsync(village, task, path, village.BranchOf(task), about, ct));
    }

    /// <summary>Saves and resets, with the event between the two: what is gone from the workspace is always named in the log.</summary>
    public static async Task<string?> RunAsync(
        VillageContext village, TaskId task, string workspace, string branch, Events.VillageEvent about, CancellationToken ct)
    {
        await village.Scm.AdvanceAsync(workspace, branch, ct);
        var standing = await village.Scm.StandsOnAsync(workspace, ct);
        var saved = await village.Scm.SaveAsync(workspace, branch, task.Value, about.Attempt ?? 0, always: false, ct);
        if (saved is not null)
        {
            // What is taken from the workspace now must be in the trash for good.
            village.Scm.Sync(workspace);
            village.Events.Append(about with { Task = task.Value, Result = "ok", Trash = saved, Branch = standing });
            await village.Scm.ResetAsync(workspace, branch, saved, ct);
        }
        return saved;
    }

    /// <summary>Says in the log that something was taken from a workspace, and where it is.</summary>
    public static void Tell(VillageContext village, TaskId task, long generation, int attempt, string reason, string trash) => village.Events.Append(new()
    {
        Ts = default,
        Cmd = "rollback",
        Task = task.Value,
        Generation = generation,
        Attempt = attempt,
        Result = "ok",
        Reason = reason,
        Trash = trash,
    });

    /// <summary>
    /// Takes the work lock of a workspace that nobody works in; refuses where a worker has it or a process stands in it, the shell
    /// that called apart.
    /// </summary>
    public static Storage.Guard TakeIdle(VillageContext village, TaskId task, string path)
    {
        RequireIdle(village, task);
        var work = Workspaces.TakeWorkLock(path) ?? throw new VillageException(ErrorKind.NotFound, $"'{task}' has no workspace", $"village resume {task}");
        try
        {
            RequireIdle(village, task);
            return ProcessTable.Inside(path, village.Host.ProcessId).Except(ProcessTable.Ancestors(village.Host.ProcessId)).ToList() is { Count: > 0 } inside
                ? throw new VillageException(
                    ErrorKind.Blocked, $"processes are in the workspace of '{task}': {string.Join(", ", inside)}", "end them, or leave that directory first")
                : work;
        }
        catch
        {
            work.Dispose();
            throw;
        }
    }

    /// <summary>Refuses while a worker has the task.</summary>
    public static void RequireIdle(VillageContext village, TaskId task)
    {
        if (village.Leases.Read(task) is { } lease && village.StatusOf(lease, session: null).IsHeld())
        {
            throw new VillageException(
                ErrorKind.Blocked, $"'{task}' is being worked on in window {lease.Window}", $"wait for it, or village unlock {task} --force");
        }
    }
}
