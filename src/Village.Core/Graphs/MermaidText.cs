using System.Globalization;
using System.Text;
using Village.Tasks;

namespace Village.Graphs;

/// <summary>A picture in the language of Mermaid, which GitHub and many others draw.</summary>
/// <remarks>
/// <code>
/// flowchart LR
///   n0["bd-a · ready&lt;br/&gt;Write it"]
///   n1["bd-b · waiting&lt;br/&gt;Tell them"]
///   n0 --> n1
///   classDef ready fill:#d7f5dc,stroke:#808080,color:#000000
///   class n0 ready
/// </code>
/// </remarks>
public static class MermaidText
{
    /// <summary>
    /// The text. Arrows lead from what is done first to what waits for it. All that could mean something to Mermaid or to a browser is
    /// written as a number, so titles are text and nothing else.
    /// </summary>
    public static string Of(TaskPicture picture)
    {
        var text = new StringBuilder("flowchart LR\n");
        foreach (var (i, node) in picture.Nodes.Index())
        {
            text.Append(CultureInfo.InvariantCulture, $"  n{i}[\"{Escaped(node.Task.Id.Value)} · {Escaped(node.Standing)}<br/>{Escaped(PictureLabel.Title(node.Task))}\"]\n");
        }

        foreach (var edge in picture.Edges)
        {
            text.Append(CultureInfo.InvariantCulture, $"  n{(IsTurned(edge) ? edge.To : edge.From)} {Arrow(edge.Type)} n{(IsTurned(edge) ? edge.From : edge.To)}\n");
        }

        foreach (var group in picture.Nodes.Index().GroupBy(pair => PictureLabel.Fill(pair.Item.Standing)).Index())
        {
            var names = string.Join(',', group.Item.Select(pair => $"n{pair.Index}"));
            text.Append(CultureInfo.InvariantCulture, $"  classDef s{group.Index} fill:{group.Item.Key},stroke:#808080,color:#000000\n  class {names} s{group.Index}\n");
        }

        if (picture.Nodes.Index().Where(pair => pair.Item.IsInCircle).Select(pair => $"n{pair.Index}").ToList() is { Count: > 0 } circle)
        {
            text.Append(CultureInfo.InvariantCulture, $"  classDef circle stroke:#c00000,stroke-width:3px\n  class {string.Join(',', circle)} circle\n");
        }

        return text.ToString();
    }

    private static bool IsTurned(PictureEdge edge) => DependencyType.AffectsReadiness(edge.Type);

    private static string Arrow(string type) => type switch
    {
        DependencyType.Blocks or DependencyType.ConditionalBlocks => "-->",
        DependencyType.WaitsFor => "-.->|\"waits-for\"|",
        DependencyType.ParentChild => "---",
        _ => $"-.-|\"{Escaped(type)}\"|",
    };

    private static string Escaped(string text)
    {
        var result = new StringBuilder(text.Length + 16);
        foreach (var rune in PictureLabel.Clean(text).EnumerateRunes())
        {
            _ = Rune.IsLetterOrDigit(rune) || (rune.IsAscii && " .,_-!?'+".Contains((char)rune.Value, StringComparison.Ordinal))
                ? result.Append(rune.ToString())
                : result.Append(CultureInfo.InvariantCulture, $"#{rune.Value};");
        }

        return result.ToString();
    }
}
