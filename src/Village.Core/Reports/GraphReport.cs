using Village.Graphs;
using Village.Tasks;

namespace Village.Reports;

/// <summary>A task in the answer of <c>graph</c>.</summary>
public sealed record GraphNodeRow
{
    /// <summary>The task.</summary>
    public required string Id { get; init; }

    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>Its type.</summary>
    public required string Type { get; init; }

    /// <summary>Its priority.</summary>
    public required int Priority { get; init; }

    /// <summary>Its status in the task store.</summary>
    public required string Status { get; init; }

    /// <summary>Where it stands in the village.</summary>
    public required string State { get; init; }

    /// <summary>Both in one word, as the pictures have it.</summary>
    public required string Standing { get; init; }

    /// <summary>Whether it may start.</summary>
    public required bool Ready { get; init; }

    /// <summary>Whether it is one of several tasks that wait for each other.</summary>
    public required bool InCircle { get; init; }

    /// <summary>The agent that has it or that it goes to.</summary>
    public required string Agent { get; init; }

    /// <summary>What it waits for.</summary>
    public required IReadOnlyList<string> BlockedBy { get; init; }
}

/// <summary>An edge in the answer of <c>graph</c>.</summary>
/// <param name="From">The task that has the edge: the one that waits, or the child.</param>
/// <param name="To">The task that it waits for, or belongs to.</param>
/// <param name="Type">The type.</param>
public sealed record GraphEdgeRow(string From, string To, string Type);

/// <summary>The answer of <c>graph</c>.</summary>
/// <param name="Nodes">The tasks.</param>
/// <param name="Edges">The edges between them.</param>
public sealed record GraphReport(IReadOnlyList<GraphNodeRow> Nodes, IReadOnlyList<GraphEdgeRow> Edges) : Report("graph")
{
    /// <summary>The report of a picture.</summary>
    public static GraphReport For(TaskPicture picture) => new(
        [
            .. picture.Nodes.Select(node => new GraphNodeRow
            {
                Id = node.Task.Id.Value,
                Title = node.Task.Title,
                Type = node.Task.Type,
                Priority = node.Task.Priority,
                Status = node.Task.Status,
                State = node.State.Name(),
                Standing = node.Standing,
                Ready = node.IsReady,
                InCircle = node.IsInCircle,
                Agent = node.Agent,
                BlockedBy = [.. node.BlockedBy.Select(id => id.Value)],
            }),
        ],
        [.. picture.Edges.Select(edge => new GraphEdgeRow(picture.Nodes[edge.From].Task.Id.Value, picture.Nodes[edge.To].Task.Id.Value, edge.Type))]);

    /// <summary>The part of it that holds only some of its tasks, and the edges between these.</summary>
    public GraphReport Only(Func<GraphNodeRow, bool> isWanted)
    {
        var nodes = Nodes.Where(isWanted).ToList();
        var ids = nodes.Select(node => node.Id).ToHashSet(StringComparer.Ordinal);
        return new(nodes, [.. Edges.Where(edge => ids.Contains(edge.From) && ids.Contains(edge.To))]);
    }
}
