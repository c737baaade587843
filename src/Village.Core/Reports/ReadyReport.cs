using System.Text.Json;
using System.Text.Json.Serialization;
using Village.Beads;
using Village.Observation;
using Village.Tasks;

namespace Village.Reports;

/// <summary>A step that would help, as a command to type.</summary>
/// <param name="Command">The command.</param>
/// <param name="Reason">Why.</param>
/// <param name="Blocking">Whether nothing works before it.</param>
public sealed record SuggestedAction(string Command, string Reason, bool Blocking);

/// <summary>A task that may start because others are completed here, though they are still open in the task store.</summary>
/// <param name="Task">The task.</param>
/// <param name="Completed">The others.</param>
public sealed record Reliance(string Task, IReadOnlyList<string> Completed)
{
    /// <summary>It in words.</summary>
    [JsonIgnore]
    public string Sentence => Completed is [var one]
        ? $"{Task} may start because {one} is completed here, though it is open in the task store"
        : $"{Task} may start because {string.Join(", ", Completed)} are completed here, though they are open in the task store";
}

/// <summary>What <c>ready</c> found.</summary>
public sealed record ReadyAssessment
{
    /// <summary>ready, ready_with_actions, ready_no_work or not_ready.</summary>
    public required string Overall { get; init; }

    /// <summary>Whether <c>.village</c> is there.</summary>
    public required bool EnvironmentReady { get; init; }

    /// <summary>Whether the tmux session runs.</summary>
    public required bool RuntimeReady { get; init; }

    /// <summary>Whether a task may start.</summary>
    public required bool WorkAvailable { get; init; }

    /// <summary>How many things nothing accounts for.</summary>
    public required int OrphansCount { get; init; }

    /// <summary>Leases whose holder is gone.</summary>
    public required int StaleLocksCount { get; init; }

    /// <summary>Workspaces that nothing accounts for.</summary>
    public required int UntrackedWorktreesCount { get; init; }

    /// <summary>Workers that hold a slot.</summary>
    public required int ActiveWorkersCount { get; init; }

    /// <summary>Tasks that may start.</summary>
    public required int ReadyTasksCount { get; init; }
}

/// <summary>Where tasks are kept.</summary>
/// <param name="Kind">embedded, beads or beads_file.</param>
/// <param name="Reason">Why there.</param>
/// <param name="Hint">How to use the other store, as a command to type, or null.</param>
public sealed record TaskStoreRow(string Kind, string Reason, string? Hint)
{
    /// <summary>The row of a choice.</summary>
    public static TaskStoreRow Of(TaskSourceChoice choice) => new(JsonNamingPolicy.SnakeCaseLower.ConvertName(choice.Kind.ToString()), choice.Reason, choice.Hint);
}

/// <summary>The answer of <c>ready</c>: can this machine work now, and what to type next.</summary>
/// <param name="Assessment">What was found.</param>
/// <param name="Actions">What to do, most urgent first.</param>
public sealed record ReadyReport(ReadyAssessment Assessment, IReadOnlyList<SuggestedAction> Actions) : Report("ready")
{
    /// <summary>Where tasks are kept, and why there.</summary>
    public TaskStoreRow? TaskStore { get; init; }

    /// <summary>Which tasks may start only because COMPLETED_COUNTS is on.</summary>
    public IReadOnlyList<Reliance> Reliances { get; init; } = [];

    /// <summary>The assessment of a snapshot; null means that there is no village yet.</summary>
    public static ReadyReport For(Snapshot? seen)
    {
        if (seen is null || !seen.Session.IsRunning)
        {
            return new(
                Assess("not_ready", seen, environment: seen is not null, runtime: false),
                [new("village up", seen is null ? "there is no village here yet" : $"the tmux session '{seen.Session.Name}' is not running", Blocking: true)]);
        }

        var ready = ReadyCount(seen);
        var orphans = seen.DeadLeases.Count + seen.OrphanWorkspaces.Count;
        List<SuggestedAction> actions = [];
        if (seen.DeadLeases is { Count: > 0 and var dead })
        {
            actions.Add(new("village cleanup", $"{dead} dead lock{(dead is 1 ? "" : "s")}", Blocking: false));
        }

        if (seen.OrphanWorkspaces is { Count: > 0 and var lost })
        {
            // No command removes what may be somebody's work and is no task's: doctor says where it is.
            actions.Add(new("village doctor", $"{lost} untracked workspace{(lost is 1 ? "" : "s")}", Blocking: false));
        }

        if (ready > 0)
        {
            actions.Add(new($"village queue {ready}", $"{ready} task{(ready is 1 ? "" : "s")} may start", Blocking: false));
        }

        if (seen.HeldCount > 0)
        {
            actions.Add(new("village status --workers", $"{seen.HeldCount} worker{(seen.HeldCount is 1 ? " is" : "s are")} active", Blocking: false));
        }

        if (actions is [])
        {
            actions.Add(seen.Ledger.Tasks.Values.FirstOrDefault(entry => entry.State is TaskState.Paused) is { } paused
                ? new($"village resume {paused.Task}", "it is paused", Blocking: false)
                : new("village task add \"what to do\"", "no task is ready", Blocking: false));
        }

        var overall = ready is 0 && orphans is 0 ? "ready_no_work" : orphans > 0 ? "ready_with_actions" : "ready";
        return new(Assess(overall, seen, environment: true, runtime: true), actions)
        {
            Reliances =
            [
                .. from task in Startable(seen)
                   let completed = seen.Tasks.ReliesOn(task.Id)
                   where completed is not []
                   select new Reliance(task.Id.Value, [.. completed.Select(id => id.Value)]),
            ],
        };
    }

    private static int ReadyCount(Snapshot seen) => Startable(seen).Count();

    private static IEnumerable<TaskSpec> Startable(Snapshot seen) =>
        seen.Tasks.Ready.Where(task => seen.Ledger.Of(task.Id).State is TaskState.Queued && seen.LeaseOf(task.Id.Value) is null);

    private static ReadyAssessment Assess(string overall, Snapshot? seen, bool environment, bool runtime) => new()
    {
        Overall = overall,
        EnvironmentReady = environment,
        RuntimeReady = runtime,
        WorkAvailable = seen is not null && ReadyCount(seen) > 0,
        OrphansCount = seen is null ? 0 : seen.DeadLeases.Count + seen.OrphanWorkspaces.Count,
        StaleLocksCount = seen?.DeadLeases.Count ?? 0,
        UntrackedWorktreesCount = seen?.OrphanWorkspaces.Count ?? 0,
        ActiveWorkersCount = seen?.HeldCount ?? 0,
        ReadyTasksCount = seen is null ? 0 : ReadyCount(seen),
    };
}
