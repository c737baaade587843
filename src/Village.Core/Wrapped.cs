using System.Text;

namespace Village;

/// <summary>Breaks lines between words.</summary>
public static class Wrapped
{
    /// <summary>
    /// The text with no line longer than <paramref name="width"/>, but for words that are longer themselves. What follows a break stands
    /// below the line's first word, so that lists stay lists.
    /// </summary>
    public static string Text(string text, int width)
    {
        var result = new StringBuilder(text.Length + 16);
        foreach (var line in text.Split('\n'))
        {
            Line(result, line, width);
            result.Append('\n');
        }

        return result.ToString(0, result.Length - 1);
    }

    private static void Line(StringBuilder result, string line, int width)
    {
        if (line.Length <= width)
        {
            result.Append(line);
            return;
        }

        var indent = Math.Min(line.Length - line.TrimStart().Length, width / 2);
        var length = indent;
        result.Append(' ', indent);
        foreach (var (place, word) in line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Index())
        {
            if (place > 0 && length + 1 + word.Length > width)
            {
                result.Append('\n').Append(' ', indent);
                length = indent;
            }
            else if (place > 0)
            {
                result.Append(' ');
                length++;
            }

            result.Append(word);
            length += word.Length;
        }
    }
}
