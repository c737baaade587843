using Village.Events;
using Village.Tasks;

namespace Village.Undo;

/// <summary>
/// Reads from the log which steps can be undone. They are a stack: each is undone once, the last one first. What an undo itself
/// puts aside is a step too, from the moment on that it is done; until then the step that it undoes is still the last.
/// </summary>
public static class Steps
{
    /// <summary>The steps that nobody has undone, oldest first.</summary>
    public static IReadOnlyList<Step> Of(IEnumerable<VillageEvent> events)
    {
        var ledger = new Ledger();
        Dictionary<string, TaskState> before = new(StringComparer.OrdinalIgnoreCase);
        List<Step> steps = [];
        List<(string Of, Step Step)> pending = [];
        foreach (var e in events)
        {
            if (!TaskId.TryParse(e.Task, out var task))
            {
                ledger.Add(e);
                continue;
            }

            var entry = ledger.Of(task);
            if (e.Generation > entry.Generation || !before.ContainsKey(task.Value))
            {
                // A lease is taken in two or three events of one new generation; the state before is that before the first.
                before[task.Value] = entry.State;
            }

            ledger.Add(e);
            if (e.To is not null)
            {
                steps = [.. steps.Select(step => step.Task == task ? step with { IsOvertaken = true } : step)];
            }

            if (e is { Cmd: "undo", Undid: { } undone })
            {
                if (e.Trash is not null)
                {
                    pending.Add((undone, new(StepKind.Work, task, e, entry.State)));
                    continue;
                }

                steps.RemoveAll(step => step.Id == undone);
                steps.AddRange(pending.Where(saved => saved.Of == undone).Select(saved => saved.Step));
                pending.RemoveAll(saved => saved.Of == undone);
            }
            else if (KindOf(e) is { } kind)
            {
                steps.Add(new(kind, task, e, kind is StepKind.Lease && e.Generation is not null ? before[task.Value] : entry.State));
            }
        }

        return steps;
    }

    /// <summary>The last step that can still be undone: what it took can be brought back, and is not there already. Null when there is none.</summary>
    public static Step? Last(IReadOnlyList<Step> steps, TaskId? task, UndoGround ground) =>
        steps.LastOrDefault(step => (task is null || step.Task == task) && CanBeUndone(step, ground));

    /// <summary>The undo of a task's lease where it is the last that the log says of that task: a kill may have kept the file from being written.</summary>
    public static IReadOnlyList<VillageEvent> LeasesOnTheWay(IEnumerable<VillageEvent> events)
    {
        Dictionary<string, VillageEvent> last = new(StringComparer.OrdinalIgnoreCase);
        foreach (var e in events.Where(e => TaskId.TryParse(e.Task, out _)))
        {
            last[e.Task!] = e;
        }

        return [.. last.Values.Where(e => e is { Cmd: "undo", Lease: not null })];
    }

    /// <summary>The name of a step in the event that undoes it.</summary>
    public static string IdOf(VillageEvent e) => Step.IdOf(e);

    private static bool CanBeUndone(Step step, UndoGround ground)
    {
        var (e, id) = (step.Event, step.Task.Value);
        var hasKept = e.Kept is { } kept && ground.Kept.Contains(kept);
        return step.Kind switch
        {
            StepKind.Work => ground.Trash.Contains(e.Trash!),
            StepKind.Workspace when e.Trash is { } trash => ground.Trash.Contains(trash),
            StepKind.Workspace => hasKept || !ground.Workspaces.Contains(id),
            StepKind.Lease => !step.IsOvertaken && !ground.Leases.Contains(id),
            _ => e.Commit is not null && !ground.Branches.ContainsKey(e.Branch ?? ground.BranchPrefix + id),
        };
    }

    private static StepKind? KindOf(VillageEvent e) => e switch
    {
        { Cmd: "undo" } or { Result: "error" } => null,
        { Cmd: "rollback", Trash: not null } => StepKind.Work,
        { Cmd: "cleanup", Reason: "workspace" } => StepKind.Workspace,
        { Reason: "branch", Commit: not null } => StepKind.Branch,
        { Lease: not null } => StepKind.Lease,
        _ => null,
    };
}
