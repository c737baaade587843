using Village.Metrics;
using Village.Tasks;

namespace Village.Events;

/// <summary>What the log says of one task: its state and what the next claim must know. History survives every lease.</summary>
/// <param name="Task">The id.</param>
/// <param name="State">The state after the last accepted change.</param>
/// <param name="Generation">The highest lease generation seen.</param>
/// <param name="Attempt">The last attempt that came up; a start that was given up is none.</param>
/// <param name="LastStart">When an attempt last came up, or null.</param>
/// <param name="LastChange">The last accepted state change, or null.</param>
public sealed record TaskEntry(
    string Task, TaskState State, long Generation, int Attempt, DateTimeOffset? LastStart, VillageEvent? LastChange)
{
    /// <summary>How many attempts failed since it was last completed.</summary>
    public int FailuresInARow { get; init; }

    /// <summary>What the agent last said of itself by <c>village signal</c> in this attempt, or null: its word that it is done counts.</summary>
    public VillageEvent? LastSignal { get; init; }

    /// <summary>What is last known of what the agent does in this attempt, by its own word or by its events; or null.</summary>
    public VillageEvent? LastNews { get; init; }

    /// <summary>The agent that last told of a conversation, and the conversation; it outlives the attempt, to be continued.</summary>
    public Conversation? Conversation { get; init; }

    /// <summary>What its ended attempts have cost, in dollars; null when none told.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>Whether a provider's limit ended its last attempt: nothing was wrong with the work, and it is to go on.</summary>
    public bool WasLimited => LastChange is { To: TaskState.Failed, Reason: FailureReason.UsageLimit };

    /// <summary>The change by which the last attempt ended before its agent started, and the task was queued again; or null.</summary>
    public VillageEvent? GivenBack => LastChange is { Cmd: "worker", From: TaskState.Claimed, To: TaskState.Queued } ? LastChange : null;
}

/// <summary>A conversation that can be continued.</summary>
/// <param name="Agent">The name of the agent that has it.</param>
/// <param name="Session">Its id, as the agent knows it.</param>
public sealed record Conversation(string Agent, string Session);

/// <summary>
/// The fold of the event log (invariant I5): the truth about task states. Feed it every event in order; it ignores
/// what belongs to an older lease generation.
/// </summary>
public sealed class Ledger
{
    private readonly Dictionary<string, TaskEntry> entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, decimal> spent = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The fold of no events.</summary>
    public Ledger()
    {
    }

    /// <summary>A fold to go on with.</summary>
    internal Ledger(IEnumerable<TaskEntry> entries, IReadOnlyDictionary<string, decimal> spent, AttemptStatistics attempts, long count, DateTimeOffset? lastEvent)
    {
        this.spent = new(spent, StringComparer.OrdinalIgnoreCase);
        (Attempts, Count, LastEvent) = (attempts, count, lastEvent);
        foreach (var entry in entries)
        {
            this.entries[entry.Task] = entry;
        }
    }

    /// <summary>Every task the log knows, by id.</summary>
    public IReadOnlyDictionary<string, TaskEntry> Tasks => entries;

    /// <summary>What the ended attempts of each agent have cost, in dollars, by the agent's name; those that told it, and whose name can be one.</summary>
    public IReadOnlyDictionary<string, decimal> Spent => spent;

    /// <summary>What the attempts add up to.</summary>
    public AttemptStatistics Attempts { get; } = new();

    /// <summary>How many events were taken in.</summary>
    public long Count { get; private set; }

    /// <summary>The time of the last event, or null for an empty log.</summary>
    public DateTimeOffset? LastEvent { get; private set; }

    /// <summary>What the log knows of a task; a task it has never seen is queued.</summary>
    public TaskEntry Of(TaskId task) =>
        entries.GetValueOrDefault(task.Value) ?? new(task.Value, TaskState.Queued, 0, 0, null, null);

    /// <summary>The state changes of one task that the fold accepts, in order.</summary>
    public static IEnumerable<VillageEvent> HistoryOf(TaskId task, IEnumerable<VillageEvent> events)
    {
        var fold = new Ledger();
        foreach (var e in events.Where(e => task.Value.Equals(e.Task, StringComparison.OrdinalIgnoreCase)))
        {
            var before = fold.Of(task).LastChange;
            fold.Add(e);
            if (fold.Of(task).LastChange is { } change && !ReferenceEquals(change, before))
            {
                yield return e;
            }
        }
    }

    /// <summary>Takes in the next event.</summary>
    public void Add(VillageEvent e)
    {
        Count++;
        LastEvent = e.Ts;
        if (e is { To: not null, Usage.Usd: { } usd, Agent: { } agent } && TaskId.TryParse(agent, out _))
        {
            spent[agent] = spent.GetValueOrDefault(agent) + usd;
        }

        if (e.Task is null)
        {
            return;
        }

        if (!entries.TryGetValue(e.Task, out var known))
        {
            if (!TaskId.TryParse(e.Task, out var id))
            {
                return;
            }

            known = Of(id);
        }

        if (e.Generation is { } generation && generation < known.Generation)
        {
            return;
        }

        if (AttemptEnd.Of(e) is { } end)
        {
            Attempts.Add(end);
        }

        if (e is { To: not null, Usage.Usd: { } cost })
        {
            known = known with { CostUsd = (known.CostUsd ?? 0) + cost };
        }

        entries[known.Task] = (e.To, e.Signal) switch
        {
            ({ } to, _) => Changed(known, e, to),
            (null, not null) => Heard(known, e),
            _ => known with { Generation = Math.Max(known.Generation, e.Generation ?? 0) },
        };
    }

    // That the agent's turn is over does not take back that it has asked somebody, or given up.
    private static TaskEntry Heard(TaskEntry known, VillageEvent e) => known with
    {
        LastSignal = e.Source is null ? e : known.LastSignal,
        LastNews = e is { Source: not null, Signal: "idle" } && known.LastNews is { Source: null, Signal: not "working" } ? known.LastNews : e,
        Conversation = Told(e) ?? known.Conversation,
    };

    // Some agents say it only with their end, or their call says it for them.
    private static Conversation? Told(VillageEvent e) => e is { Session: { } session, Agent: { } agent } ? new(agent, session) : null;

    // An undo brings a state back, and is neither a start nor an end.
    private static TaskEntry Changed(TaskEntry known, VillageEvent e, TaskState to) => e.Cmd is "undo" ? known with
    {
        State = to,
        Generation = Math.Max(known.Generation, e.Generation ?? 0),
        LastChange = e,
    }
    : known with
    {
        State = to,
        Generation = Math.Max(known.Generation, e.Generation ?? 0),
        Attempt = to is TaskState.InProgress ? Math.Max(known.Attempt, e.Attempt ?? 0) : known.Attempt,
        LastStart = to is TaskState.InProgress ? e.Ts : known.LastStart,
        LastChange = e,
        LastSignal = to is TaskState.Claimed or TaskState.Queued ? null : known.LastSignal,
        LastNews = to is TaskState.Claimed or TaskState.Queued ? null : known.LastNews,
        Conversation = Told(e) ?? known.Conversation,
        FailuresInARow = to switch
        {
            TaskState.Completed => 0,
            TaskState.Failed when e.Reason is not FailureReason.UsageLimit => known.FailuresInARow + 1,
            _ => known.FailuresInARow,
        },
    };
}
