namespace Village.Html;

/// <summary>
/// A graph in layers: whatever leads to a task stands in an earlier layer. Long edges have a bend in each layer that they cross, so that
/// they go around what stands there. The same graph always has the same layout; it never recurses.
/// </summary>
public sealed class GraphLayout
{
    private const int Sweeps = 8;
    private readonly List<int> layerOf = [];
    private readonly List<List<int>> before = [];
    private readonly List<List<int>> after = [];
    private readonly List<(int From, int To, IReadOnlyList<int> Way)> ways = [];
    private double[] places = [];

    private GraphLayout(int count)
    {
        Count = count;
        for (var node = 0; node < count; node++)
        {
            Add(0);
        }
    }

    /// <summary>How many nodes it has; items from there on are bends.</summary>
    public int Count { get; }

    /// <summary>The items of each layer, in order.</summary>
    public IReadOnlyList<List<int>> Layers { get; private set; } = [];

    /// <summary>Each edge and the items that it goes through, both ends included, from the earlier layer to the later one.</summary>
    public IReadOnlyList<(int From, int To, IReadOnlyList<int> Way)> Edges => ways;

    /// <summary>The layout of a graph; edges that lead in a circle are laid as if the last of them led back.</summary>
    public static GraphLayout Of(int count, IReadOnlyList<(int From, int To)> edges)
    {
        var layout = new GraphLayout(count);
        var forward = Acyclic(count, edges);
        layout.Rank(forward);
        layout.Bend(edges, forward);
        layout.Sort();
        return layout;
    }

    /// <summary>The layer of an item.</summary>
    public int LayerOf(int item) => layerOf[item];

    /// <summary>
    /// The middle of each item across the layers: near to what it is connected with, and no two of a layer nearer than half of what
    /// they take together.
    /// </summary>
    public IReadOnlyList<double> Across(double node, double bend)
    {
        double Size(int item) => item < Count ? node : bend;
        places = new double[layerOf.Count];
        foreach (var layer in Layers)
        {
            var at = -layer.Sum(Size) / 2;
            foreach (var item in layer)
            {
                places[item] = at + (Size(item) / 2);
                at += Size(item);
            }
        }

        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            foreach (var layer in sweep % 2 is 0 ? Layers : Layers.Reverse())
            {
                Settle(layer, sweep % 2 is 0 ? before : after, Size);
            }
        }

        Close(Size);
        return [.. places];
    }

    // Parts that nothing connects drift apart while each goes where it likes: bands in which nothing stands are taken out.
    private void Close(Func<int, double> size)
    {
        var (gaps, end) = (0.0, double.NaN);
        foreach (var item in Enumerable.Range(0, places.Length).OrderBy(item => places[item] - (size(item) / 2)).ToList())
        {
            var (top, bottom) = (places[item] - (size(item) / 2), places[item] + (size(item) / 2));
            gaps = double.IsNaN(end) ? top : gaps + Math.Max(0, top - end);
            end = double.IsNaN(end) ? bottom : Math.Max(end, bottom);
            places[item] -= gaps;
        }
    }

    // Each as near to its neighbours as the one before it lets it; then the layer as a whole, so that nobody pays for the order.
    private void Settle(List<int> layer, List<List<int>> neighbours, Func<int, double> size)
    {
        var wanted = layer.Select(item => neighbours[item] is [] ? places[item] : neighbours[item].Average(other => places[other])).ToArray();
        var at = double.NegativeInfinity;
        foreach (var (i, item) in layer.Index())
        {
            places[item] = Math.Max(wanted[i], at + (size(item) / 2));
            at = places[item] + (size(item) / 2);
        }

        var shift = layer.Count is 0 ? 0 : layer.Index().Average(pair => wanted[pair.Index] - places[pair.Item]);
        foreach (var item in layer)
        {
            places[item] += shift;
        }
    }

    private int Add(int layer)
    {
        layerOf.Add(layer);
        before.Add([]);
        after.Add([]);
        return layerOf.Count - 1;
    }

    // Turns around each edge that leads back to a node that the walk has not left yet.
    private static List<(int From, int To)> Acyclic(int count, IReadOnlyList<(int From, int To)> edges)
    {
        var next = edges.Index().ToLookup(pair => pair.Item.From, pair => pair.Index);
        var result = edges.ToList();
        var state = new byte[count];
        for (var root = 0; root < count; root++)
        {
            Stack<(int Node, IEnumerator<int> Next)> path = [];
            if (state[root] is 0)
            {
                state[root] = 1;
                path.Push((root, next[root].GetEnumerator()));
            }

            while (path.TryPeek(out var here))
            {
                if (!here.Next.MoveNext())
                {
                    state[here.Node] = 2;
                    path.Pop().Next.Dispose();
                    continue;
                }

                var edge = here.Next.Current;
                var to = edges[edge].To;
                if (state[to] is 1)
                {
                    result[edge] = (to, edges[edge].From);
                }
                else if (state[to] is 0)
                {
                    state[to] = 1;
                    path.Push((to, next[to].GetEnumerator()));
                }
            }
        }

        return result;
    }

    // One layer behind the last of those that lead to it.
    private void Rank(List<(int From, int To)> forward)
    {
        var next = forward.ToLookup(edge => edge.From, edge => edge.To);
        var waiting = new int[Count];
        foreach (var (_, to) in forward)
        {
            waiting[to]++;
        }

        Queue<int> free = new(Enumerable.Range(0, Count).Where(node => waiting[node] is 0));
        while (free.TryDequeue(out var node))
        {
            foreach (var to in next[node])
            {
                layerOf[to] = Math.Max(layerOf[to], layerOf[node] + 1);
                if (--waiting[to] is 0)
                {
                    free.Enqueue(to);
                }
            }
        }
    }

    private void Bend(IReadOnlyList<(int From, int To)> edges, List<(int From, int To)> forward)
    {
        foreach (var (i, (from, to)) in forward.Index())
        {
            List<int> way = [from];
            for (var layer = layerOf[from] + 1; layer <= layerOf[to]; layer++)
            {
                var item = layer == layerOf[to] ? to : Add(layer);
                after[way[^1]].Add(item);
                before[item].Add(way[^1]);
                way.Add(item);
            }

            ways.Add((edges[i].From, edges[i].To, way));
        }

        Layers = [.. Enumerable.Range(0, layerOf.Count is 0 ? 0 : layerOf.Max() + 1).Select(_ => new List<int>())];
        foreach (var (item, layer) in layerOf.Index())
        {
            Layers[layer].Add(item);
        }
    }

    // Each behind the average of its neighbours, there and back: few edges cross then.
    private void Sort()
    {
        var order = new double[layerOf.Count];
        void Number(List<int> layer)
        {
            foreach (var (i, item) in layer.Index())
            {
                order[item] = i;
            }
        }

        foreach (var layer in Layers)
        {
            Number(layer);
        }

        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var neighbours = sweep % 2 is 0 ? before : after;
            foreach (var layer in sweep % 2 is 0 ? Layers : Layers.Reverse())
            {
                var sorted = layer.OrderBy(item => neighbours[item] is [] ? order[item] : neighbours[item].Average(other => order[other])).ToList();
                layer.Clear();
                layer.AddRange(sorted);
                Number(layer);
            }
        }
    }
}
