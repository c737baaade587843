using Village.Agents;
using Village.Events;
using Village.Observation;
using Village.Scheduling;
using Village.Setup;
using Village.Tasks;

namespace Village.Leases;

/// <summary>What a claimant wants.</summary>
/// <param name="Cmd">The command, for the event.</param>
/// <param name="Task">The task.</param>
/// <param name="Agent">The agent.</param>
/// <param name="From">The states it may be taken from.</param>
/// <param name="MaxWorkers">The limit that is counted under the guard.</param>
public sealed record ClaimRequest(string Cmd, TaskId Task, string Agent, IReadOnlyList<TaskState> From, int MaxWorkers);

/// <summary>Where and when a claim is made: what the new lease says besides the request.</summary>
/// <param name="Now">The instant.</param>
/// <param name="Nonce">128 fresh random bits.</param>
/// <param name="Workspace">The workspace's directory.</param>
/// <param name="Branch">The task's branch.</param>
/// <param name="Host">This machine's name.</param>
/// <param name="Boot">Its boot id.</param>
/// <param name="Tmux">The tmux server, or null.</param>
public sealed record ClaimSite(DateTimeOffset Now, string Nonce, string Workspace, string Branch, string Host, string Boot, string? Tmux)
{
    /// <summary>The ports that were chosen for it.</summary>
    public IReadOnlyList<LeasedPort> Ports { get; init; } = [];
}

/// <summary>
/// What is to be done under the guard, in this order: append the events, then write or remove the lease, then remove
/// liveness files. A kill between two of them leaves the log ahead of the lease, never behind it.
/// </summary>
/// <param name="Events">To be appended, in order. Who, when and with which program is filled in by the log.</param>
/// <param name="Lease">To be written, or null.</param>
public sealed record LeaseChange(IReadOnlyList<VillageEvent> Events, Lease? Lease = null)
{
    /// <summary>Whether the lease file goes.</summary>
    public bool RemovesLease { get; init; }

    /// <summary>The generation whose liveness file goes, or null.</summary>
    public long? RemovesLive { get; init; }
}

/// <summary>
/// The lease protocol (design, section 4) as pure decisions on what was read under the guard: claim and steal, give up,
/// move, put back, release. Null means that the caller's fence no longer holds, and nothing may be changed.
/// </summary>
public static class LeaseProtocol
{
    /// <summary>Why a task may not be claimed, or null.</summary>
    /// <param name="request">The claim.</param>
    /// <param name="entry">What the log says of the task.</param>
    /// <param name="found">Its lease file, judged; or null.</param>
    /// <param name="held">How many other leases hold a slot.</param>
    public static Skip? Refusal(ClaimRequest request, TaskEntry entry, LeaseView? found, int held)
    {
        var id = request.Task.Value;
        return found is { Lease: null } ? new(id, SkipReason.CorruptLease, $"its lock file {found.Problem}")
            : found?.Status.IsHeld() is true ? new(id, SkipReason.ActiveLease, $"{found.Lease!.Agent} has it in window {found.Lease.Window}")
            : !request.From.Contains(entry.State) ? new(id, SkipReason.WrongState, $"it is {entry.State.Name()}")
            : held >= request.MaxWorkers ? new(id, SkipReason.ConcurrencyLimit, $"{held} of {request.MaxWorkers} workers are active")
            : null;
    }

    /// <summary>The claim of a task that nobody holds; a dead holder's lease is taken over, with a higher generation.</summary>
    public static (Lease Lease, LeaseChange Change) Claim(ClaimRequest request, TaskEntry entry, Lease? previous, ClaimSite site)
    {
        var generation = GenerationAfter(entry, previous);
        var lease = new Lease
        {
            Task = request.Task,
            Window = WindowName.For(request.Agent, 1 + entry.Attempt, request.Task),
            Agent = request.Agent,
            ClaimedAt = site.Now,
            State = TaskState.Claimed,
            Attempt = 1 + entry.Attempt,
            Generation = generation,
            Nonce = site.Nonce,
            Workspace = site.Workspace,
            Branch = site.Branch,
            Host = site.Host,
            Boot = site.Boot,
            Tmux = site.Tmux,
            Ports = site.Ports,
            Foreign = previous?.Foreign ?? [],
        };
        var from = entry.State is TaskState.Claimed ? TaskState.Queued : entry.State;
        var claimed = Event(request.Cmd, request.Task, generation, from, TaskState.Claimed) with
        {
            Agent = request.Agent,
            Attempt = lease.Attempt,
            Reason = entry.State switch { TaskState.Paused => "resumed", TaskState.InProgress => "take_over", _ => null },
        };

        // A claimant that died before its worker came up: that start is given up on its behalf.
        var abandoned = Event(request.Cmd, request.Task, entry.Generation, TaskState.Claimed, TaskState.Queued) with { Reason = FailureReason.Crashed };
        return (lease, new(entry.State is TaskState.Claimed ? [abandoned, claimed] : [claimed], lease));
    }

    /// <summary>
    /// A claim is given back whose worker never came up: the task is queued again. Null also when it came up after all.
    /// </summary>
    public static LeaseChange? GiveUp(Lease mine, TaskEntry entry, Lease? now, string cmd, string reason, string? message) =>
        !Holds(mine.Fence, entry, now) || entry.State is not TaskState.Claimed ? null
        : new(
        [
            Event(cmd, mine.Task, mine.Generation, TaskState.Claimed, TaskState.Queued) with
            {
                Attempt = mine.Attempt,
                Reason = reason,
                Message = message,
                Result = "error",
            },
        ])
        { RemovesLease = true, RemovesLive = mine.Generation };

