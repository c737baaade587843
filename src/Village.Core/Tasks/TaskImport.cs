namespace Village.Tasks;

/// <summary>
/// What becomes of a store when the file of another Beads comes to it. Tasks are the same when their ids are; of two copies the one
/// changed later wins, and what both sides have added is kept: comments, edges and metadata are lost by no import. What a file does
/// not name is left alone.
/// </summary>
public sealed class TaskImport
{
    private readonly Dictionary<TaskId, TaskSpec> tasks;
    private readonly Dictionary<TaskId, TaskSpec> deleted;
    private readonly IReadOnlySet<TaskId> held;
    private readonly List<TaskId> created = [];
    private readonly List<TaskId> updated = [];
    private readonly List<TaskId> unchanged = [];
    private readonly List<TaskId> older = [];
    private readonly List<TaskId> removed = [];
    private readonly List<string> warnings = [];

    /// <summary>Brings the two together.</summary>
    /// <param name="mine">The store.</param>
    /// <param name="theirs">The file, which has no bad lines.</param>
    /// <param name="held">Tasks that a worker has: no import deletes or closes them.</param>
    /// <param name="prefix">What ids here begin with; others are taken too, and named.</param>
    public TaskImport(TaskStore mine, TaskStore theirs, IReadOnlySet<TaskId> held, string prefix)
    {
        tasks = mine.Tasks.ToDictionary(task => task.Id);
        deleted = mine.Deleted.ToDictionary(task => task.Id);
        this.held = held;
        warnings.AddRange(theirs.Repeated.Distinct().Select(id => $"{id} comes more than once; the last line counts"));
        foreach (var task in theirs.Tasks)
        {
            Take(task);
        }

        foreach (var task in theirs.Deleted)
        {
            Bury(task);
        }

        Warn(theirs.Tasks, prefix);
        var known = mine.Foreign.Select(line => Convert.ToHexString(line.Span)).ToHashSet();
        Store = new(
            [.. tasks.Values], [.. deleted.Values], [.. mine.Foreign, .. theirs.Foreign.Where(line => known.Add(Convert.ToHexString(line.Span)))]);
        IsChange = created.Count + updated.Count + removed.Count > 0
            || Store.Foreign.Count > mine.Foreign.Count || Store.Deleted.Count != mine.Deleted.Count;
    }

    /// <summary>The store afterwards.</summary>
    public TaskStore Store { get; }

    /// <summary>Whether anything is different in it.</summary>
    public bool IsChange { get; }

    /// <summary>New tasks, sorted.</summary>
    public IReadOnlyList<TaskId> Created => [.. created.Order()];

    /// <summary>Tasks that are different now, sorted.</summary>
    public IReadOnlyList<TaskId> Updated => [.. updated.Order()];

    /// <summary>Tasks that were so already, sorted.</summary>
    public IReadOnlyList<TaskId> Unchanged => [.. unchanged.Order()];

    /// <summary>Tasks whose copy here was changed later and has nothing to gain, sorted.</summary>
    public IReadOnlyList<TaskId> Older => [.. older.Order()];

    /// <summary>Tasks that the file says are deleted, sorted.</summary>
    public IReadOnlyList<TaskId> Deleted => [.. removed.Order()];

    /// <summary>What a person should know, one line each.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    private void Take(TaskSpec given)
    {
        var task = Consistent(given);
        if (deleted.TryGetValue(task.Id, out var grave))
        {
            if (TaskTime.Compare(task.UpdatedAt, Buried(grave)) <= 0)
            {
                older.Add(task.Id);
                return;
            }

            deleted.Remove(task.Id);
        }

        if (!tasks.TryGetValue(task.Id, out var mine))
        {
            tasks[task.Id] = task;
            created.Add(task.Id);
            return;
        }

        var order = TaskTime.Compare(task.UpdatedAt, mine.UpdatedAt);
        if (order > 0 && task.IsClosed && !mine.IsClosed && held.Contains(task.Id))
        {
            warnings.Add($"{task.Id} is closed in the file, but a worker has it here: it stays open");
            (order, task) = (-1, mine);
        }

        var merged = TaskMerge.Of(mine, task, order);
        tasks[task.Id] = merged;
        (merged != mine ? updated : order < 0 ? older : unchanged).Add(task.Id);
    }

    private void Bury(TaskSpec grave)
    {
        if (tasks.TryGetValue(grave.Id, out var task))
        {
            if (TaskTime.Compare(Buried(grave), task.UpdatedAt) <= 0)
            {
                older.Add(grave.Id);
                return;
            }

            if (held.Contains(grave.Id))
            {
                warnings.Add($"{grave.Id} is deleted in the file, but a worker has it here: it stays");
                return;
            }

            tasks.Remove(grave.Id);
            removed.Add(grave.Id);
        }

        deleted.TryAdd(grave.Id, grave);
    }

    private static string Buried(TaskSpec grave) => grave.FieldText("deleted_at") ?? grave.UpdatedAt;

    // For Beads a task has a time of closing if and only if it is closed.
    private TaskSpec Consistent(TaskSpec task)
    {
        if (task.IsClosed && task.ClosedAt is "")
        {
            return task with { ClosedAt = task.UpdatedAt };
        }

        if (!task.IsClosed && task.ClosedAt is not "")
        {
            warnings.Add($"{task.Id} is not closed, but says when it was; that is left out");
            return task with { ClosedAt = "" };
        }

        return task;
    }

    private void Warn(IReadOnlyList<TaskSpec> theirs, string prefix)
    {
        var foreign = theirs.Where(task => !task.Id.Value.StartsWith(prefix + "-", StringComparison.OrdinalIgnoreCase)).Select(task => task.Id).ToList();
        if (foreign is [var one, ..])
        {
            warnings.Add($"{(foreign.Count is 1 ? $"{one} does" : $"{foreign.Count} ids, such as {one}, do")} not begin with '{prefix}-'");
        }

        foreach (var task in theirs)
        {
            warnings.AddRange(
                from edge in task.Dependencies
                where TaskId.TryParse(edge.DependsOn, out var other) && !tasks.ContainsKey(other)
                select $"{task.Id} depends on {edge.DependsOn}, which is not there; the edge is kept and holds nothing back");
            if (task.Id.Value.LastIndexOf('.') is var dot and > 0 && !tasks.ContainsKey(TaskId.Parse(task.Id.Value[..dot])))
            {
                warnings.Add($"{task.Id} has the id of a child, but there is no {task.Id.Value[..dot]}");
            }
        }
    }
}
