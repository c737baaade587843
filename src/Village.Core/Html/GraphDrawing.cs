using Village.Graphs;
using Village.Reports;
using Village.Tasks;

namespace Village.Html;

/// <summary>
/// The graph of tasks as a drawing: what must be done first stands before what waits for it, from the left or from the top, whichever is
/// narrower. Tasks that nothing connects stand below.
/// </summary>
public sealed class GraphDrawing
{
    /// <summary>How many tasks are drawn; a drawing of more is none that anybody reads.</summary>
    public const int MostTasks = 60;

    private const double BoxWidth = 196;
    private const double BoxHeight = 44;
    private const double Gap = 16;
    private const double BendSize = 18;
    private const double PageWidth = 1100;
    private readonly GraphReport graph;
    private readonly IReadOnlySet<string> worked;
    private readonly List<(int From, int To, string Type)> arcs;
    private readonly int[] connected;
    private readonly int[] alone;

    private GraphDrawing(GraphReport graph, IReadOnlySet<string> worked)
    {
        (this.graph, this.worked) = (graph, worked);
        var places = graph.Nodes.Index().ToDictionary(pair => pair.Item.Id, pair => pair.Index, StringComparer.OrdinalIgnoreCase);
        arcs =
        [
            .. graph.Edges.Where(edge => DependencyType.AffectsReadiness(edge.Type) && edge.From != edge.To)
                .Select(edge => edge.Type is DependencyType.ParentChild ? (From: places[edge.From], To: places[edge.To], edge.Type) : (From: places[edge.To], To: places[edge.From], edge.Type))
                .DistinctBy(arc => (arc.From, arc.To)),
        ];
        var ends = arcs.SelectMany(arc => new[] { arc.From, arc.To }).ToHashSet();
        connected = [.. Enumerable.Range(0, graph.Nodes.Count).Where(ends.Contains)];
        alone = [.. Enumerable.Range(0, graph.Nodes.Count).Where(node => !ends.Contains(node))];
    }

    /// <summary>The drawing.</summary>
    /// <param name="graph">The tasks and their edges; only those that decide when a task may start are drawn.</param>
    /// <param name="worked">The tasks that the run worked on.</param>
    public static HtmlText Of(GraphReport graph, IReadOnlySet<string> worked) => new GraphDrawing(graph, worked).Draw();

    private HtmlText Draw()
    {
        var places = connected.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        var layout = GraphLayout.Of(connected.Length, [.. arcs.Select(arc => (places[arc.From], places[arc.To]))]);
        var (toRight, downwards) = (Points(layout, isToRight: true), Points(layout, isToRight: false));
        var isToRight = Right(toRight) <= PageWidth || Right(toRight) <= Right(downwards);
        var points = isToRight ? toRight : downwards;
        var bottom = connected is [] ? 0 : Enumerable.Range(0, connected.Length).Max(node => points[node].Y) + (BoxHeight / 2) + 4;
        var columns = Math.Max(1, (int)((Math.Max(Right(points), Math.Min(PageWidth, alone.Length * (BoxWidth + Gap))) + Gap) / (BoxWidth + Gap)));
        var gridTop = bottom + (connected is [] || alone is [] ? 0 : 30);
        var width = Math.Max(Right(points), alone is [] ? 0 : (Math.Min(columns, alone.Length) * (BoxWidth + Gap)) - Gap + 4);
        var height = alone is [] ? bottom : gridTop + (Math.Ceiling(alone.Length / (double)columns) * (BoxHeight + Gap)) - Gap + 4;

        var page = new HtmlText();
        page.Write($"""
            <svg class="graph" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" aria-labelledby="graph-title graph-desc">
            <title id="graph-title">Graph of the tasks</title>
            <desc id="graph-desc">{graph.Nodes.Count} tasks; what must be done first stands {(isToRight ? "left" : "above")}. The table of tasks below says the same in words.</desc>
            <defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path class="head" d="M0 0.5 8 4 0 7.5z"/></marker></defs>

            """);
        foreach (var (i, (from, _, way)) in layout.Edges.Index())
        {
            page.Write($"<path class=\"edge {arcs[i].Type}\" d=\"{Curve([.. way.Select(item => points[item])], isToRight)}\" marker-{(from == way[0] ? "end" : "start")}=\"url(#arrow)\"/>\n");
        }

        foreach (var (i, node) in connected.Index())
        {
            Box(page, graph.Nodes[node], points[i].X - (BoxWidth / 2), points[i].Y - (BoxHeight / 2));
        }

        if (connected is not [] && alone is not [])
        {
            page.Write($"<text class=\"small\" x=\"2\" y=\"{gridTop - 10}\">Neither waiting for another task nor waited for</text>\n");
        }

        foreach (var (i, node) in alone.Index())
        {
            Box(page, graph.Nodes[node], 2 + (i % columns * (BoxWidth + Gap)), gridTop + 2 + (i / columns * (BoxHeight + Gap)));
        }

        return page.Write($"</svg>\n");
    }

