using Village.Conflicts;
using Village.Leases;
using Village.Observation;
using Village.Reports;
using Village.Tasks;

namespace Village.Dashboard;

/// <summary>A worker as the dashboard shows it.</summary>
public sealed record WorkerRow
{
    /// <summary>The task.</summary>
    public required string Task { get; init; }

    /// <summary>The task's title; null when the store has no such task.</summary>
    public string? Title { get; init; }

    /// <summary>What its lease is worth: ACTIVE, STALE, ENDED, PARKED, CORRUPT or UNKNOWN.</summary>
    public required string Status { get; init; }

    /// <summary>The state by the log.</summary>
    public string? State { get; init; }

    /// <summary>The agent.</summary>
    public string? Agent { get; init; }

    /// <summary>The pane's id.</summary>
    public string? PaneId { get; init; }

    /// <summary>The window's name.</summary>
    public string? Window { get; init; }

    /// <summary>What the agent does, by its own word: waiting, blocked, idle, working, done; null when it has said nothing.</summary>
    public string? Signal { get; init; }

    /// <summary>Its message with that.</summary>
    public string? SignalMessage { get; init; }

    /// <summary>Since when.</summary>
    public DateTimeOffset? SignalAt { get; init; }

    /// <summary>When it was claimed.</summary>
    public DateTimeOffset? ClaimedAt { get; init; }

    /// <summary>The attempt.</summary>
    public int? Attempt { get; init; }

    /// <summary>How many files it has changed against its base; null when that was not looked at.</summary>
    public int? FilesChanged { get; init; }

    /// <summary>The tasks whose work does not merge with its own.</summary>
    public IReadOnlyList<string> ConflictsWith { get; init; } = [];

    /// <summary>What its ended attempts have cost, in dollars; null when none told.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>Whether a person is asked for something: the agent waits, or it cannot go on.</summary>
    public bool NeedsPerson => Status is "ACTIVE" && State is not "paused" && Signal is ("waiting" or "blocked");
}

/// <summary>An open task that nobody works on.</summary>
/// <param name="Task">The task.</param>
/// <param name="Title">Its title.</param>
/// <param name="Mark">READY, FAILED, PAUSED or BLOCKED.</param>
/// <param name="Note">Why it is that; null for a ready one.</param>
public sealed record QueueRow(string Task, string Title, string Mark, string? Note);

/// <summary>The numbers below the tables.</summary>
public sealed record DashboardTotals
{
    /// <summary>The tmux session's name.</summary>
    public required string TmuxSession { get; init; }

    /// <summary>Whether it runs.</summary>
    public required bool TmuxRunning { get; init; }

    /// <summary>Workers that hold a slot.</summary>
    public required int WorkersActive { get; init; }

    /// <summary>The limit.</summary>
    public required int MaxWorkers { get; init; }

    /// <summary>Tasks that may start.</summary>
    public required int TasksReady { get; init; }

    /// <summary>Tasks that wait for others.</summary>
    public required int TasksBlocked { get; init; }

    /// <summary>Tasks that failed.</summary>
    public required int TasksFailed { get; init; }

    /// <summary>Tasks that are paused, without a worker.</summary>
    public required int TasksPaused { get; init; }

    /// <summary>Leases that are STALE or CORRUPT.</summary>
    public required int LocksStale { get; init; }

    /// <summary>Whatever nothing accounts for.</summary>
    public required int Orphans { get; init; }

    /// <summary>What all ended attempts have cost, in dollars.</summary>
    public required decimal CostUsd { get; init; }
}

