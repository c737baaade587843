using System.Globalization;
using Village.Events;
using Village.Tasks;

namespace Village.Undo;

/// <summary>What a destructive step took.</summary>
public enum StepKind
{
    /// <summary>Uncommitted work, and where HEAD stood: a rollback.</summary>
    Work,

    /// <summary>A workspace, with all that was in it.</summary>
    Workspace,

    /// <summary>A lease, and with it the state of the task.</summary>
    Lease,

    /// <summary>A branch.</summary>
    Branch,
}

/// <summary>A step that took something and can be taken back, as its event tells it.</summary>
/// <param name="Kind">What it took.</param>
/// <param name="Task">The task.</param>
/// <param name="Event">Its event.</param>
/// <param name="Before">The state of the task before it.</param>
public sealed record Step(StepKind Kind, TaskId Task, VillageEvent Event, TaskState Before)
{
    /// <summary>The step's name in the event that undoes it. One process takes one thing of a kind from a task at a time.</summary>
    public string Id => IdOf(Event);

    /// <summary>Whether the task has changed its state since, so that its lease belongs to the past.</summary>
    public bool IsOvertaken { get; init; }

    /// <summary>The step in words: <c>the rollback (agent_exit)</c>.</summary>
    public string Words => Kind switch
    {
        StepKind.Work when Event.Cmd is "undo" => "what an undo put aside",
        StepKind.Work => $"the rollback ({Event.Reason})",
        StepKind.Workspace => "the removal of its workspace",
        StepKind.Lease => $"the removal of its lock by {Event.Cmd}",
        _ => "the removal of its branch",
    };

    internal static string IdOf(VillageEvent e) =>
        string.Create(CultureInfo.InvariantCulture, $"{EventLine.Time(e.Ts)}/{e.Pid ?? 0}/{e.Cmd}/{e.Reason}");
}

/// <summary>What is there now, as far as it decides which step can be undone.</summary>
/// <param name="Trash">The refs of the trash.</param>
/// <param name="Kept">Directories of ignored files that were kept, as events name them.</param>
/// <param name="Workspaces">The workspaces, by task.</param>
/// <param name="Branches">The tips of the task branches, by name.</param>
/// <param name="Leases">The lock files, by task.</param>
public sealed record UndoGround(
    IReadOnlySet<string> Trash, IReadOnlySet<string> Kept, IReadOnlySet<string> Workspaces, IReadOnlyDictionary<string, string> Branches, IReadOnlySet<string> Leases)
{
    /// <summary>What the name of a task's branch begins with.</summary>
    public string BranchPrefix { get; init; } = "village/";
}
