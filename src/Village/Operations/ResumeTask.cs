using Village.Errors;
using Village.Hosting;
using Village.Leases;
using Village.Observation;
using Village.Scheduling;
using Village.Tasks;

namespace Village.Operations;

/// <summary>Starts a task on a person's word, in its workspace as it is; where its agent had a conversation, that goes on.</summary>
internal static class ResumeTask
{
    /// <summary>Why the task is not one to be resumed, as an exception; nothing otherwise.</summary>
    public static void Require(VillageContext village, TaskId id)
    {
        var task = village.Tasks.Find(id) ?? throw new VillageException(ErrorKind.NotFound, $"'{id}' is not in the task store any more", "village task list");
        var state = village.Events.Read().Of(id).State;
        if (task.IsClosed && state is not TaskState.Completed)
        {
            throw new VillageException(ErrorKind.Blocked, $"'{id}' is closed", $"village task reopen {id}");
        }

        if (village.Leases.Read(id) is { } lease && village.StatusOf(lease, session: null).IsHeld())
        {
            throw state is TaskState.Paused
                ? new VillageException(ErrorKind.Blocked, $"'{id}' is paused, and its agent waits", $"village resume-task {id}")
                : new VillageException(ErrorKind.Blocked, $"'{id}' is being worked on in window {lease.Window}", $"village attach {id}");
        }

        if (state is TaskState.Failed or TaskState.Completed)
        {
            throw new VillageException(
                ErrorKind.Blocked, $"'{id}' is {state.Name()}", $"village retry {id}{(state is TaskState.Completed ? " --force" : "")}");
        }
    }

    /// <summary>The agent that goes on with a task: the one that was asked for, that had it, or that it is for.</summary>
    public static string AgentOf(VillageContext village, TaskId id, string? wanted) =>
        wanted ?? village.Leases.Read(id)?.Agent ?? QueuePlan.AgentOf(village.Tasks.Find(id)!, village.Config);

    /// <summary>
    /// The conversation to go on with, or null for a new one. Only what was broken off is gone on with: after a retry the workspace is
    /// not as the conversation knows it.
    /// </summary>
    public static string? SessionOf(VillageContext village, TaskId id, string agent)
    {
        var entry = village.Events.Read().Of(id);
        var isBrokenOff = entry.State is TaskState.InProgress or TaskState.Paused or TaskState.Claimed || entry.WasLimited;
        return isBrokenOff && entry.Conversation is { } talk && talk.Agent.Equals(agent, StringComparison.OrdinalIgnoreCase) && AgentReports.IsSession(talk.Session)
            ? talk.Session
            : null;
    }

    /// <summary>Starts its worker and waits until it is up.</summary>
    public static async Task<(StartWorker? Worker, Skip? Refusal)> RunAsync(VillageContext village, TaskId id, string agent, string? session, CancellationToken ct)
    {
        var task = village.Tasks.Find(id)!;
        var (seen, found) = await village.ObserveAsync(ct);
        var tmux = found ?? throw BringUp.SessionMissing(village);
        BringUp.RequireOwnSession(village, tmux);
        var bases = await Bases.ReadAsync(village, ct);
        var (commit, problem) = await bases.OfAsync(
            village, id, [.. seen.Tasks.Closure(id).Where(d => seen.Ledger.Of(d).State is TaskState.Completed)], scratch: null, ct);
        if (commit is null)
        {
            throw new VillageException(ErrorKind.Blocked, $"'{id}' was not started: {problem}", "merge those branches by hand into the base branch first");
        }

        var request = new ClaimRequest(
            "resume", id, agent, [TaskState.Queued, TaskState.Claimed, TaskState.InProgress, TaskState.Paused], village.Config.MaxWorkers);
        var start = new Start(
            request, commit, IsMerged: commit != bases.Head, bases.HasBranch(village, id), KeepDirt: true, bases.ClashOf(village, id), Premise.Of(task, seen.Tasks.IsReady(id)), session);
        var (worker, refusal) = await StartWorker.OpenAsync(village, start, tmux);
        if (worker is not null && await worker.ConfirmAsync() is { } lost)
        {
            worker.Dispose();
            return (null, lost);
        }

        return (worker, refusal);
    }

    /// <summary>The tasks that were broken off by nobody's wish: their worker died, or was interrupted.</summary>
    public static IReadOnlyList<TaskId> BrokenOff(Snapshot seen) =>
    [
        .. from view in seen.Leases
           let lease = view.Lease
           where lease is not null && seen.Tasks.Find(lease.Task) is { IsClosed: false }
           let entry = seen.Ledger.Of(lease.Task)
           where (view.Status is LeaseStatus.Stale && entry.State is TaskState.InProgress or TaskState.Paused or TaskState.Claimed)
               || (view.Status is LeaseStatus.Parked && entry.LastChange?.Reason is "interrupted")
           select lease.Task,
    ];
}
