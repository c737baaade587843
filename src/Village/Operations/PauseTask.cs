using System.Diagnostics;
using Village.Adapters.Machine;
using Village.Errors;
using Village.Hosting;
using Village.Leases;
using Village.Platform;
using Village.Reports;
using Village.Tasks;

namespace Village.Operations;

/// <summary>
/// Stops the agent of a task where it stands, or ends it and keeps its work and its conversation; and lets a stopped one go on. The log
/// is told first, then the supervisor, who does it: so whoever is killed in between, the next command repairs it.
/// </summary>
internal static class PauseTask
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Stops every process of the worker; the task keeps its slot. Returns whether all of them stand still.</summary>
    public static async Task<PauseReport> StopAsync(VillageContext village, TaskId task, CancellationToken ct)
    {
        Repair.Run(village, "pause");
        var lease = Active(village, task);
        if (Claims.Move(village, lease.Fence, TaskState.Paused, new() { Ts = default, Cmd = "pause", Result = "ok", Reason = "paused" }, l => l) is null)
        {
            throw Refusal(village, task);
        }

        TakeSignal.Wake(lease);

        // What still prepares the workspace is not stopped: the agent is, as soon as it has started.
        var watch = Stopwatch.StartNew();
        bool moves;
        while ((moves = ProcessTable.Moving(ProcessTable.Carrying(lease.Nonce!, village.Host.ProcessId)) is not []) && watch.Elapsed < Patience / 10)
        {
            await Task.Delay(10, ct);
        }

        return new(task.Value, TaskState.Paused.Name(), Stopped: !moves, Released: false, $"village resume-task {task}");
    }

    /// <summary>Ends the worker and frees its slot; workspace and conversation are kept.</summary>
    public static async Task<PauseReport> ReleaseAsync(VillageContext village, TaskId task, CancellationToken ct)
    {
        Repair.Run(village, "pause");
        var lease = Active(village, task, orPaused: true);
        var session = await village.Tmux.FindAsync(ct);
        if (ProcessTable.Living(lease.Worker) is { } supervisor)
        {
            _ = Libc.Kill(supervisor, Libc.SigUsr2);
        }

        for (var watch = Stopwatch.StartNew(); village.Leases.Read(task) is { } now && lease.Fence.Matches(now) && village.StatusOf(now, session).IsHeld();)
        {
            if (watch.Elapsed > Patience)
            {
                throw new VillageException(
                    ErrorKind.Transient, $"the worker of '{task}' did not stop within {Patience.TotalSeconds:0} s; it may be preparing its workspace or proving its work", $"village attach {task}");
            }

            await Task.Delay(10, ct);
        }

        var state = village.Events.Read().Of(task).State;
        return state is TaskState.Paused
            ? new(task.Value, state.Name(), Stopped: true, Released: true, $"village resume-task {task}")
            : throw new VillageException(ErrorKind.Blocked, $"'{task}' ended just before it could be paused: it is {state.Name()}", $"village state {task}");
    }

    /// <summary>Lets a stopped agent go on. False when there is none: then a new attempt has to.</summary>
    public static bool Continue(VillageContext village, TaskId task)
    {
        Repair.Run(village, "resume-task");
        if (village.Events.Read().Of(task).State is not TaskState.Paused)
        {
            throw Refusal(village, task);
        }

        if (village.Leases.Read(task) is not { } lease || village.StatusOf(lease, session: null) is not LeaseStatus.Active)
        {
            return false;
        }

        if (Claims.Move(village, lease.Fence, TaskState.InProgress, new() { Ts = default, Cmd = "resume-task", Result = "ok" }, l => l) is null)
        {
            throw Refusal(village, task);
        }

        TakeSignal.Wake(lease);
        return true;
    }

    private static Lease Active(VillageContext village, TaskId task, bool orPaused = false)
    {
        var state = village.Events.Read().Of(task).State;
        return village.Leases.Read(task) is { } lease && village.StatusOf(lease, session: null) is LeaseStatus.Active
            && (state is TaskState.InProgress || (orPaused && state is TaskState.Paused))
                ? lease
                : throw Refusal(village, task);
    }

    private static VillageException Refusal(VillageContext village, TaskId task) => village.Events.Read().Of(task).State switch
    {
        TaskState.Paused => new(ErrorKind.Blocked, $"'{task}' is paused already", $"village resume-task {task}"),
        TaskState.InProgress when village.Leases.Read(task) is { } lease && village.StatusOf(lease, session: null) is LeaseStatus.Active =>
            new(ErrorKind.Blocked, $"'{task}' is being worked on", $"village pause {task}"),
        TaskState.InProgress or TaskState.Claimed => new(ErrorKind.Blocked, $"the worker of '{task}' is not running", $"village resume {task}"),
        TaskState.Queued => new(ErrorKind.Blocked, $"'{task}' is queued: nobody works on it", $"village resume {task}"),
        var state => new(ErrorKind.Blocked, $"'{task}' is {state.Name()}", $"village state {task}"),
    };
}
