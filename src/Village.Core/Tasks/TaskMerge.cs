namespace Village.Tasks;

/// <summary>Brings two copies of one task together.</summary>
internal static class TaskMerge
{
    private static readonly string[] Separately = ["metadata", "comments"];

    /// <summary>
    /// The task as it is after the other copy has come: with the fields of the one changed later, and with comments and edges of
    /// both. Labels are those of the later copy, or of both when neither is later.
    /// </summary>
    /// <param name="mine">The copy here.</param>
    /// <param name="theirs">The copy that has come.</param>
    /// <param name="order">More than 0 when theirs was changed later, 0 when both were changed at once.</param>
    public static TaskSpec Of(TaskSpec mine, TaskSpec theirs, int order)
    {
        var merged = order switch
        {
            > 0 => Later(mine, theirs),
            0 => mine with { Labels = mine.Labels.SequenceEqual(theirs.Labels) ? mine.Labels : [.. mine.Labels, .. theirs.Labels] },
            _ => mine,
        };
        return TaskComments.Union(merged with { Dependencies = Edges(mine, theirs, isLater: order > 0) }, theirs);
    }

    // A field that Beads knows and that is not there has been taken away. What it does not know, it has only forgotten.
    private static TaskSpec Later(TaskSpec mine, TaskSpec theirs)
    {
        var later = theirs with
        {
            Id = mine.Id,
            CreatedAt = Exact(mine.CreatedAt, theirs.CreatedAt),
            DeferUntil = Exact(mine.DeferUntil, theirs.DeferUntil),
            DueAt = Exact(mine.DueAt, theirs.DueAt),
            ClosedAt = Exact(mine.ClosedAt, theirs.ClosedAt),
            Other =
            [
                .. theirs.Other.Where(field => !Separately.Contains(field.Key)),
                .. mine.Other.Where(field => Separately.Contains(field.Key) || (!TaskFields.IsKnown(field.Key) && theirs.Field(field.Key) is null)),
            ],
        };
        return TaskMetadata.Union(later, theirs);
    }

    // Beads of the Dolt era cuts times to whole seconds: the same time in fewer digits is no change.
    private static string Exact(string mine, string theirs) => TaskTime.Compare(mine, theirs) is 0 && mine is not "" ? mine : theirs;

    private static IReadOnlyList<TaskDependency> Edges(TaskSpec mine, TaskSpec theirs, bool isLater)
    {
        if (mine.Dependencies.SequenceEqual(theirs.Dependencies))
        {
            return mine.Dependencies;
        }

        Dictionary<(string, string), TaskDependency> edges = [];
        foreach (var edge in mine.Dependencies)
        {
            edges[Key(edge)] = edge;
        }

        foreach (var edge in theirs.Dependencies)
        {
            edges[Key(edge)] = edges.TryGetValue(Key(edge), out var known) && !(isLater && Says(edge, known)) ? known : edge;
        }

        return [.. edges.Values];
    }

    private static (string, string) Key(TaskDependency edge) => (edge.DependsOn.ToUpperInvariant(), edge.Type);

    // Beads of the Dolt era forgets the gate of an edge and who made it when it imports one.
    private static bool Says(TaskDependency edge, TaskDependency known) => edge.Metadata is not ("" or "{}") && edge.Metadata != known.Metadata;
}
