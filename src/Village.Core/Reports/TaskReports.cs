using System.Text.Json;
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

/// <summary>The answer of <c>task list</c>, <c>task ready</c> and <c>task blocked</c>, and of adding several at once.</summary>
public sealed record TaskListReport : Report
{
    private TaskListReport(string command)
        : base(command)
    {
    }

    /// <summary>The tasks.</summary>
    public required IReadOnlyList<TaskRow> Tasks { get; init; }

    /// <summary>The report of these tasks.</summary>
    public static TaskListReport For(string command, IReadOnlyList<TaskRow> tasks) => new(command) { Tasks = tasks };
}

/// <summary>An edge of a task.</summary>
/// <param name="DependsOn">The other task.</param>
/// <param name="Type">blocks, parent-child, related…</param>
public sealed record DependencyRow(string DependsOn, string Type);

/// <summary>An edge to a task.</summary>
/// <param name="Id">The task that has it.</param>
/// <param name="Type">blocks, parent-child, related…</param>
public sealed record DependentRow(string Id, string Type);

/// <summary>The answer of <c>task show</c>, and of every command that changes one task.</summary>
public sealed record TaskReport : Report
{
    private TaskReport(string command)
        : base(command)
    {
    }

    /// <summary>What the list shows.</summary>
    public required TaskRow Task { get; init; }

    /// <summary>Why it may not start: <c>is blocked by bd-a1</c>; null when it may.</summary>
    public string? NotReady { get; init; }

    /// <summary>The description.</summary>
    public required string Description { get; init; }

    /// <summary>The acceptance criteria.</summary>
    public required string Acceptance { get; init; }

    /// <summary>How it is meant to be done.</summary>
    public required string Design { get; init; }

    /// <summary>What was learned on the way.</summary>
    public required string Notes { get; init; }

    /// <summary>Who has it in the store, or empty.</summary>
    public required string Assignee { get; init; }

    /// <summary>How many minutes it may take; null when nobody said.</summary>
    public int? EstimatedMinutes { get; init; }

    /// <summary>What it depends on.</summary>
    public required IReadOnlyList<DependencyRow> Dependencies { get; init; }

    /// <summary>What depends on it.</summary>
    public required IReadOnlyList<DependentRow> Dependents { get; init; }

    /// <summary>The remarks, oldest first.</summary>
    public required IReadOnlyList<TaskComment> Comments { get; init; }

    /// <summary>Keys of other programs; null when there are none.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>When it was made.</summary>
    public required string CreatedAt { get; init; }

    /// <summary>Who made it, or empty.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was last changed.</summary>
    public required string UpdatedAt { get; init; }

    /// <summary>Until when it is to be left alone; null when it is not.</summary>
    public string? DeferUntil { get; init; }

    /// <summary>When it should be done; null when nobody said.</summary>
    public string? DueAt { get; init; }

    /// <summary>When it was closed; null while it is open.</summary>
    public string? ClosedAt { get; init; }

    /// <summary>Why it was closed; null while it is open.</summary>
    public string? CloseReason { get; init; }

    /// <summary>The report of a task.</summary>
    public static TaskReport For(string command, TaskSpec task, TaskRow row, TaskGraph graph) => new(command)
    {
        Task = row,
        NotReady = graph.WhyNot(task.Id)?.Text,
        Description = task.Description,
        Acceptance = task.Acceptance,
        Design = task.Design,
        Notes = task.Notes,
        Assignee = task.Assignee,
        EstimatedMinutes = task.EstimatedMinutes,
        Dependencies = [.. task.Dependencies.Select(edge => new DependencyRow(edge.DependsOn, edge.Type))],
        Dependents =
        [
            .. from other in graph.All
               from edge in other.Dependencies
               where edge.DependsOn.Equals(task.Id.Value, StringComparison.OrdinalIgnoreCase)
               orderby other.Id
               select new DependentRow(other.Id.Value, edge.Type),
        ],
        Comments = TaskComments.Of(task),
        Metadata = task.Field("metadata") is { } json ? JsonElement.Parse(json) : null,
        CreatedAt = task.CreatedAt,
        CreatedBy = task.CreatedBy,
        UpdatedAt = task.UpdatedAt,
        DeferUntil = task.DeferUntil is "" ? null : task.DeferUntil,
        DueAt = task.DueAt is "" ? null : task.DueAt,
        ClosedAt = task.IsClosed ? task.ClosedAt : null,
        CloseReason = task.IsClosed ? task.CloseReason : null,
    };
}