    /// <summary>
    /// The holder gives its task back before its agent has started: the task is queued again, and nothing counts as failed.
    /// </summary>
    public static LeaseChange? GiveBack(Lease mine, TaskEntry entry, Lease? now, string reason, string message)
    {
        VillageEvent Step(TaskState from, TaskState to) => Event("worker", mine.Task, mine.Generation, from, to) with
        {
            Attempt = mine.Attempt,
            Agent = mine.Agent,
            Pane = mine.Pane,
            Reason = reason,
            Message = message,
        };

        return !Holds(mine.Fence, entry, now) || entry.State is not TaskState.InProgress ? null
            : new([Step(TaskState.InProgress, TaskState.Claimed), Step(TaskState.Claimed, TaskState.Queued)])
            {
                RemovesLease = true,
                RemovesLive = mine.Generation,
            };
    }

    /// <summary>The holder moves its task to another state; null also where the table of states forbids it.</summary>
    /// <param name="fence">The holder's proof.</param>
    /// <param name="entry">What the log says of the task.</param>
    /// <param name="now">Its lease as it is now.</param>
    /// <param name="to">The new state.</param>
    /// <param name="about">What the event says besides.</param>
    /// <param name="change">What the lease says besides.</param>
    public static LeaseChange? Move(
        Fence fence, TaskEntry entry, Lease? now, TaskState to, VillageEvent about, Func<Lease, Lease> change)
    {
        if (!Holds(fence, entry, now) || !entry.State.CanBecome(to))
        {
            return null;
        }

        var lease = change(now! with { State = to });
        var moved = about with
        {
            Task = fence.Task.Value,
            From = entry.State,
            To = to,
            Generation = fence.Generation,
            Attempt = lease.Attempt,
            Agent = lease.Agent,
            Pane = about.Pane ?? lease.Pane,
        };
        return new([moved], lease) { RemovesLive = lease.IsOver ? lease.Generation : null };
    }

    /// <summary>
    /// A person takes the lease away: the generation is bumped, so that whatever the worker still writes is refused, and an
    /// unfinished task is queued again. Ended tasks stay as they are.
    /// </summary>
    public static LeaseChange PutBack(TaskId task, TaskEntry entry, Lease? now, string cmd, string reason, string? message)
    {
        VillageEvent Step(TaskState? from, TaskState? to) =>
            Event(cmd, task, GenerationAfter(entry, now), from, to) with { Pane = now?.Pane, Reason = reason, Message = message };

        // The last of them carries what an undo needs.
        var text = now is null ? null : LeaseFile.Format(AsLogged(now, entry));
        return new(entry.State switch
        {
            TaskState.InProgress or TaskState.Paused => [Step(entry.State, TaskState.Claimed), Step(TaskState.Claimed, TaskState.Queued) with { Lease = text }],
            TaskState.Claimed => [Step(TaskState.Claimed, TaskState.Queued) with { Lease = text }],
            _ => [Step(null, null) with { Generation = null, Lease = text }],
        })
        { RemovesLease = true, RemovesLive = now?.Generation };
    }

    /// <summary>
    /// A person brings a removed lease back, and the state that its task had. With a new generation where the state changes: the
    /// worker that had it stays fenced. Returns the event and the text of the lock file.
    /// </summary>
    public static (VillageEvent Event, string Text) BringBack(TaskId task, TaskEntry entry, string text, TaskState before)
    {
        var generation = before == entry.State ? entry.Generation : 1 + entry.Generation;
        var lease = LeaseFile.TryParse(text, out _);
        var restored = before != entry.State && lease is { Nonce: not null } ? LeaseFile.Format(lease with { Generation = generation, State = before }) : text;
        var e = Event("undo", task, generation, entry.State, before) with { Reason = "lease", Lease = restored };
        return (before == entry.State ? e with { From = null, To = null, Generation = null } : e, restored);
    }

    /// <summary>An ended task is queued again on a person's word; its ended lease goes.</summary>
    public static LeaseChange Reopen(TaskId task, TaskEntry entry, LeaseView? now, string cmd, string? reason) => new(
        [Event(cmd, task, Math.Max(entry.Generation, now?.Lease?.Generation ?? 0), entry.State, TaskState.Queued) with { Reason = reason }])
    {
        RemovesLease = now?.Status is LeaseStatus.Ended,
        RemovesLive = now?.Status is LeaseStatus.Ended ? now.Lease!.Generation : null,
    };

    /// <summary>The lease of an ended claim goes.</summary>
    public static LeaseChange? Release(Fence fence, TaskEntry entry, Lease? now) =>
        Holds(fence, entry, now) ? new([]) { RemovesLease = true, RemovesLive = fence.Generation } : null;

    /// <summary>Whether a claim is still the valid one: its lease is there, and the log knows of none that came later.</summary>
    public static bool Holds(Fence fence, TaskEntry entry, Lease? now) => fence.Matches(now) && entry.Generation <= fence.Generation;

    /// <summary>
    /// The lease as the log has it: the state of the last change of its own generation. A kill between event and lease leaves
    /// the lease one state behind.
    /// </summary>
    public static Lease AsLogged(Lease lease, TaskEntry entry) =>
        lease.Nonce is null || entry.Generation != lease.Generation || entry.LastChange is not { } last || lease.State == entry.State ? lease
        : lease with { State = entry.State, Parked = last is { To: TaskState.Paused, Reason: "interrupted" or "released" } ? last.Ts : null };

    private static long GenerationAfter(TaskEntry entry, Lease? lease) => 1 + Math.Max(entry.Generation, lease?.Generation ?? 0);

    private static VillageEvent Event(string cmd, TaskId task, long generation, TaskState? from, TaskState? to) => new()
    {
        Ts = default,
        Cmd = cmd,
        Task = task.Value,
        Generation = generation,
        From = from,
        To = to,
        Result = "ok",
    };
}
