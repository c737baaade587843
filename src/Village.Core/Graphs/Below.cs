using Village.Tasks;

namespace Village.Graphs;

/// <summary>What must be done before each task of a picture is done: its children, and what it waits for.</summary>
internal sealed class Below
{
    private readonly List<(int Place, string Type)>[] arcs;

    /// <summary>Sorts the edges; those that hold nothing back lead nowhere.</summary>
    public Below(int count, IReadOnlyList<PictureEdge> edges)
    {
        arcs = [.. Enumerable.Range(0, count).Select(_ => new List<(int, string)>())];
        foreach (var edge in edges.Where(edge => edge.Type is DependencyType.ParentChild))
        {
            arcs[edge.To].Add((edge.From, edge.Type));
        }

        foreach (var edge in edges.Where(edge => edge.Type is not DependencyType.ParentChild && DependencyType.AffectsReadiness(edge.Type)))
        {
            arcs[edge.From].Add((edge.To, edge.Type));
        }
    }

    /// <summary>What is right below a task, each once: children first, in the order of the picture.</summary>
    public IReadOnlyList<(int Place, string Type)> this[int place] =>
        [.. arcs[place].DistinctBy(arc => arc.Place).OrderBy(arc => arc.Type is not DependencyType.ParentChild).ThenBy(arc => arc.Place)];

    /// <summary>All that is below some tasks, and these themselves.</summary>
    public IReadOnlySet<int> From(IEnumerable<int> starts)
    {
        HashSet<int> reached = [.. starts];
        Queue<int> next = new(reached);
        while (next.TryDequeue(out var place))
        {
            foreach (var (other, _) in arcs[place])
            {
                if (reached.Add(other))
                {
                    next.Enqueue(other);
                }
            }
        }

        return reached;
    }

    /// <summary>The tasks that are below no other, in order.</summary>
    public IEnumerable<int> Tops()
    {
        var covered = arcs.SelectMany((below, place) => below.Where(arc => arc.Place != place)).Select(arc => arc.Place).ToHashSet();
        return Enumerable.Range(0, arcs.Length).Where(place => !covered.Contains(place));
    }
}
