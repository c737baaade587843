using System.Globalization;
using System.Text;

namespace Village;

/// <summary>Makes text from outside harmless to look at: escape sequences are shown, not obeyed.</summary>
public static class Printable
{
    /// <summary>One line: control characters become visible escapes such as <c>\n</c> and <c>\x1b</c>.</summary>
    public static string Line(string text) => Escape(text, keepLines: false);

    /// <summary>Several lines: line breaks and tabs stay, everything else that controls a terminal is shown.</summary>
    public static string Block(string text) => Escape(text, keepLines: true);

    private static string Escape(string text, bool keepLines)
    {
        if (!text.Any(IsHostile))
        {
            return text;
        }

        var result = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = (c, keepLines) switch
            {
                ('\n', true) or ('\t', true) => result.Append(c),
                ('\r', true) => result,
                ('\n', false) => result.Append("\\n"),
                ('\r', false) => result.Append("\\r"),
                ('\t', false) => result.Append("\\t"),
                _ when IsHostile(c) => result.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => result.Append(c),
            };
        }

        return result.ToString();
    }

    // C0, DEL and C1 control a terminal; the bidirectional marks reorder what a person reads.
    private static bool IsHostile(char c) =>
        char.IsControl(c) || c is '\u061c' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\u2028' or '\u2029';
}
