using Village.Adapters.Machine;
using Village.Cleanup;
using Village.Errors;
using Village.Events;
using Village.Hosting;
using Village.Leases;
using Village.Tasks;

namespace Village.Operations;

/// <summary>Removes what dead workers left behind. Goes through the whole plan: one thing that must stay does not stop the rest.</summary>
internal static class CleanUp
{
    /// <summary>Applies a plan; each act checks again the one thing it removes. With <paramref name="force"/> dirt is saved to the trash first.</summary>
    public static async Task<CleanupReport> ApplyAsync(VillageContext village, CleanupPlan plan, Waste waste, bool force, CancellationToken ct)
    {
        List<CleanupItem> removed = [];
        List<CleanupItem> failed = [];
        foreach (var item in plan.Remove)
        {
            string? problem;
            try
            {
                problem = item.Kind switch
                {
                    "lock" => await RemoveLockAsync(village, item.Name, "cleanup", ct),
                    "processes" => await RemoveWaste.EndProcessesAsync(village, item.Name, ct),
                    "pane" => await RemoveWaste.ClosePaneAsync(village, item.Name, ct),
                    "branch" => await RemoveWaste.DeleteBranchAsync(village, waste.Branches.Single(branch => branch.Name == item.Name), ct),
                    _ => await RemoveWorkspaceAsync(village, item.Name, force, ct),
                };
            }
            catch (Exception failure) when (failure is VillageException or IOException)
            {
                problem = (failure as VillageException)?.Advice ?? failure.Message;
                village.Events.Append(new()
                {
                    Ts = default,
                    Cmd = "cleanup",
                    Task = item.Name,
                    Result = "error",
                    Reason = item.Kind,
                    Error = problem,
                    Stack = failure.ToString(),
                });
            }

            (problem is null ? removed : failed).Add(problem is null ? item : item with { Reason = problem });
        }

        Repair.Run(village, "cleanup");
        return new(removed, plan.Keep, failed);
    }

    /// <summary>Removes a dead or corrupt lock, after what its worker left was ended; says why not, or null.</summary>
    public static async Task<string?> RemoveLockAsync(VillageContext village, string name, string cmd, CancellationToken ct)
    {
        // A file whose name is no task id cannot be a lease; its name is never made into a path but was read from one.
        if (!TaskId.TryParse(name, out var task))
        {
            return "its name is no task id; remove the file by hand";
        }

        var lease = village.Leases.Read(task);
        if (lease?.Nonce is { } nonce)
        {
            var self = village.Host.ProcessId;
            var (_, left) = await Leftovers.EndAsync(
                village, task, cmd, () => village.StatusOf(lease, null).IsHeld() ? [] : ProcessTable.Carrying(nonce, self), ct);
            if (left is not [])
            {
                return $"processes of its worker do not end: {string.Join(", ", left)}";
            }
        }

        // Only a lease of the original is judged by its pane.
        var session = lease is { Nonce: null } ? await village.Tmux.FindAsync(ct) : null;
        using var guard = village.TakeGuard();
        var now = village.Leases.Find(task);
        if (now is null)
        {
            return null;
        }

        if (now.Lease is { } current && (lease is null || current.Nonce != lease.Nonce || village.StatusOf(current, session) is not LeaseStatus.Stale))
        {
            return "it was claimed again";
        }

        Claims.PutBack(village, task, now.Lease, cmd, now.Lease is null ? "corrupt_lease" : "stale_lease", now.Problem);
        return null;
    }

    private static async Task<string?> RemoveWorkspaceAsync(VillageContext village, string name, bool force, CancellationToken ct)
    {
        var task = TaskId.Parse(name);
        var (path, branch) = (village.WorkspaceOf(task), village.BranchOf(task));
        using var work = Workspaces.TakeWorkLock(path);
        if (village.Leases.Read(task) is { } lease && village.StatusOf(lease, null).IsHeld())
        {
            return "it was claimed again";
        }

        if (ProcessTable.Inside(path, village.Host.ProcessId) is { Count: > 0 } inside)
        {
            return $"processes are in it: {string.Join(", ", inside)}";
        }

        if (!force && await village.Scm.DirtyPathsAsync(path, untracked: true, ct) is { Count: > 0 } dirty)
        {
            return $"it holds {dirty.Count} uncommitted file{(dirty.Count is 1 ? "" : "s")}; `village cleanup --apply --force` saves them to the trash and removes it";
        }

        return await TakeAwayAsync(village, task, path, branch, ct);
    }

    // The event comes before the first byte goes: whatever a kill leaves, an undo knows what was taken and where it is.
    private static async Task<string?> TakeAwayAsync(VillageContext village, TaskId task, string path, string branch, CancellationToken ct)
    {
        var ignored = await village.Scm.IgnoredPathsAsync(path, ct);
        var (standing, head) = (await village.Scm.StandsOnAsync(path, ct), await village.Scm.HeadAsync(path, ct));
        var trash = await village.Scm.SaveAsync(path, branch, task.Value, village.Events.Read().Of(task).Attempt, always: ignored is not [], ct);
        if (ignored is not [] && trash is null)
        {
            return $"it stands on no commit, so its ignored files ({Printable.Line(ignored[0])}) cannot be kept; move them away by hand";
        }

        var kept = ignored is [] ? null : KeptFiles.NameOf(trash!);
        if (kept is not null && KeptFiles.Prepare(village, kept, path) is { } cannot)
        {
            return cannot;
        }

        village.Scm.Sync(path);
        var step = new VillageEvent
        {
            Ts = default,
            Cmd = "cleanup",
            Task = task.Value,
            Result = "ok",
            Reason = "workspace",
            Commit = head,
            Trash = trash,
            Kept = kept,
            Branch = standing,
        };
        village.Events.Append(step);
        if (trash is not null)
        {
            await village.Scm.ResetAsync(path, branch, trash, ct);
        }

        if (kept is not null)
        {
            KeptFiles.Take(village, kept, path, ignored);
        }

        string? problem;
        using (village.TakeRepositoryGuard())
        {
            problem = await village.Scm.RemoveWorkspaceAsync(village.Root, path, ct);
        }

        if (problem is not null)
        {
            if (kept is not null)
            {
                KeptFiles.GiveBack(village, kept, path);
            }

            village.Events.Append(step with { Result = "error", Error = problem });
        }

        return problem;
    }
}
