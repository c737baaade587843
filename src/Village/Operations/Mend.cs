using Village.Adapters.Machine;
using Village.Adapters.Scm;
using Village.Diagnosis;
using Village.Errors;
using Village.Hosting;
using Village.Leases;
using Village.Storage;
using Village.Tasks;

namespace Village.Operations;

/// <summary>
/// Does what a finding's fix says. Each act checks again, under the guard, the one thing that it changes. Whether it helped is for
/// the next examination to tell.
/// </summary>
internal sealed class Mend(VillageContext village)
{
    private const string Cmd = "doctor";

    /// <summary>Mends one finding; returns why it could not be, or null.</summary>
    public async Task<string?> RunAsync(Finding finding, CancellationToken ct)
    {
        try
        {
            return await ActAsync(finding, finding.Subject ?? "", ct);
        }
        catch (Exception failure) when (failure is VillageException or IOException or UnauthorizedAccessException)
        {
            return failure.Message;
        }
    }

    private async Task<string?> ActAsync(Finding finding, string subject, CancellationToken ct)
    {
        switch (finding.Kind)
        {
            case FindingKind.SupersededLease when village.Leases.Read(TaskId.Parse(subject)) is { } lease && IsAlive(lease):
                await Unlock.RunAsync(village, TaskId.Parse(subject), force: true, ct);
                return null;
            case FindingKind.LeaseBehindLog or FindingKind.SupersededLease or FindingKind.CompletedNotClosed or FindingKind.StrayLiveFile:
                Repair.Run(village, Cmd);
                return null;
            case FindingKind.TemporaryFile:
                return RemoveTemporary(subject);
            case FindingKind.StaleLease or FindingKind.CorruptLease or FindingKind.MisnamedLock:
                return await CleanUp.RemoveLockAsync(village, subject, Cmd, ct);
            case FindingKind.LeaseAheadOfLog:
                return Forget(TaskId.Parse(subject));
            case FindingKind.TaskWithoutLease:
                return PutBack(TaskId.Parse(subject));
            case FindingKind.WrongCheckpoint:
                return RemoveCheckpoint();
            case FindingKind.VanishedWorkspace:
                return await ForgetWorkspaceAsync(subject, ct);
            case FindingKind.StaleIndexLock:
                return RemoveIndexLock(subject);
            case FindingKind.StrayPane:
                return await EndPaneAsync(subject, ct);
            case FindingKind.LeftoverProcesses:
                return await EndProcessesAsync(subject, ct);
            case FindingKind.MissingExclude:
                return AddExcludes();
            case FindingKind.OpenDirectory:
                return Close(subject);
            default:
                return "nothing can be done about it here";
        }
    }

    private bool IsAlive(Lease lease) =>
        village.Leases.Look(lease) is LiveLock.Held || (lease.Host == village.HostName && ProcessTable.Living(lease.Worker) is not null);

    private string? RemoveTemporary(string name)
    {
        using var guard = village.TakeGuard();
        if (ExamineState.Temporaries(village, everywhere: true).Contains(name, StringComparer.Ordinal))
        {
            Tell(null, FindingKind.TemporaryFile, name);
            DurableFile.Discard(Path.Combine(village.StateDirectory, name));
        }

        return null;
    }

    private string? Forget(TaskId task)
    {
        using var guard = village.TakeGuard();
        if (village.Leases.Read(task) is { } lease && lease.Generation > village.Events.Read().Of(task).Generation)
        {
            if (IsAlive(lease))
            {
                return "its worker lives";
            }

            Claims.PutBack(village, task, lease, Cmd, FindingKind.LeaseAheadOfLog.Name(), null);
        }

        return null;
    }

    private string? PutBack(TaskId task)
    {
        using var guard = village.TakeGuard();
        if (village.Leases.Find(task) is null && village.Events.Read().Of(task).State is TaskState.Claimed or TaskState.InProgress or TaskState.Paused)
        {
            Claims.PutBack(village, task, null, Cmd, FindingKind.TaskWithoutLease.Name(), null);
        }

        return null;
    }

