using Village.Tests.Testing;

namespace Village.Tests.Docs;

/// <summary>
/// Text in the documents that comes from the program. <c>./dev accept</c> sets UPDATE_SNAPSHOTS=1 and writes what differs; the
/// difference is then reviewed like any other.
/// </summary>
internal static class GeneratedText
{
    private static readonly Lock Gate = new();

    /// <summary>Asserts that a whole document is exactly this text.</summary>
    public static void ShouldBeDocument(this string text, string document) => Compare(document, text, _ => text);

    /// <summary>Asserts that the block <c>&lt;!-- generated: NAME --&gt;</c> of a document holds exactly this text.</summary>
    public static void ShouldBeBlock(this string text, string document, string name)
    {
        var (begin, end) = ($"<!-- generated: {name} -->\n", $"<!-- end: {name} -->");
        var whole = Markdown.Read(document);
        var from = whole.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var to = whole.IndexOf(end, StringComparison.Ordinal);
        Assert.True(from >= begin.Length && to >= from, $"{document} has no block between '{begin.Trim()}' and '{end}'");
        Compare(document, $"{whole[..from]}\n{text}\n{whole[to..]}", now =>
            $"{now[..(now.IndexOf(begin, StringComparison.Ordinal) + begin.Length)]}\n{text}\n{now[now.IndexOf(end, StringComparison.Ordinal)..]}");
    }

    private static void Compare(string document, string expected, Func<string, string> update)
    {
        var path = Path.Combine(SourceRoot.Path, document);
        lock (Gate)
        {
            var actual = File.Exists(path) ? File.ReadAllText(path) : "";
            if (actual == expected)
            {
                return;
            }

            if (System.Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") is "1")
            {
                File.WriteAllText(path, update(actual));
                return;
            }

            var line = 1 + actual.Split('\n').Zip(expected.Split('\n')).TakeWhile(pair => pair.First == pair.Second).Count();
            Assert.Fail($"{document}:{line} is not what the program says any more; run ./dev accept");
        }
    }
}
