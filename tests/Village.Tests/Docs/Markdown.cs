using System.Text;
using Village.Tests.Testing;

namespace Village.Tests.Docs;

/// <summary>A fenced block of a document.</summary>
/// <param name="Document">The document, relative to the root.</param>
/// <param name="Line">The line of the opening fence, from 1.</param>
/// <param name="Kind">What stands after the opening fence: <c>ini lock</c>.</param>
/// <param name="Text">What stands in it, each line with its newline.</param>
internal sealed record Fence(string Document, int Line, string Kind, string Text)
{
    /// <summary>Where it stands, as an editor understands it.</summary>
    public string Place => $"{Document}:{Line}";

    /// <summary>The text's lines.</summary>
    public IReadOnlyList<string> Lines => Text.TrimEnd('\n').Split('\n');
}

/// <summary>Reads the project's documents.</summary>
internal static class Markdown
{
    /// <summary>Every document that people read, relative to the root, sorted.</summary>
    public static IReadOnlyList<string> Documents { get; } =
    [
        .. Directory.EnumerateFiles(SourceRoot.Path, "*.md")
            .Concat(Directory.EnumerateFiles(Path.Combine(SourceRoot.Path, "docs"), "*.md", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(SourceRoot.Path, path))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The whole text of a document.</summary>
    public static string Read(string document) => File.ReadAllText(Path.Combine(SourceRoot.Path, document));

    /// <summary>The fenced blocks of a document; those inside lists lose the indentation of their fence.</summary>
    public static IReadOnlyList<Fence> Fences(string document)
    {
        List<Fence> fences = [];
        (int Line, int Indent, string Kind, StringBuilder Text)? open = null;
        foreach (var (index, line) in Read(document).Split('\n').Index())
        {
            var bare = line.TrimStart();
            if (open is not { } fence)
            {
                open = bare.StartsWith("```", StringComparison.Ordinal) ? (index + 1, line.Length - bare.Length, bare[3..].Trim(), new()) : null;
            }
            else if (bare is "```")
            {
                fences.Add(new(document, fence.Line, fence.Kind, fence.Text.ToString()));
                open = null;
            }
            else
            {
                fence.Text.Append(line.AsSpan(Math.Min(fence.Indent, line.Length - bare.Length))).Append('\n');
            }
        }

        Assert.True(open is null, $"{document}:{open?.Line}: the fence is not closed");
        return fences;
    }

    /// <summary>A document without what stands in fenced blocks: prose, tables, headings.</summary>
    public static string Prose(string document)
    {
        var inside = false;
        var text = new StringBuilder();
        foreach (var line in Read(document).Split('\n'))
        {
            var isFence = line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            inside ^= isFence;
            text.Append(inside || isFence ? "" : line).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A text for a cell of a table.</summary>
    public static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace('\n', ' ');

    /// <summary>A text as code; backticks inside it do not end it.</summary>
    public static string Code(string text) =>
        text is "" ? "" : text.Contains('`', StringComparison.Ordinal) ? $"`` {text} ``" : $"`{text.Replace("|", "\\|", StringComparison.Ordinal)}`";
}
