using System.Runtime.CompilerServices;

namespace Village.Tests.Testing;

/// <summary>
/// Compares text with the raw string beside the call. <c>./dev accept</c> sets UPDATE_SNAPSHOTS=1 and rewrites those that
/// differ in place; the difference is then reviewed like any other code.
/// </summary>
internal static class InlineSnapshot
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, List<(int Line, int Shift)>> Edits = [];

    /// <summary>Asserts that the text is exactly what stands beside the call, as a raw string on lines of its own.</summary>
    public static void ShouldBe(
        this string actual, string expected, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (actual != expected && System.Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") is "1")
        {
            Rewrite(file, line, actual);
            return;
        }

        Assert.Equal(expected, actual);
    }

    private static void Rewrite(string file, int line, string actual)
    {
        lock (Gate)
        {
            var edits = Edits.TryGetValue(file, out var known) ? known : Edits[file] = [];
            var text = File.ReadAllLines(file).ToList();
            var from = line - 1 + edits.Where(edit => edit.Line < line).Sum(edit => edit.Shift);
            var open = text.FindIndex(from, candidate => candidate.Contains("\"\"\"", StringComparison.Ordinal));
            var close = text.FindIndex(open + 1, candidate => candidate.TrimStart().StartsWith("\"\"\"", StringComparison.Ordinal));
            var indent = text[close][..text[close].IndexOf('"', StringComparison.Ordinal)];
            var body = actual.Split('\n').Select(content => content is "" ? "" : indent + content).ToList();
            text.RemoveRange(open + 1, close - open - 1);
            text.InsertRange(open + 1, body);
            edits.Add((line, body.Count - (close - open - 1)));
            File.WriteAllLines(file, text);
        }
    }
}
