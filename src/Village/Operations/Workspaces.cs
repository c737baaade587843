using Village.Adapters.Machine;
using Village.Hosting;
using Village.Leases;
using Village.Scheduling;
using Village.Storage;

namespace Village.Operations;

/// <summary>Where a task's work will begin.</summary>
/// <param name="Base">The commit the branch comes from.</param>
/// <param name="Start">The commit this attempt begins at: the branch's tip, or the base of a new branch.</param>
internal sealed record Ground(string Base, string Start);

/// <summary>Prepares the workspace of a claimed task, and decides what its branch comes from.</summary>
internal static class Workspaces
{
    /// <summary>
    /// The lock that whoever touches a workspace's files or branch holds, its worker or a thief: on the directory itself, so
    /// nothing is left behind. Null when the directory is gone; then there is nothing to protect.
    /// </summary>
    public static Guard? TakeWorkLock(string workspace) => Guard.TakeDirectory(workspace, TimeSpan.FromMinutes(1));

    /// <summary>
    /// Makes the workspace, or continues in the one that is there. Another process inside it, a branch that is checked
    /// out elsewhere or a foreign directory in its place is a refusal; nothing was changed then.
    /// </summary>
    public static async Task<(Ground? Ground, Skip? Refusal)> PrepareAsync(
        VillageContext village, Claim claim, string cmd, string baseCommit, bool hasBranch, bool keepDirt, CancellationToken ct)
    {
        var (lease, task) = (claim.Lease, claim.Lease.Task);
        var (path, branch) = (lease.Workspace!, lease.Branch!);
        var left = await EndLeftoversAsync(village, claim.Previous, cmd, path, ct);
        if (left is not null)
        {
            return (null, new(task.Value, SkipReason.LeftoverProcesses, left));
        }

        Skip Occupied(string why) => new(task.Value, SkipReason.Workspace, why);
        var exists = !village.Scm.IsVacant(path);
        string? tip;
        using (village.TakeRepositoryGuard())
        {
            if (!exists && !hasBranch)
            {
                // The usual case: nothing is there, and git refuses if that has changed meanwhile.
                await village.Scm.AddWorkspaceAsync(village.Root, path, branch, branchExists: false, baseCommit, ct);
                return (new(baseCommit, baseCommit), null);
            }

            var checkouts = await village.Scm.ListCheckoutsAsync(village.Root, ct);
            var here = checkouts.FirstOrDefault(c => c.Path == path);
            tip = await village.Scm.BranchTipAsync(village.Root, branch, ct);
            if (exists && here is null)
            {
                return (null, Occupied($"'{Printable.Line(path)}' is there and is no workspace of this repository"));
            }

            if (!exists && checkouts.FirstOrDefault(c => c.Branch == branch && c.Path != path) is { } elsewhere)
            {
                return (null, Occupied($"branch {branch} is checked out in '{Printable.Line(elsewhere.Path)}'"));
            }

            if (!exists)
            {
                await village.Scm.AddWorkspaceAsync(village.Root, path, branch, branchExists: tip is not null, tip ?? baseCommit, ct);
                return (new(baseCommit, tip ?? baseCommit), null);
            }
        }

        using var work = TakeWorkLock(path);
        if (await village.Scm.MendAsync(path, task.Value, lease.Attempt - 1, ct) is { } aside)
        {
            RollBack.Tell(village, task, lease.Generation, lease.Attempt - 1, "stale_workspace", aside);
        }

        if (!keepDirt && !await village.Scm.IsEmptyAsync(path, ct))
        {
            await RollBack.RunAsync(village, lease, lease.Attempt - 1, "queue", ct);
        }

        return (new(baseCommit, await village.Scm.HeadAsync(path, ct) ?? baseCommit), null);
    }

    // What carries the dead claim's nonce is the old worker's and is ended. Anybody else in there (a shell, an editor) may
    // be a person's: that is a refusal with their names, never a kill.
    private static async Task<string?> EndLeftoversAsync(VillageContext village, Lease? previous, string cmd, string path, CancellationToken ct)
    {
        var self = village.Host.ProcessId;
        for (var look = 0; ; look++)
        {
            if (previous?.Nonce is { } nonce)
            {
                var (_, left) = await Leftovers.EndAsync(village, previous.Task, cmd, () => ProcessTable.Carrying(nonce, self), ct);
                if (left is not [])
                {
                    return $"processes of its last attempt do not end: {string.Join(", ", left)}";
                }
            }

            if (!Directory.Exists(path) || ProcessTable.Inside(path, self) is not { Count: > 0 } inside)
            {
                return null;
            }

            if (look is 20)
            {
                return $"other processes are at work in its workspace: {string.Join(", ", inside)}; end them, or leave that directory first";
            }

            // A process that is just becoming another program shows no environment for a moment; a stranger stays.
            await Task.Delay(50, ct);
        }
    }
}