    private string? RemoveCheckpoint()
    {
        using var guard = village.TakeGuard();
        DurableFile.Discard(village.Events.CheckpointPath);
        Tell(null, FindingKind.WrongCheckpoint, null);
        return null;
    }

    private async Task<string?> ForgetWorkspaceAsync(string name, CancellationToken ct)
    {
        var path = Path.Combine(village.WorktreesDirectory, name);
        using var guard = village.TakeRepositoryGuard();
        if (Path.Exists(path))
        {
            return "its directory is there again";
        }

        var problem = await village.Scm.RemoveWorkspaceAsync(village.Root, path, ct);
        Tell(TaskId.TryParse(name, out _) ? name : null, FindingKind.VanishedWorkspace, problem ?? name);
        return problem;
    }

    private string? RemoveIndexLock(string name)
    {
        var path = Path.Combine(village.WorktreesDirectory, name);
        using var work = Workspaces.TakeWorkLock(path);
        if (TaskId.TryParse(name, out var task) && village.Leases.Read(task) is { } lease && IsAlive(lease))
        {
            return "a worker is in it";
        }

        if (ProcessTable.Inside(path, village.Host.ProcessId) is { Count: > 0 } inside)
        {
            return $"processes are in it: {string.Join(", ", inside)}";
        }

        if (Git.IndexLockOf(path) is { } file && DurableFile.Remove(file, village.Config.Durability))
        {
            Tell(name, FindingKind.StaleIndexLock, null);
        }

        return null;
    }

    // A claim that is over never comes back: its nonce needs no second look.
    private async Task<string?> EndPaneAsync(string pane, CancellationToken ct)
    {
        var processes = (await village.Tmux.ProcessesAsync(village.Root, ct)).Where(found => found.Pane == pane).Select(found => found.Process).ToList();
        if (processes is not [var supervisor] || ProcessTable.Identity(supervisor) is not { } identity
            || ProcessTable.NonceOfWorker(supervisor) is not { } nonce || ExamineState.Leases(village, null).Any(found => found.MayLive && found.Lease?.Nonce == nonce))
        {
            return null;
        }

        Tell(null, FindingKind.StrayPane, pane);
        await village.Tmux.KillPaneAsync(pane, ct);
        var left = await ProcessTable.SweepAsync(
            () => [.. ProcessTable.Carrying(nonce, village.Host.ProcessId), .. ProcessTable.Living(identity) is { } id ? [id] : Array.Empty<int>()], () => { }, ct);
        return left is [] ? null : $"these do not end: {string.Join(", ", left)}";
    }

    private async Task<string?> EndProcessesAsync(string nonce, CancellationToken ct)
    {
        if (ExamineState.Leases(village, null).Any(found => found.MayLive && found.Lease?.Nonce == nonce))
        {
            return null;
        }

        var marked = ProcessTable.Marked(village.StateDirectory, village.Host.ProcessId).Where(process => process.Nonce == nonce).ToList();
        if (marked is [var first, ..])
        {
            Tell(TaskId.TryParse(first.Task, out _) ? first.Task : null, FindingKind.LeftoverProcesses, string.Join(", ", marked.Select(process => process.Id)));
        }

        var left = await ProcessTable.SweepAsync(() => ProcessTable.Carrying(nonce, village.Host.ProcessId), () => { }, ct);
        return left is [] ? null : $"these do not end: {string.Join(", ", left)}";
    }

    private string? AddExcludes()
    {
        using var guard = village.TakeRepositoryGuard();
        BringUp.AddExcludes(village);
        return null;
    }

    private string? Close(string name)
    {
        var path = Path.Combine(village.Root, name);
        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.SetUnixFileMode(path, Directory.Exists(path) ? Own | UnixFileMode.UserExecute : Own);
        Tell(null, FindingKind.OpenDirectory, name);
        return null;
    }

    private void Tell(string? task, FindingKind kind, string? message) => Repair.Tell(village, Cmd, task, kind, message);
}
