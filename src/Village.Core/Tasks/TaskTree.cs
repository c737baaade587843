namespace Village.Tasks;

/// <summary>One line of a tree of dependencies.</summary>
/// <param name="Task">The task.</param>
/// <param name="Depth">0 for the root.</param>
/// <param name="Parent">The task above it, or null for the root.</param>
/// <param name="Edge">The type of the edge to the task above, or null for the root.</param>
/// <param name="IsRepeated">Whether it has been shown before, with what is below it.</param>
public sealed record TaskTreeLine(TaskSpec Task, int Depth, TaskId? Parent, string? Edge, bool IsRepeated);

/// <summary>Trees of tasks; never recurses and shows what is below a task once, so a circle ends.</summary>
public static class TaskTree
{
    /// <summary>A task, and below it what it depends on; or with <paramref name="up"/> what depends on it.</summary>
    public static IReadOnlyList<TaskTreeLine> Of(IReadOnlyList<TaskSpec> tasks, TaskId root, bool up)
    {
        var known = tasks.ToDictionary(task => task.Id);
        var arcs = up ? Dependents(tasks) : null;
        List<TaskTreeLine> tree = [];
        HashSet<TaskId> shown = [];
        Stack<TaskTreeLine> next = new([new(known[root], 0, null, null, false)]);
        while (next.TryPop(out var branch))
        {
            var isNew = shown.Add(branch.Task.Id);
            tree.Add(branch with { IsRepeated = !isNew });
            if (isNew)
            {
                foreach (var (id, type) in Below(branch.Task, arcs).Reverse())
                {
                    if (known.TryGetValue(id, out var task))
                    {
                        next.Push(new(task, branch.Depth + 1, branch.Task.Id, type, false));
                    }
                }
            }
        }

        return tree;
    }

    /// <summary>What depends on each task, sorted.</summary>
    public static ILookup<TaskId, (TaskId Id, string Type)> Dependents(IReadOnlyList<TaskSpec> tasks) => (
        from task in tasks
        from edge in task.Dependencies
        where TaskId.TryParse(edge.DependsOn, out _)
        orderby task.Id
        select (Target: TaskId.Parse(edge.DependsOn), Source: (task.Id, edge.Type))).ToLookup(arc => arc.Target, arc => arc.Source);

    /// <summary>
    /// The children of a task, theirs, and so on. A dotted id makes a child only of a task that has no edge to any parent, as for
    /// Beads.
    /// </summary>
    public static IReadOnlySet<TaskId> Descendants(IReadOnlyList<TaskSpec> tasks, TaskId root)
    {
        var children = (
            from task in tasks
            from parent in Parents(task)
            select (parent, task.Id)).ToLookup(arc => arc.parent, arc => arc.Id);
        HashSet<TaskId> found = [];
        Queue<TaskId> next = new([root]);
        while (next.TryDequeue(out var id))
        {
            foreach (var child in children[id].Where(found.Add))
            {
                next.Enqueue(child);
            }
        }

        return found;
    }

    /// <summary>The parents of a task: by its edges, or else by its id.</summary>
    public static IReadOnlyList<TaskId> Parents(TaskSpec task)
    {
        IReadOnlyList<TaskId> parents =
        [
            .. from edge in task.Dependencies
               where edge.Type is DependencyType.ParentChild && TaskId.TryParse(edge.DependsOn, out _)
               select TaskId.Parse(edge.DependsOn),
        ];
        return parents is [] && task.Id.Value.LastIndexOf('.') is var dot and > 0 && TaskId.TryParse(task.Id.Value[..dot], out var parent)
            ? [parent]
            : parents;
    }

    private static IEnumerable<(TaskId Id, string Type)> Below(TaskSpec task, ILookup<TaskId, (TaskId, string)>? dependents) =>
        dependents?[task.Id] ?? task.Dependencies.Where(edge => TaskId.TryParse(edge.DependsOn, out _))
            .Select(edge => (TaskId.Parse(edge.DependsOn), edge.Type));
}
