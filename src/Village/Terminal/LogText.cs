using System.Text;
using System.Text.RegularExpressions;

namespace Village.Terminal;

/// <summary>A pane's log, read piece by piece while it grows. Unless raw, nothing in it reaches the terminal as a command.</summary>
/// <param name="path">The file.</param>
/// <param name="raw">Whether escape sequences stay.</param>
/// <param name="start">Where reading begins, in bytes; the line that this cuts is left out.</param>
internal sealed partial class LogText(string path, bool raw, long start = 0)
{
    // No sequence that anybody uses is longer.
    private const int LongestSequence = 256;
    private readonly Decoder decoder = new UTF8Encoding(false).GetDecoder();
    private long offset = Math.Max(0, start);
    private bool isCut = start > 0;
    private string held = "";

    /// <summary>What has come since the last call. What a read has cut in two, a character or a sequence, waits for its rest unless it is the last.</summary>
    public string Next(bool isLast)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = offset;
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        offset = file.Position;
        var characters = new char[decoder.GetCharCount(bytes.GetBuffer(), 0, (int)bytes.Length, isLast)];
        decoder.GetChars(bytes.GetBuffer(), 0, (int)bytes.Length, characters, 0, isLast);
        var text = held + new string(characters);
        if (isCut && text.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var cut)
        {
            (text, isCut) = (text[(cut + 1)..], false);
        }

        var end = isLast ? text.Length : Whole(text);
        held = text[end..];
        return raw ? text[..end] : Clean(text[..end]);
    }

    private static int Whole(string text)
    {
        var escape = text.LastIndexOf('\x1b');
        return escape < 0 || text.Length - escape > LongestSequence || Sequences().IsMatch(text, escape) ? text.Length : escape;
    }

    // Colours and cursor movements go; whatever else could control the terminal is shown instead of obeyed.
    private static string Clean(string text) => Printable.Block(Sequences().Replace(text, "").Replace("\r\n", "\n", StringComparison.Ordinal));

    // CSI "ESC [ … letter", OSC "ESC ] … BEL or ESC \", and the two-character ones.
    [GeneratedRegex("\x1b\\[[0-9;?<>=!]*[ -/]*[@-~]|\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)|\x1b[()][0-9A-B]|\x1b[=>78cDEHM]", RegexOptions.CultureInvariant)]
    private static partial Regex Sequences();
}