/// <summary>What the dashboard shows, of one instant.</summary>
/// <param name="Workers">Leases that somebody holds or has left behind: those who need a person first, then by the time of their claim.</param>
/// <param name="Queue">Ready ones in the order in which they would start, then failed, paused and blocked ones.</param>
/// <param name="Totals">The numbers.</param>
public sealed record DashboardReport(IReadOnlyList<WorkerRow> Workers, IReadOnlyList<QueueRow> Queue, DashboardTotals Totals) : Report("dashboard")
{
    /// <summary>The report of a snapshot, with the work of its tasks as far as it was looked at.</summary>
    public static DashboardReport For(Snapshot seen, int maxWorkers, ConflictMatrix work)
    {
        var works = work.Works.ToLookup(one => one.Task, StringComparer.OrdinalIgnoreCase);
        var queue = Waiting(seen);
        return new(
            [
                .. seen.Leases.Where(lease => lease.Status is not LeaseStatus.Ended).Select(lease => Row(lease, seen, works[lease.Name].FirstOrDefault(), work))
                    .OrderBy(row => row.NeedsPerson ? 0 : row.Status is "ACTIVE" or "UNKNOWN" ? 1 : 2)
                    .ThenBy(row => row.ClaimedAt)
                    .ThenBy(row => row.Task, StringComparer.Ordinal),
            ],
            queue,
            new()
            {
                TmuxSession = seen.Session.Name,
                TmuxRunning = seen.Session.IsRunning,
                WorkersActive = seen.HeldCount,
                MaxWorkers = maxWorkers,
                TasksReady = queue.Count(row => row.Mark is "READY"),
                TasksBlocked = queue.Count(row => row.Mark is "BLOCKED"),
                TasksFailed = queue.Count(row => row.Mark is "FAILED"),
                TasksPaused = queue.Count(row => row.Mark is "PAUSED"),
                LocksStale = seen.DeadLeases.Count,
                Orphans = seen.OrphanWorkspaces.Count,
                CostUsd = seen.Ledger.Spent.Values.Sum(),
            });
    }

    private static WorkerRow Row(LeaseView view, Snapshot seen, TaskWork? work, ConflictMatrix all)
    {
        var lease = LeaseRow.Of(view, seen);
        var task = TaskId.TryParse(view.Name, out var id) ? seen.Tasks.Find(id) : null;
        return new()
        {
            Task = lease.Task,
            Title = task?.Title,
            Status = lease.Status,
            State = lease.State,
            Agent = lease.Agent,
            PaneId = lease.PaneId,
            Window = lease.Window,
            Signal = lease.Signal,
            SignalMessage = lease.SignalMessage ?? lease.Reason,
            SignalAt = lease.SignalAt,
            ClaimedAt = lease.ClaimedAt,
            Attempt = lease.Attempt,
            FilesChanged = work?.Commit is null ? null : work.Changed.Count,
            ConflictsWith = [.. all.Of(view.Name, _ => true).Select(conflict => conflict.Partner)],
            CostUsd = view.Lease is null ? null : seen.Ledger.Of(view.Lease.Task).CostUsd,
        };
    }

    private static IReadOnlyList<QueueRow> Waiting(Snapshot seen)
    {
        List<QueueRow> failed = [], paused = [], blocked = [];
        foreach (var task in seen.Tasks.All.Where(task => !task.IsClosed && seen.LeaseOf(task.Id.Value) is not { Status: LeaseStatus.Active or LeaseStatus.Unknown or LeaseStatus.Parked }))
        {
            var entry = seen.Ledger.Of(task.Id);
            QueueRow Of(string mark, string? note) => new(task.Id.Value, task.Title, mark, note);
            if (entry.State is TaskState.Failed)
            {
                failed.Add(Of("FAILED", entry.LastChange?.Reason));
            }
            else if (entry.State is TaskState.Paused)
            {
                paused.Add(Of("PAUSED", entry.LastChange?.Reason));
            }
            else if (entry.State is TaskState.Queued && seen.Tasks.Blockers(task.Id) is { Count: > 0 } blockers)
            {
                blocked.Add(Of("BLOCKED", $"waits for {string.Join(", ", blockers)}"));
            }
        }

        var ready = seen.Tasks.Ready.Where(task => seen.Ledger.Of(task.Id).State is TaskState.Queued).Select(task => new QueueRow(task.Id.Value, task.Title, "READY", null));
        return [.. ready, .. failed, .. paused, .. blocked];
    }
}
