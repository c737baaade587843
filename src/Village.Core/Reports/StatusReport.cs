using System.Text.Json.Serialization;
using Village.Leases;
using Village.Observation;
using Village.Tasks;

namespace Village.Reports;

/// <summary>One lease as <c>status</c> and <c>locks</c> show it.</summary>
public sealed record LeaseRow
{
    /// <summary>The task.</summary>
    public required string Task { get; init; }

    /// <summary>ACTIVE, STALE, ENDED, PARKED, CORRUPT or UNKNOWN.</summary>
    public required string Status { get; init; }

    /// <summary>The state by the log.</summary>
    public string? State { get; init; }

    /// <summary>The agent.</summary>
    public string? Agent { get; init; }

    /// <summary>The pane's id.</summary>
    public string? PaneId { get; init; }

    /// <summary>The window's name.</summary>
    public string? Window { get; init; }

    /// <summary>When it was claimed.</summary>
    public DateTimeOffset? ClaimedAt { get; init; }

    /// <summary>The attempt.</summary>
    public int? Attempt { get; init; }

    /// <summary>What the agent does, by its own word: working, waiting, idle, done, blocked.</summary>
    public string? Signal { get; init; }

    /// <summary>Who says so: <c>agent</c>, by <c>village signal</c>, or the preset whose events or hooks tell it.</summary>
    public string? SignalSource { get; init; }

    /// <summary>Since when.</summary>
    public DateTimeOffset? SignalAt { get; init; }

    /// <summary>The agent's conversation.</summary>
    public string? Session { get; init; }

    /// <summary>Its message with that.</summary>
    public string? SignalMessage { get; init; }

    /// <summary>Its ports.</summary>
    public IReadOnlyList<PortRow> Ports { get; init; } = [];

    /// <summary>What is wrong with the file, or why the attempt ended.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether its agent waits for a person, or cannot go on.</summary>
    [JsonIgnore]
    public bool NeedsPerson => State is "in_progress" && Status is ("ACTIVE" or "UNKNOWN") && Signal is ("waiting" or "blocked");

    /// <summary>The row of a lease.</summary>
    public static LeaseRow Of(LeaseView view, Snapshot seen)
    {
        if (view.Lease is not { } lease)
        {
            return new() { Task = view.Name, Status = view.Status.Name(), Reason = view.Problem };
        }

        var entry = seen.Ledger.Of(lease.Task);
        return new()
        {
            Task = lease.Task.Value,
            Status = view.Status.Name(),
            State = entry.State.Name(),
            Agent = lease.Agent,
            PaneId = lease.Pane,
            Window = lease.Window,
            ClaimedAt = lease.ClaimedAt,
            Attempt = lease.Attempt,
            Signal = entry.LastNews?.Signal,
            SignalMessage = entry.LastNews?.Message,
            SignalSource = entry.LastNews is { } news ? news.Source ?? "agent" : null,
            SignalAt = entry.LastNews?.Ts,
            Session = lease.AgentSession,
            Ports = lease.Ports.Select(port => new PortRow(port.Name, port.Number)).ToArray(),
            Reason = entry.State is TaskState.Failed or TaskState.Paused ? entry.LastChange?.Reason : null,
        };
    }
}

/// <summary>A port that a lease holds.</summary>
/// <param name="Name">The variable that carries it.</param>
/// <param name="Port">The port.</param>
public sealed record PortRow(string Name, int Port);

/// <summary>Something that nothing accounts for.</summary>
/// <param name="Type">STALE_LOCK, CORRUPT_LOCK or UNTRACKED_WORKTREE.</param>
/// <param name="Task">The task, or null.</param>
/// <param name="Path">Where it is, relative to the repository.</param>
/// <param name="Reason">Why it counts as one.</param>
public sealed record OrphanRow(string Type, string? Task, string Path, string Reason);

/// <summary>The numbers of a village.</summary>
public sealed record StatusSummary
{
    /// <summary>Whether the session runs.</summary>
    public required bool TmuxRunning { get; init; }

    /// <summary>The session's name.</summary>
    public required string TmuxSession { get; init; }

    /// <summary>Lock files.</summary>
    public required int LocksCount { get; init; }

