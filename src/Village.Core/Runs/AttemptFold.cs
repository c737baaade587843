using Village.Events;
using Village.Tasks;

namespace Village.Runs;

/// <summary>
/// The attempts of a span of time: the fold of its changes of state. What began before it is told whole, as far as the end of an
/// attempt and the ledger know of its begin.
/// </summary>
public sealed class AttemptFold
{
    private readonly List<Attempt> attempts = [];
    private readonly Dictionary<string, int> open = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, long> generations = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The attempts, by their begin; those that nobody has ended are looked for among the living.</summary>
    /// <param name="events">The events of the time, oldest first.</param>
    /// <param name="ledger">What the whole log knows.</param>
    /// <param name="isHeld">Whether somebody living has a task.</param>
    public static IReadOnlyList<Attempt> Of(IEnumerable<VillageEvent> events, Ledger ledger, Func<TaskId, bool> isHeld)
    {
        var fold = new AttemptFold();
        foreach (var e in events)
        {
            fold.Add(e, ledger);
        }

        fold.AddSilent(ledger, isHeld);
        return
        [
            .. fold.attempts.Select(attempt => attempt.Outcome.IsOpen() && !isHeld(attempt.Task) ? Gone(attempt, ledger) : attempt)
                .OrderBy(attempt => attempt.Started ?? attempt.Ended).ThenBy(attempt => attempt.Task).ThenBy(attempt => attempt.Number),
        ];
    }

    private void Add(VillageEvent e, Ledger ledger)
    {
        // An undo brings a state back, and is neither a start nor an end.
        if (e is not { Task: { } name, To: { } to, Cmd: not "undo" } || !TaskId.TryParse(name, out var task) || IsOld(e, name))
        {
            return;
        }

        var known = open.TryGetValue(name, out var place) ? attempts[place] : null;
        if (known is { Number: var number } && e.Attempt is { } other && other != number && to is TaskState.InProgress or TaskState.Completed or TaskState.Failed)
        {
            Close(name, known with { Ended = known.Ended ?? e.Ts, Outcome = AttemptOutcome.TakenAway });
            known = null;
        }

        switch (to)
        {
            case TaskState.InProgress when known is null:
                open[name] = attempts.Count;
                attempts.Add(new() { Task = task, Number = e.Attempt ?? 0, Agent = e.Agent, Started = e.From is TaskState.Paused ? Begin(e, ledger, task) ?? e.Ts : e.Ts });
                break;
            case TaskState.InProgress:
                attempts[place] = known with { Outcome = AttemptOutcome.Running, Ended = null, Reason = null, Message = null };
                break;
            case TaskState.Paused:
                Pause(name, task, known, e, ledger);
                break;
            case TaskState.Completed or TaskState.Failed when e.From is not TaskState.Completed:
                Close(name, Ended(known ?? Unseen(task, e, ledger), e, to is TaskState.Completed ? AttemptOutcome.Completed : AttemptOutcome.Failed));
                break;
            case TaskState.Claimed when e.From is TaskState.InProgress:
                Close(name, Ended(known ?? Unseen(task, e, ledger), e, e.Cmd is "worker" ? AttemptOutcome.GivenBack : AttemptOutcome.TakenAway));
                break;
            case TaskState.Claimed when known is { Outcome: AttemptOutcome.Paused }:
                Close(name, known with { Ended = e.Ts, Outcome = AttemptOutcome.TakenAway, Reason = e.Reason, Message = e.Message });
                break;
            default:
                break;
        }
    }

    // What an older worker still says is refused, as the ledger refuses it.
    private bool IsOld(VillageEvent e, string name)
    {
        var highest = generations.GetValueOrDefault(name);
        generations[name] = Math.Max(highest, e.Generation ?? 0);
        return e.Generation < highest;
    }

    // Stopped by `pause` it goes on in the same attempt; parked it is over, and the next one continues its work.
    private void Pause(string name, TaskId task, Attempt? known, VillageEvent e, Ledger ledger)
    {
        var attempt = known ?? Unseen(task, e, ledger);
        if (e.Reason is not "paused")
        {
            Close(name, Ended(attempt, e, AttemptOutcome.Interrupted));
            return;
        }

        attempt = attempt with { Outcome = AttemptOutcome.Paused, Reason = e.Reason, Message = e.Message };
        if (known is null)
        {
            open[name] = attempts.Count;
            attempts.Add(attempt);
        }
        else
        {
            attempts[open[name]] = attempt;
        }
    }

    private void Close(string name, Attempt attempt)
    {
        if (open.Remove(name, out var place))
        {
            attempts[place] = attempt;
        }
        else
        {
            attempts.Add(attempt);
        }
    }

    // Those that came up before and of which nothing was heard since.
    private void AddSilent(Ledger ledger, Func<TaskId, bool> isHeld)
    {
        var heard = attempts.Select(attempt => attempt.Task).ToHashSet();
        foreach (var entry in ledger.Tasks.Values.Where(entry => entry.State is TaskState.InProgress or TaskState.Paused))
        {
            if (TaskId.TryParse(entry.Task, out var task) && !heard.Contains(task) && isHeld(task))
            {
                attempts.Add(new()
                {
                    Task = task,
                    Number = entry.Attempt,
                    Agent = entry.LastChange?.Agent,
                    Started = entry.LastStart,
                    Outcome = entry.State is TaskState.Paused ? AttemptOutcome.Paused : AttemptOutcome.Running,
                });
            }
        }
    }

    private static Attempt Gone(Attempt attempt, Ledger ledger) => attempt with
    {
        Outcome = AttemptOutcome.Lost,
        Ended = ledger.Of(attempt.Task).LastNews?.Ts is { } heard && heard > attempt.Started ? heard : ledger.Of(attempt.Task).LastChange?.Ts ?? attempt.Started,
        Message = attempt.Message ?? "its worker is gone, and nobody has looked after it yet",
    };

    private static Attempt Unseen(TaskId task, VillageEvent e, Ledger ledger) => new() { Task = task, Number = e.Attempt ?? 0, Agent = e.Agent, Started = Begin(e, ledger, task) };

    private static Attempt Ended(Attempt attempt, VillageEvent e, AttemptOutcome outcome) => attempt with
    {
        Outcome = outcome,
        Ended = e.Ts,
        Agent = e.Agent ?? attempt.Agent,
        Reason = e.Reason,
        Message = e.Message ?? e.Error,
        Trash = e.Trash,
        Commit = e.Commit,
        Seconds = e.Seconds,
        Usage = e.Usage,
    };

    private static DateTimeOffset? Begin(VillageEvent e, Ledger ledger, TaskId task) =>
        e.Seconds is { } seconds ? e.Ts.AddSeconds(-Math.Min(seconds, (e.Ts - DateTimeOffset.MinValue).TotalSeconds))
        : ledger.Of(task) is { LastStart: { } start, Attempt: var last } && last == e.Attempt && start <= e.Ts ? start
        : null;
}
