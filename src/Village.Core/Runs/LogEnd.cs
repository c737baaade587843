using Village.Graphs;

namespace Village.Runs;

/// <summary>The end of a log as a report shows it.</summary>
public static class LogEnd
{
    /// <summary>How many lines it shows.</summary>
    public const int Lines = 20;

    private const int Widest = 400;

    /// <summary>The last lines of a text, of which nothing controls a terminal; empty ones at the end are left out, long ones cut.</summary>
    public static IReadOnlyList<string> Of(string text) =>
        [.. text.TrimEnd().Split('\n').TakeLast(Lines).Select(line => PictureLabel.Shortened(line.Replace("\t", "    ", StringComparison.Ordinal).TrimEnd(), Widest))];
}