    /// <summary>Of them ACTIVE (and UNKNOWN).</summary>
    public required int LocksActive { get; init; }

    /// <summary>Of them STALE.</summary>
    public required int LocksStale { get; init; }

    /// <summary>Of them CORRUPT.</summary>
    public required int LocksCorrupt { get; init; }

    /// <summary>Agents that wait for a person, or cannot go on.</summary>
    public required int AgentsWaiting { get; init; }

    /// <summary>The limit.</summary>
    public required int MaxWorkers { get; init; }

    /// <summary>Tasks that may start.</summary>
    public required int TasksReady { get; init; }

    /// <summary>Open tasks that wait for others.</summary>
    public required int TasksBlocked { get; init; }

    /// <summary>Tasks that are closed.</summary>
    public required int TasksClosed { get; init; }

    /// <summary>Tasks that failed.</summary>
    public required int TasksFailed { get; init; }

    /// <summary>Workspaces.</summary>
    public required int WorktreesCount { get; init; }

    /// <summary>Whether the configuration file is there.</summary>
    public required bool ConfigExists { get; init; }

    /// <summary>How many orphans there are.</summary>
    public required int OrphansCount { get; init; }
}

/// <summary>The answer of <c>status</c>.</summary>
public sealed record StatusReport() : Report("status")
{
    /// <summary>The numbers.</summary>
    public required StatusSummary Summary { get; init; }

    /// <summary>Every lease; those whose agents need a person first, then by task.</summary>
    public required IReadOnlyList<LeaseRow> Workers { get; init; }

    /// <summary>What nothing accounts for.</summary>
    public required IReadOnlyList<OrphanRow> Orphans { get; init; }

    /// <summary>The report of a snapshot.</summary>
    public static StatusReport For(Snapshot seen, int maxWorkers, string worktreesDir)
    {
        var orphans = Orphaned(seen, worktreesDir);
        IReadOnlyList<LeaseRow> workers = [.. seen.Leases.Select(lease => LeaseRow.Of(lease, seen)).OrderBy(row => !row.NeedsPerson)];
        var open = seen.Tasks.All.Where(task => !task.IsClosed).ToList();
        var ready = seen.Tasks.Ready.Count(task => seen.Ledger.Of(task.Id).State is TaskState.Queued);
        return new()
        {
            Summary = new()
            {
                TmuxRunning = seen.Session.IsRunning,
                TmuxSession = seen.Session.Name,
                LocksCount = seen.Leases.Count,
                LocksActive = seen.HeldCount,
                LocksStale = seen.Leases.Count(lease => lease.Status is LeaseStatus.Stale),
                LocksCorrupt = seen.Leases.Count(lease => lease.Status is LeaseStatus.Corrupt),
                AgentsWaiting = workers.Count(row => row.NeedsPerson),
                MaxWorkers = maxWorkers,
                TasksReady = ready,
                TasksBlocked = open.Count(task => seen.Tasks.Blockers(task.Id) is not []),
                TasksClosed = seen.Tasks.All.Count - open.Count,
                TasksFailed = open.Count(task => seen.Ledger.Of(task.Id).State is TaskState.Failed),
                WorktreesCount = seen.Workspaces.Count,
                ConfigExists = seen.ConfigExists,
                OrphansCount = orphans.Count,
            },
            Workers = workers,
            Orphans = orphans,
        };
    }

    private static IReadOnlyList<OrphanRow> Orphaned(Snapshot seen, string worktreesDir) =>
    [
        .. seen.DeadLeases.Select(lease => lease.Status is LeaseStatus.Corrupt
            ? new OrphanRow("CORRUPT_LOCK", lease.Name, $".village/locks/{lease.Name}.lock", lease.Problem!)
            : new OrphanRow("STALE_LOCK", lease.Name, $".village/locks/{lease.Name}.lock", "worker_gone")),
        .. seen.OrphanWorkspaces.Select(name => new OrphanRow("UNTRACKED_WORKTREE", null, $"{worktreesDir}/{name}", "no_matching_lock")),
    ];
}

/// <summary>The answer of <c>locks</c>.</summary>
/// <param name="Locks">Every lease.</param>
public sealed record LocksReport(IReadOnlyList<LeaseRow> Locks) : Report("locks");
