using System.Text.Json;

namespace Village.Tasks;

/// <summary>The types of edges that decide when a task may start; every other type only informs.</summary>
public static class DependencyType
{
    /// <summary>Starts when the target is done.</summary>
    public const string Blocks = "blocks";

    /// <summary>Was to start when the target has failed; Beads takes it for <see cref="Blocks"/> by now, and so do we.</summary>
    public const string ConditionalBlocks = "conditional-blocks";

    /// <summary>Starts when the children of the target are done, or one of them, as the edge's gate says.</summary>
    public const string WaitsFor = "waits-for";

    /// <summary>Belongs to the target, and waits for all that the target waits for.</summary>
    public const string ParentChild = "parent-child";

    /// <summary>Whether edges of this type can hold a task back.</summary>
    public static bool AffectsReadiness(string type) => type is Blocks or ConditionalBlocks or WaitsFor or ParentChild;
}

/// <summary>An edge: the task that has it depends on another. Parents are edges too: the child has the edge.</summary>
/// <param name="DependsOn">The other's id as it was written; it may not exist, or be <c>external:PROJECT:NAME</c>.</param>
/// <param name="Type">One of <see cref="DependencyType"/>, or any other word.</param>
public sealed record TaskDependency(string DependsOn, string Type) : IComparable<TaskDependency>
{
    /// <summary>When it was made, as it was written.</summary>
    public string CreatedAt { get; init; } = "";

    /// <summary>Who made it, or empty.</summary>
    public string CreatedBy { get; init; } = "";

    /// <summary>A text that holds JSON, <c>{"gate":"any-children"}</c>, or empty.</summary>
    public string Metadata { get; init; } = "";

    /// <summary>Every other key as its JSON text, in the order of the file.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Other { get; init; } = [];

    /// <summary>Whether the task waits for the target itself.</summary>
    public bool IsBlocking => Type is DependencyType.Blocks or DependencyType.ConditionalBlocks;

    /// <summary>Whether one child of the target is enough. What is no such gate means all of them.</summary>
    public bool WaitsForAny => Type is DependencyType.WaitsFor && Gate() is "any-children";

    /// <inheritdoc/>
    public int CompareTo(TaskDependency? other) =>
        string.CompareOrdinal(DependsOn, other?.DependsOn) is var order and not 0
            ? order
            : string.CompareOrdinal(Type, other?.Type);

    /// <inheritdoc/>
    public bool Equals(TaskDependency? other) => other is not null
        && (DependsOn, Type, CreatedAt, CreatedBy, Metadata)
            == (other.DependsOn, other.Type, other.CreatedAt, other.CreatedBy, other.Metadata)
        && Other.SequenceEqual(other.Other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(DependsOn, Type);

    private string? Gate()
    {
        try
        {
            using var json = JsonDocument.Parse(Metadata is "" ? "{}" : Metadata);
            return json.RootElement.ValueKind is JsonValueKind.Object
                && json.RootElement.TryGetProperty("gate", out var gate) && gate.ValueKind is JsonValueKind.String
                ? gate.GetString()
                : null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
