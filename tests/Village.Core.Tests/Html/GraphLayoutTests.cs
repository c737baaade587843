using CsCheck;
using Village.Html;

namespace Village.Core.Tests.Html;

/// <summary>Where the tasks of a graph stand on a page.</summary>
public sealed class GraphLayoutTests
{
    private static readonly Gen<(int Count, (int From, int To)[] Edges)> Graphs =
        from count in Gen.Int[1, 25]
        from edges in Gen.Select(Gen.Int[0, count - 1], Gen.Int[0, count - 1]).Array[0, 40]
        select (count, edges.Where(edge => edge.Item1 != edge.Item2).Distinct().ToArray());

    [Fact]
    public void What_comes_first_stands_in_an_earlier_layer()
    {
        var layout = GraphLayout.Of(4, [(0, 1), (1, 2), (0, 2)]);

        Assert.Equal([0, 1, 2, 0], Enumerable.Range(0, 4).Select(layout.LayerOf));
        Assert.Equal([[0, 1], [1, 2], [0, 4, 2]], layout.Edges.Select(edge => edge.Way.ToArray()));
    }

    [Fact]
    public void Every_edge_goes_layer_by_layer_also_in_a_circle() => Graphs.Sample(graph =>
    {
        var layout = GraphLayout.Of(graph.Count, graph.Edges);
        Assert.Equal(graph.Edges, layout.Edges.Select(edge => (edge.From, edge.To)));
        Assert.All(layout.Edges, edge =>
        {
            Assert.Equal(new HashSet<int> { edge.From, edge.To }, new HashSet<int> { edge.Way[0], edge.Way[^1] });
            Assert.All(edge.Way.Zip(edge.Way.Skip(1)), pair => Assert.Equal(layout.LayerOf(pair.First) + 1, layout.LayerOf(pair.Second)));
        });
        var items = layout.Layers.SelectMany(layer => layer).ToList();
        Assert.Equal(items.Count, items.Distinct().Count());
        Assert.All(layout.Layers.Index(), layer => Assert.All(layer.Item, item => Assert.Equal(layer.Index, layout.LayerOf(item))));
    });

    [Fact]
    public void Nothing_lies_on_anything_else() => Graphs.Sample(graph =>
    {
        const double Node = 60, Bend = 18;
        var layout = GraphLayout.Of(graph.Count, graph.Edges);
        var places = layout.Across(Node, Bend);
        double Size(int item) => item < graph.Count ? Node : Bend;
        Assert.All(layout.Layers, layer => Assert.All(layer.Zip(layer.Skip(1)), pair =>
            Assert.True(places[pair.Second] - places[pair.First] >= ((Size(pair.First) + Size(pair.Second)) / 2) - 0.001)));
        Assert.All(places.Index(), place => Assert.True(place.Item >= (Size(place.Index) / 2) - 0.001));

        // Nor is there room for which nothing has a use.
        var end = 0.0;
        foreach (var (item, place) in places.Index().OrderBy(pair => pair.Item - (Size(pair.Index) / 2)))
        {
            Assert.True(place - (Size(item) / 2) <= end + 0.001);
            end = Math.Max(end, place + (Size(item) / 2));
        }
    });

    [Fact]
    public void A_long_chain_is_no_deep_recursion() =>
        Assert.Equal(20_000 - 1, GraphLayout.Of(20_000, [.. Enumerable.Range(0, 19_999).Select(i => (i, i + 1))]).LayerOf(19_999));
}
