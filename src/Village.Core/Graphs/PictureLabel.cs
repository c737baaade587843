using Village.Tasks;

namespace Village.Graphs;

/// <summary>What all drawings of a picture have in common.</summary>
public static class PictureLabel
{
    private const int Longest = 60;

    /// <summary>The title, as far as it fits into a box.</summary>
    public static string Title(TaskSpec task) => Shortened(task.Title, Longest);

    /// <summary>
    /// A text as one line that takes at most so many columns; a letter is never cut in two, and wide ones take two columns.
    /// </summary>
    public static string Shortened(string text, int columns)
    {
        var line = Clean(text);
        var (taken, keep) = (0, 0);
        foreach (var rune in line.EnumerateRunes())
        {
            taken += rune.Value >= 0x1100 ? 2 : 1;
            keep += taken < columns ? rune.Utf16SequenceLength : 0;
        }

        return taken <= columns ? line : $"{line[..keep].TrimEnd()}…";
    }

    /// <summary>A text as one line that every reader takes: no control characters, no half characters.</summary>
    public static string Clean(string text)
    {
        var line = Printable.Line(text);
        return line.Any(char.IsSurrogate) ? string.Concat(line.EnumerateRunes().Select(rune => rune.ToString())) : line;
    }

    /// <summary>The colour of a box.</summary>
    public static string Fill(string standing) => standing switch
    {
        "ready" => "#d7f5dc",
        "claimed" or "in_progress" or "paused" => "#fff3bf",
        "failed" => "#ffc9c9",
        "completed" or "closed" => "#e0e0e0",
        _ => "#ffffff",
    };
}
