namespace Village.Tasks;

/// <summary>Finds circles among numbered places with arcs between them; never recurses, so depth is no danger.</summary>
internal static class Circles
{
    /// <summary>The shortest way between two places, both included, or null when there is none.</summary>
    public static IReadOnlyList<int>? Way(int from, int to, Func<int, IEnumerable<int>> arcs)
    {
        Dictionary<int, int> cameFrom = new() { [from] = from };
        Queue<int> queue = new([from]);
        while (queue.TryDequeue(out var place) && place != to)
        {
            foreach (var next in arcs(place))
            {
                if (cameFrom.TryAdd(next, place))
                {
                    queue.Enqueue(next);
                }
            }
        }

        if (!cameFrom.ContainsKey(to))
        {
            return null;
        }

        List<int> way = [to];
        for (var place = to; place != from; way.Add(place))
        {
            place = cameFrom[place];
        }

        way.Reverse();
        return way;
    }

    /// <summary>The groups in which every place can be reached from every other; places on no circle are in none.</summary>
    public static IReadOnlyList<IReadOnlyList<int>> Groups(int count, Func<int, IEnumerable<int>> arcs)
    {
        var walk = new Walk(count, arcs);
        for (var root = 0; root < count; root++)
        {
            walk.From(root);
        }

        return walk.Groups;
    }

    // Tarjan's algorithm: a place from which no earlier place can be reached is the first of its group.
    private sealed class Walk(int count, Func<int, IEnumerable<int>> arcs)
    {
        private readonly int[] order = new int[count];
        private readonly int[] earliest = new int[count];
        private readonly bool[] isOpen = new bool[count];
        private readonly Stack<int> open = [];
        private readonly Stack<(int Place, IEnumerator<int> Arcs)> path = [];
        private int seen;

        public List<IReadOnlyList<int>> Groups { get; } = [];

        public void From(int root)
        {
            if (order[root] is 0)
            {
                Enter(root);
            }

            while (path.TryPeek(out var top))
            {
                if (!top.Arcs.MoveNext())
                {
                    path.Pop();
                    Leave(top.Place);
                }
                else if (order[top.Arcs.Current] is 0)
                {
                    Enter(top.Arcs.Current);
                }
                else if (isOpen[top.Arcs.Current])
                {
                    earliest[top.Place] = Math.Min(earliest[top.Place], order[top.Arcs.Current]);
                }
            }
        }

        private void Enter(int place)
        {
            order[place] = earliest[place] = ++seen;
            isOpen[place] = true;
            open.Push(place);
            path.Push((place, arcs(place).GetEnumerator()));
        }

        private void Leave(int place)
        {
            if (path.TryPeek(out var below))
            {
                earliest[below.Place] = Math.Min(earliest[below.Place], earliest[place]);
            }

            if (earliest[place] != order[place])
            {
                return;
            }

            List<int> group = [];
            do
            {
                group.Add(open.Pop());
                isOpen[group[^1]] = false;
            }
            while (group[^1] != place);

            if (group.Count > 1 || arcs(place).Contains(place))
            {
                Groups.Add(group);
            }
        }
    }
}
