namespace Village.Tasks;

/// <summary>Which tasks a person wants to see; what is not said lets all pass.</summary>
public sealed record TaskFilter
{
    /// <summary>Closed ones and pinned ones too. A status that is asked for is shown in any case.</summary>
    public bool All { get; init; }

    /// <summary>One of these statuses.</summary>
    public IReadOnlyList<string> Statuses { get; init; } = [];

    /// <summary>One of these types.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>One of these priorities.</summary>
    public IReadOnlyList<int> Priorities { get; init; } = [];

    /// <summary>All of these labels.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>This agent by its label; empty asks for tasks without one.</summary>
    public string? Agent { get; init; }

    /// <summary>This assignee; empty asks for tasks without one.</summary>
    public string? Assignee { get; init; }

    /// <summary>These words somewhere in the title, the description or the notes, in any case of letters.</summary>
    public string? Text { get; init; }

    /// <summary>Descendants of this task.</summary>
    public TaskId? Parent { get; init; }

    /// <summary>The tasks that pass this and another test: open ones first, then by priority, oldest first, by id.</summary>
    public IEnumerable<TaskSpec> Of(IReadOnlyList<TaskSpec> tasks, Func<TaskSpec, bool>? also = null)
    {
        var below = Parent is { } parent ? TaskTree.Descendants(tasks, parent) : null;
        return tasks.Where(task => Passes(task) && below?.Contains(task.Id) is not false && also?.Invoke(task) is not false)
            .OrderBy(task => task.IsClosed).ThenBy(task => task.Priority).ThenBy(task => task.CreatedTime).ThenBy(task => task.Id);
    }

    private bool Passes(TaskSpec task) =>
        (Statuses is [] ? All || !(task.IsClosed || task.IsPinned) : Statuses.Contains(task.Status, StringComparer.OrdinalIgnoreCase))
        && (Types is [] || Types.Contains(task.Type, StringComparer.OrdinalIgnoreCase))
        && (Priorities is [] || Priorities.Contains(task.Priority))
        && Labels.All(label => task.Labels.Contains(label))
        && (Agent is null || Agent.Equals(task.AgentLabel ?? "", StringComparison.OrdinalIgnoreCase))
        && (Assignee is null || Assignee == task.Assignee)
        && (Text is null || Says(task.Title) || Says(task.Description) || Says(task.Notes));

    private bool Says(string text) => text.Contains(Text!, StringComparison.OrdinalIgnoreCase);
}
