using Village.Configuration;
using Village.Events;
using Village.Leases;
using Village.Observation;
using Village.Reports;
using Village.Scheduling;
using Village.Tasks;

namespace Village.Explaining;

/// <summary>Says why a task stands as it stands, by the very rules that <c>queue</c> decides with (invariant I6).</summary>
public sealed class Explain(Snapshot seen, VillageConfig config)
{
    // Nobody reads more; `village graph` shows all.
    private const int Deepest = 50;

    /// <summary>The answer of <c>why</c> for a task, with its accepted changes, oldest first.</summary>
    public WhyReport Of(TaskId task, IEnumerable<VillageEvent> history)
    {
        var spec = seen.Tasks.Find(task);
        var entry = seen.Ledger.Of(task);
        var objections = spec is null ? [new(task.Value, null, "task_gone", "it is not in the task store", "village task list")] : Objections(spec);
        return new()
        {
            Task = task.Value,
            Title = spec?.Title,
            State = entry.State.Name(),
            Since = entry.LastChange?.Ts,
            By = entry.LastChange?.Cmd,
            Reason = entry.LastChange?.Reason,
            Message = entry.LastChange?.Message,
            CanStart = objections is [],
            Objections = objections,
            WaitsFor = WaitsFor(task),
            WaitedForBy = [.. TaskGraves.Dependents([.. seen.Tasks.All.Where(other => !other.IsClosed)], task).Select(id => id.Value)],
            Worker = seen.LeaseOf(task.Value) is { } lease ? LeaseRow.Of(lease, seen) : null,
            Attempts = Attempts(history),
        };
    }

    /// <summary>All that speaks against a start of an open task; of a closed one, that it is closed.</summary>
    public IReadOnlyList<CauseRow> Objections(TaskSpec task)
    {
        if (task.IsClosed)
        {
            return [new(task.Id.Value, task.Title, "task_closed", "it is closed", $"village task reopen {task.Id}")];
        }

        var candidate = new Candidate(
            task,
            QueuePlan.AgentOf(task, config),
            seen,
            config,
            new(null, null, config.MaxWorkers, Force: false, new Dictionary<string, Skip>()),
            Admitted: 0,
            Math.Max(0, config.MaxWorkers - seen.HeldCount),
            seen.Tasks.IsReady(task.Id));
        return [.. AdmissionRules.All.Select(rule => rule(candidate)).OfType<Skip>().Select(skip => new CauseRow(task.Id.Value, task.Title, skip.Reason.Name(), skip.Message, Next(skip, task)))];
    }

    // Nearest first; one that several wait for is told of once.
    private List<CauseRow> WaitsFor(TaskId task)
    {
        List<CauseRow> found = [];
        HashSet<TaskId> known = [task];
        var open = new Queue<TaskId>(seen.Tasks.Blockers(task));
        while (found.Count < Deepest && open.TryDequeue(out var id))
        {
            if (!known.Add(id))
            {
                continue;
            }

            var spec = seen.Tasks.Find(id);
            found.Add(spec is null ? new(id.Value, null, "task_gone", "it is not in the task store", $"village task show {task}")
                : Objections(spec) is [var first, ..] ? first
                : new(id.Value, spec.Title, null, "nothing speaks against its start", "village queue 1"));
            foreach (var further in seen.Tasks.Blockers(id))
            {
                open.Enqueue(further);
            }
        }

        return found;
    }

    private static IReadOnlyList<AttemptRow> Attempts(IEnumerable<VillageEvent> history)
    {
        var attempts = new SortedDictionary<int, AttemptRow>();
        foreach (var e in history.Where(e => e is { Attempt: not null, To: not null }))
        {
            var number = e.Attempt!.Value;
            var known = attempts.GetValueOrDefault(number) ?? new(number, e.Agent, null, null, "", null, null);
            attempts[number] = e.To switch
            {
                TaskState.Claimed or TaskState.InProgress => known with { Agent = e.Agent ?? known.Agent, Started = known.Started ?? e.Ts, Ended = null, State = e.To.Value.Name(), Reason = null, Message = null },
                _ => known with { Agent = known.Agent ?? e.Agent, Ended = e.Ts, State = e.To!.Value.Name(), Reason = e.Reason, Message = e.Message },
            };
        }

        return [.. attempts.Values];
    }

    private static string? Next(Skip skip, TaskSpec task) => skip.Reason switch
    {
        SkipReason.ActiveLease => $"village attach {task.Id}",
        SkipReason.CorruptLease => $"village unlock {task.Id} --force",
        SkipReason.Completed => $"village retry {task.Id} --force",
        SkipReason.Paused => $"village resume {task.Id}",
        SkipReason.Failed or SkipReason.FailedBackoff => $"village retry {task.Id}",
        SkipReason.Dependencies when skip.BlockedBy is [var first, ..] => $"village why {first}",
        SkipReason.Dependencies or SkipReason.Deferred or SkipReason.TaskType => $"village task show {task.Id}",
        SkipReason.Pinned or SkipReason.TaskStatus => $"village task edit {task.Id} --status open",
        SkipReason.RecentlyStarted => "village queue 1 --force",
        SkipReason.AgentConfig => "village agents",
        SkipReason.ConcurrencyLimit => "village status",
        SkipReason.BudgetSpent => "village usage --by agent",
        SkipReason.Conflict => $"village conflicts {task.Id}",
        _ => null,
    };
}
