using System.Globalization;
using System.Text;
using Village.Tasks;

namespace Village.Graphs;

/// <summary>A picture in the language of Graphviz.</summary>
/// <remarks>
/// <code>
/// digraph village {
///   rankdir=LR;
///   node [shape=box style="rounded,filled" fillcolor="#ffffff" fontname="sans-serif"];
///   "bd-a" [label="bd-a · ready\nWrite it" fillcolor="#d7f5dc"];
///   "bd-a" -> "bd-b";
///   "bd-e" -> "bd-a" [style=dotted arrowhead=none label="parent-child"];
/// }
/// </code>
/// </remarks>
public static class DotText
{
    /// <summary>The text. Arrows lead from what is done first to what waits for it; whatever a title holds stays in its label.</summary>
    public static string Of(TaskPicture picture)
    {
        var text = new StringBuilder("""
            digraph village {
              rankdir=LR;
              node [shape=box style="rounded,filled" fillcolor="#ffffff" fontname="sans-serif"];

            """);
        foreach (var node in picture.Nodes)
        {
            var circle = node.IsInCircle ? " color=\"#c00000\" penwidth=2" : "";
            text.Append(CultureInfo.InvariantCulture, $"  {Name(node)} [label=\"{Escaped(node.Task.Id.Value)} · {Escaped(node.Standing)}\\n{Escaped(PictureLabel.Title(node.Task))}\" fillcolor=\"{PictureLabel.Fill(node.Standing)}\"{circle}];\n");
        }

        foreach (var edge in picture.Edges)
        {
            var (from, to) = (Name(picture.Nodes[edge.From]), Name(picture.Nodes[edge.To]));
            var label = $"label=\"{Escaped(edge.Type)}\"";
            text.Append("  ").Append(edge.Type switch
            {
                DependencyType.Blocks or DependencyType.ConditionalBlocks => $"{to} -> {from};",
                DependencyType.WaitsFor => $"{to} -> {from} [style=dashed {label}];",
                DependencyType.ParentChild => $"{to} -> {from} [style=dotted arrowhead=none {label}];",
                _ => $"{from} -> {to} [style=dotted color=\"#a0a0a0\" constraint=false {label}];",
            }).Append('\n');
        }

        return text.Append("}\n").ToString();
    }

    private static string Name(PictureNode node) => $"\"{Escaped(node.Task.Id.Value)}\"";

    // In a label a backslash begins an escape, and & an entity of HTML.
    private static string Escaped(string text) => PictureLabel.Clean(text)
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("&", "&amp;", StringComparison.Ordinal);
}
