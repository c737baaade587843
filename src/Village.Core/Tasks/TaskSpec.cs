using System.Globalization;
using System.Text.Json;

namespace Village.Tasks;

/// <summary>
/// One task as its store describes it, field for field what Beads calls an issue. Lists are always in the order in which
/// they are written, and what Village has no use for rides along, so that a task can go to Beads and back unchanged.
/// </summary>
public sealed record TaskSpec
{
    /// <summary>The id.</summary>
    public required TaskId Id { get; init; }

    /// <summary>One line that says what is to be done.</summary>
    public required string Title { get; init; }

    /// <summary>What is to be done, at length.</summary>
    public string Description { get; init; } = "";

    /// <summary>How to see that it is done.</summary>
    public string Acceptance { get; init; } = "";

    /// <summary>How it is meant to be done.</summary>
    public string Design { get; init; } = "";

    /// <summary>What was learned on the way.</summary>
    public string Notes { get; init; } = "";

    /// <summary>One of <c>open in_progress blocked deferred closed pinned</c>, or another word.</summary>
    public string Status { get; init; } = "open";

    /// <summary>From 0 (now) to 4 (some day).</summary>
    public int Priority { get; init; } = 2;

    /// <summary>One of <c>task bug feature chore epic</c>, or another word.</summary>
    public string Type { get; init; } = "task";

    /// <summary>Who has it, or empty.</summary>
    public string Assignee { get; init; } = "";

    /// <summary>The labels, sorted, each once.</summary>
    public IReadOnlyList<string> Labels { get; init => field = Set(value); } = [];

    /// <summary>The edges to other tasks, sorted by target, then by type.</summary>
    public IReadOnlyList<TaskDependency> Dependencies { get; init => field = Sorted(value); } = [];

    /// <summary>When it was made, as it was written.</summary>
    public string CreatedAt { get; init; } = "";

    /// <summary>When it was last changed, as it was written.</summary>
    public string UpdatedAt { get; init; } = "";

    /// <summary>When it was closed, as it was written, or empty.</summary>
    public string ClosedAt { get; init; } = "";

    /// <summary>Until when it is to be left alone, as it was written, or empty.</summary>
    public string DeferUntil { get; init; } = "";

    /// <summary>When it should be done, as it was written, or empty. Nothing is decided by it.</summary>
    public string DueAt { get; init; } = "";

    /// <summary>Who made it, or empty.</summary>
    public string CreatedBy { get; init; } = "";

    /// <summary>Why it was closed, or empty.</summary>
    public string CloseReason { get; init; } = "";

    /// <summary>Every other field as JSON text, in the order of the file: comments, metadata, owner, unknown keys.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Other { get; init => field = TaskFields.Sorted(value); } = [];

    /// <summary>The instant of <see cref="CreatedAt"/>, or null when there is none.</summary>
    public DateTimeOffset? CreatedTime => TaskTime.Parse(CreatedAt);

    /// <summary>The instant of <see cref="UpdatedAt"/>, or null when there is none.</summary>
    public DateTimeOffset? UpdatedTime => TaskTime.Parse(UpdatedAt);

    /// <summary>The instant of <see cref="ClosedAt"/>, or null when there is none.</summary>
    public DateTimeOffset? ClosedTime => TaskTime.Parse(ClosedAt);

    /// <summary>The instant of <see cref="DeferUntil"/>, or null when there is none.</summary>
    public DateTimeOffset? DeferTime => TaskTime.Parse(DeferUntil);

    /// <summary>The instant of <see cref="DueAt"/>, or null when there is none.</summary>
    public DateTimeOffset? DueTime => TaskTime.Parse(DueAt);

    /// <summary>How many minutes it may take, or null when nobody said.</summary>
    public int? EstimatedMinutes => int.TryParse(Field(TaskFields.Estimate), NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) ? minutes : null;

    /// <summary>Whether it is over.</summary>
    public bool IsClosed => Status is "closed";

    /// <summary>Whether it is kept in sight for good: never work, and in nobody's way.</summary>
    public bool IsPinned => Status is "pinned" || Flag("pinned");

    /// <summary>Whether it lives only as long as its molecule; <c>wisp</c> was the flag's first name.</summary>
    public bool IsEphemeral => Flag("ephemeral") || Flag("wisp");

    /// <summary>Whether it only holds other tasks together.</summary>
    public bool IsEpic => Type is "epic";

    /// <summary>Whether its type is one of work: not an epic, and not one of those that Beads keeps its own books with.</summary>
    public bool IsWork =>
        Type is not ("epic" or "gate" or "molecule" or "message" or "merge-request" or "agent" or "role" or "rig");

    /// <summary>
    /// The agent that a label <c>agent:NAME</c>, <c>agent=NAME</c> or <c>agent/NAME</c> asks for, the first of several;
    /// null when none does.
    /// </summary>
    public string? AgentLabel =>
        (from label in Labels
         where label.Length > 6 && label.StartsWith("agent", StringComparison.OrdinalIgnoreCase) && label[5] is ':' or '=' or '/'
         let name = label[6..].Trim()
         where name is not ""
         select name).FirstOrDefault();

    /// <summary>The JSON text of a field in <see cref="Other"/>, or null when the task has no such field.</summary>
    public string? Field(string name)
    {
        for (var i = 0; i < Other.Count; i++)
        {
            if (Other[i].Key == name)
            {
                return Other[i].Value;
            }
        }

        return null;
    }

    /// <summary>The text of a field in <see cref="Other"/> that is a JSON string, or null.</summary>
    public string? FieldText(string name)
    {
        if (Field(name) is not ['"', ..] json)
        {
            return null;
        }

        using var document = JsonDocument.Parse(json);
        try
        {
            return document.RootElement.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // Half of a surrogate pair, escaped: it is kept, but it is no text.
        }
    }

    /// <summary>The task with a field of <see cref="Other"/> set to a JSON text of one line, or without it for null.</summary>
    public TaskSpec WithField(string name, string? json) => this with
    {
        Other = json is null ? [.. Other.Where(field => field.Key != name)]
            : Field(name) is null ? [.. Other, new(name, json)]
            : [.. Other.Select(field => field.Key == name ? new(name, json) : field)],
    };

    /// <summary>The task with an estimate in minutes, or without one for null or nothing.</summary>
    public TaskSpec WithEstimate(string? minutes) => WithField(TaskFields.Estimate, minutes is null or "" ? null : minutes);

    /// <summary>Equal is what would be written alike.</summary>
    public bool Equals(TaskSpec? other) =>
        ReferenceEquals(this, other)
        || (other is not null && TaskLine.Format(this).AsSpan().SequenceEqual(TaskLine.Format(other)));

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode();

    private bool Flag(string name) => Field(name) is "true";

    private static IReadOnlyList<string> Set(IReadOnlyList<string> labels)
    {
        for (var i = 0; i < labels.Count; i++)
        {
            if (labels[i] is "" || (i > 0 && string.CompareOrdinal(labels[i - 1], labels[i]) >= 0))
            {
                return [.. labels.Where(label => label is not "").Distinct().Order(StringComparer.Ordinal)];
            }
        }

        return labels;
    }

    private static IReadOnlyList<TaskDependency> Sorted(IReadOnlyList<TaskDependency> edges)
    {
        for (var i = 1; i < edges.Count; i++)
        {
            if (edges[i - 1].CompareTo(edges[i]) > 0)
            {
                return [.. edges.Order()];
            }
        }

        return edges;
    }
}
