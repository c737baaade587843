using System.Globalization;
using System.Text;

namespace Village.Terminal;

/// <summary>Frames on a terminal without flicker: only lines that differ are written.</summary>
internal static class Screen
{
    /// <summary>
    /// What turns one frame into the next, to be written at once. Lines do not wrap meanwhile: where a terminal finds a character wider
    /// than we do, it is cut. The cursor stays in the last line: there the shell goes on after a kill -9.
    /// </summary>
    /// <param name="before">The lines that are on the screen.</param>
    /// <param name="after">The lines to come.</param>
    /// <param name="anew">Whether the screen may hold anything.</param>
    public static string Difference(IReadOnlyList<string> before, IReadOnlyList<string> after, bool anew)
    {
        var text = new StringBuilder();
        for (var row = 0; row < Math.Max(before.Count, after.Count); row++)
        {
            var line = row < after.Count ? after[row] : "";
            if (anew || row >= before.Count || before[row] != line)
            {
                text.Append(CultureInfo.InvariantCulture, $"\x1b[{row + 1};1H\x1b[K{line}");
            }
        }

        if (text.Length is 0 && !anew)
        {
            return "";
        }

        return string.Create(CultureInfo.InvariantCulture, $"\x1b[?7l{(anew ? "\x1b[H\x1b[J" : "")}{text}\x1b[?7h\x1b[{after.Count};1H");
    }
}
