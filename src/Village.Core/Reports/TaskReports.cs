using Village.Tasks;

namespace Village.Reports;

/// <summary>One task as <c>task list</c> shows it.</summary>
public sealed record TaskRow
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The title.</summary>
    public required string Title { get; init; }

    /// <summary>The status in the store.</summary>
    public required string Status { get; init; }

    /// <summary>The state in the village.</summary>
    public required string State { get; init; }

    /// <summary>Whether it may start.</summary>
    public required bool Ready { get; init; }

    /// <summary>0 (critical) to 4 (backlog).</summary>
    public required int Priority { get; init; }

    /// <summary>bug, feature, task, epic, chore…</summary>
    public required string Type { get; init; }

    /// <summary>The labels.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>What keeps it waiting.</summary>
    public required IReadOnlyList<string> BlockedBy { get; init; }
}

/// <summary>The answer of <c>task list</c>.</summary>
/// <param name="Tasks">The tasks.</param>
public sealed record TaskListReport(IReadOnlyList<TaskRow> Tasks) : Report("task list");

/// <summary>An edge of a task.</summary>
/// <param name="DependsOn">The other task.</param>
/// <param name="Type">blocks, parent-child, related…</param>
public sealed record DependencyRow(string DependsOn, string Type);

/// <summary>The answer of <c>task show</c>, and of every command that changes one task.</summary>
public sealed record TaskReport : Report
{
    private TaskReport(string command)
        : base(command)
    {
    }

    /// <summary>What the list shows.</summary>
    public required TaskRow Task { get; init; }

    /// <summary>The description.</summary>
    public required string Description { get; init; }

    /// <summary>The acceptance criteria.</summary>
    public required string Acceptance { get; init; }

    /// <summary>What it depends on.</summary>
    public required IReadOnlyList<DependencyRow> Dependencies { get; init; }

    /// <summary>When it was made.</summary>
    public required string CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public required string UpdatedAt { get; init; }

    /// <summary>When it was closed; null while it is open.</summary>
    public string? ClosedAt { get; init; }

    /// <summary>Why it was closed; null while it is open.</summary>
    public string? CloseReason { get; init; }

    /// <summary>The report of a task.</summary>
    public static TaskReport For(string command, TaskSpec task, TaskRow row) => new(command)
    {
        Task = row,
        Description = task.Description,
        Acceptance = task.Acceptance,
        Dependencies = [.. task.Dependencies.Select(edge => new DependencyRow(edge.DependsOn, edge.Type))],
        CreatedAt = task.CreatedAt,
        UpdatedAt = task.UpdatedAt,
        ClosedAt = task.IsClosed ? task.ClosedAt : null,
        CloseReason = task.IsClosed ? task.CloseReason : null,
    };
}
