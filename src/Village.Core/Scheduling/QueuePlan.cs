using Village.Configuration;
using Village.Conflicts;
using Village.Events;
using Village.Leases;
using Village.Observation;
using Village.Tasks;

namespace Village.Scheduling;

/// <summary>What a person asked the queue for.</summary>
/// <param name="Count">How many to start at most, or null for as many as fit.</param>
/// <param name="Agent">Only tasks of this agent, or null.</param>
/// <param name="MaxWorkers">How many workers may be active.</param>
/// <param name="Force">Whether the time since the last start is ignored.</param>
/// <param name="Known">What was found out by trying, by task: those are not tried again by the same command.</param>
public sealed record QueueRequest(int? Count, string? Agent, int MaxWorkers, bool Force, IReadOnlyDictionary<string, Skip> Known)
{
    /// <summary>How the work of tasks was found to merge; nothing until it was tried.</summary>
    public ConflictMatrix Conflicts { get; init; } = ConflictMatrix.Empty;

    /// <summary>Whether all conflicts are to be shown, and not only those of what starts.</summary>
    public bool ShowConflicts { get; init; }
}

/// <summary>A task that will be started.</summary>
/// <param name="Task">The task.</param>
/// <param name="Title">Its title.</param>
/// <param name="Agent">The agent it goes to.</param>
/// <param name="TakesOver">Whether a dead worker's lease is taken over.</param>
/// <param name="DependsOn">Completed tasks whose work it starts from, as far as they have a branch.</param>
/// <param name="Entry">What the log said of it: when that has changed, so may have what speaks against a start.</param>
public sealed record PlannedStart(TaskId Task, string Title, string Agent, bool TakesOver, IReadOnlyList<TaskId> DependsOn, TaskEntry Entry)
{
    /// <summary>Tasks that are completed here and still open in the task store, and would keep it waiting if that did not count.</summary>
    public IReadOnlyList<TaskId> ReliesOn { get; init; } = [];
}

/// <summary>The whole decision of <c>queue</c>: which tasks start, in which order, and why each other one does not.</summary>
/// <param name="Starts">In order.</param>
/// <param name="Skips">Every other open task, with its reason.</param>
/// <param name="SlotsFree">How many workers may still start.</param>
/// <param name="WorkersActive">How many hold a slot now.</param>
/// <param name="MaxWorkers">The limit.</param>
public sealed record QueuePlan(
    IReadOnlyList<PlannedStart> Starts, IReadOnlyList<Skip> Skips, int SlotsFree, int WorkersActive, int MaxWorkers)
{
    /// <summary>The decision for a snapshot. Same inputs, same plan.</summary>
    public static QueuePlan For(Snapshot seen, VillageConfig config, QueueRequest request)
    {
        var free = Math.Max(0, request.MaxWorkers - seen.HeldCount);
        List<PlannedStart> starts = [];
        List<Skip> skips = [];
        HashSet<string> starting = [];
        var ready = seen.Tasks.Ready;
        var isReady = ready.Select(task => task.Id).ToHashSet();
        foreach (var task in ready.Concat(seen.Tasks.All.Where(task => !task.IsClosed && !isReady.Contains(task.Id))))
        {
            var candidate = new Candidate(task, AgentOf(task, config), seen, config, request, starts.Count, free, isReady.Contains(task.Id))
            {
                Starting = starting,
            };
            if (AdmissionRules.FirstObjection(candidate) is { } objection)
            {
                skips.Add(objection);
            }
            else
            {
                starting.Add(task.Id.Value);
                starts.Add(new(
                    task.Id,
                    task.Title,
                    candidate.Agent,
                    candidate.Lease?.Status is LeaseStatus.Stale,
                    [.. seen.Tasks.Closure(task.Id).Where(id => seen.Ledger.Of(id).State is TaskState.Completed)],
                    candidate.Entry)
                {
                    ReliesOn = seen.Tasks.ReliesOn(task.Id),
                });
            }
        }

        return new(starts, skips, free, seen.HeldCount, request.MaxWorkers);
    }

    /// <summary>The agent a task goes to: its label's, else the default.</summary>
    public static string AgentOf(TaskSpec task, VillageConfig config) =>
        task.AgentLabel is { } named && Settings.IsAgent(named) ? named : config.DefaultAgent;
}