    private static IReadOnlyList<(double X, double Y)> Points(GraphLayout layout, bool isToRight)
    {
        var across = isToRight ? layout.Across(BoxHeight + Gap, BendSize) : layout.Across(BoxWidth + Gap, BendSize);
        return
        [
            .. across.Select((place, item) => isToRight
                ? (2 + (BoxWidth / 2) + (layout.LayerOf(item) * (BoxWidth + 64)), 2 + place - (Gap / 2))
                : (2 + place - (Gap / 2), 2 + (BoxHeight / 2) + (layout.LayerOf(item) * (BoxHeight + 44)))),
        ];
    }

    private double Right(IReadOnlyList<(double X, double Y)> points) =>
        connected is [] ? 0 : Enumerable.Range(0, connected.Length).Max(node => points[node].X) + (BoxWidth / 2) + 4;

    // From the edge of one box to the edge of the other; it leaves and arrives in the direction of the layers.
    private static HtmlText Curve(IReadOnlyList<(double X, double Y)> way, bool isToRight)
    {
        var path = new HtmlText();
        (double X, double Y) Side(int i, double sign) => isToRight ? (way[i].X + (sign * BoxWidth / 2), way[i].Y) : (way[i].X, way[i].Y + (sign * BoxHeight / 2));

        var start = Side(0, 1);
        path.Write($"M{start.X} {start.Y}");
        for (var i = 1; i < way.Count; i++)
        {
            var (from, to) = (Side(i - 1, 1), Side(i, -1));
            var half = isToRight ? (to.X - from.X) / 2 : (to.Y - from.Y) / 2;
            _ = isToRight
                ? path.Write($" C{from.X + half} {from.Y} {to.X - half} {to.Y} {to.X} {to.Y}")
                : path.Write($" C{from.X} {from.Y + half} {to.X} {to.Y - half} {to.X} {to.Y}");
            if (i < way.Count - 1)
            {
                var end = Side(i, 1);
                path.Write($" L{end.X} {end.Y}");
            }
        }

        return path;
    }

    private void Box(HtmlText page, GraphNodeRow node, double x, double y)
    {
        var standing = Class(node.Standing);
        page.Write($"""
            <svg x="{x}" y="{y}" width="{BoxWidth}" height="{BoxHeight}"><title>{node.Id}: {node.Title} ({PageWords.Plain(node.Standing)})</title><rect class="box {standing}{(worked.Contains(node.Id) ? " worked" : "")}{(node.InCircle ? " circle" : "")}" x="1.5" y="1.5" width="{BoxWidth - 3}" height="{BoxHeight - 3}" rx="6"/><text class="id" x="10" y="18">{PictureLabel.Shortened(node.Id, 15)}</text><text class="standing" x="{BoxWidth - 10}" y="18" text-anchor="end">{PictureLabel.Shortened(PageWords.Plain(node.Standing), 12)}</text><text class="label" x="10" y="34">{PictureLabel.Shortened(node.Title, 27)}</text></svg>

            """);
    }

    // The store's own words for a status are not ours to make classes of.
    private static string Class(string standing) => standing is "ready" or "claimed" or "in_progress" or "paused" or "completed" or "failed" or "closed" or "waiting" ? standing : "other";
}
