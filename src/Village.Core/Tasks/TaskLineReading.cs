namespace Village.Tasks;

/// <summary>What a line of a task file is.</summary>
public enum TaskLineKind
{
    /// <summary>A task.</summary>
    Task,

    /// <summary>What is left of a deleted task (Beads up to 0.49); read like a task.</summary>
    Tombstone,

    /// <summary>Something that is no task and not ours to judge, for example a memory: to be written back as it is.</summary>
    Foreign,

    /// <summary>Nothing to keep: a blank line, or a header that Beads 1.0 would choke on.</summary>
    Nothing,

    /// <summary>A line that cannot be understood.</summary>
    Problem,
}

/// <summary>What reading one line came to.</summary>
/// <param name="Kind">What the line is.</param>
/// <param name="Task">The task, or what is left of it; null for the other kinds.</param>
/// <param name="Problem">What is wrong with it, to be put after "line 3": <c>has no 'id'</c>. Null for the other kinds.</param>
public readonly record struct TaskLineReading(TaskLineKind Kind, TaskSpec? Task, string? Problem)
{
    /// <summary>Whether the line has something that is read over, so that the task would be written without it.</summary>
    internal bool HasMore { get; init; }
}
