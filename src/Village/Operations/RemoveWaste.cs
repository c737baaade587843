using Village.Adapters.Machine;
using Village.Cleanup;
using Village.Events;
using Village.Hosting;
using Village.Tasks;

namespace Village.Operations;

/// <summary>Removes what <see cref="ExamineWaste"/> has found, each thing after another look at it. Says why not, or null.</summary>
internal static class RemoveWaste
{
    /// <summary>Ends processes of a task's claims that nobody has any more; a claim that is over never comes back.</summary>
    public static async Task<string?> EndProcessesAsync(VillageContext village, string name, CancellationToken ct)
    {
        var nonces = (await ExamineWaste.LookAtWorkersAsync(village, ct)).Processes.Where(process => process.Task == name).Select(process => process.Nonce).ToHashSet(StringComparer.Ordinal);
        if (nonces.Count is 0 || !TaskId.TryParse(name, out var task))
        {
            return nonces.Count is 0 ? null : "they carry no task's id; end them by hand";
        }

        var self = village.Host.ProcessId;
        var (_, left) = await Leftovers.EndAsync(village, task, "cleanup", () => [.. nonces.SelectMany(nonce => ProcessTable.Carrying(nonce, self))], ct);
        return left is [] ? null : $"they do not end: {string.Join(", ", left)}";
    }

    /// <summary>Closes a pane whose claim nobody has any more.</summary>
    public static async Task<string?> ClosePaneAsync(VillageContext village, string id, CancellationToken ct)
    {
        if ((await ExamineWaste.LookAtWorkersAsync(village, ct)).Panes.FirstOrDefault(pane => pane.Id == id) is not { } pane)
        {
            return null;
        }

        if (pane.Stranger is not null)
        {
            return "a program runs in it that is no worker";
        }

        village.Events.Append(new() { Ts = default, Cmd = "cleanup", Pane = id, Result = "ok", Reason = "pane" });
        await village.Tmux.KillPaneAsync(id, ct);
        return null;
    }

    /// <summary>Removes a branch that stands where it stood when it was found to be contained in the base. The event keeps its tip.</summary>
    public static async Task<string?> DeleteBranchAsync(VillageContext village, TaskBranch branch, CancellationToken ct)
    {
        var task = TaskId.Parse(branch.Task);
        using var guard = village.TakeRepositoryGuard();
        if (village.Leases.Find(task) is not null)
        {
            return "its task was claimed again";
        }

        if ((await village.Scm.ListCheckoutsAsync(village.Root, ct)).FirstOrDefault(checkout => checkout.Branch == branch.Name) is { } checkout)
        {
            return $"it is checked out in '{Printable.Line(checkout.Path)}'";
        }

        // The event first: whatever happens then, it says where the branch stood.
        var removal = new VillageEvent { Ts = default, Cmd = "cleanup", Task = task.Value, Result = "ok", Reason = "branch", Message = branch.Name, Commit = branch.Tip };
        village.Events.Append(removal);
        var problem = await village.Scm.DeleteBranchAsync(village.Root, branch.Name, branch.Tip, ct);
        if (problem is not null)
        {
            village.Events.Append(removal with { Result = "error", Error = problem });
        }

        return problem;
    }
}
