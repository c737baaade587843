using System.Globalization;
using System.Text;

namespace Village.Conflicts;

/// <summary>A directory or an ignore file that must not have changed.</summary>
/// <param name="Path">Relative to the workspace, a character for each byte; empty for the workspace itself.</param>
/// <param name="Stamp">As it was.</param>
public readonly record struct Watched(string Path, FileStamp Stamp);

/// <summary>
/// What must still be so for a trial commit to hold all that its workspace holds. Together with the index that was made for the
/// commit it is told from file stamps alone, without a process.
/// </summary>
/// <param name="Commit">The trial commit.</param>
/// <param name="Parents">The commits the workspace stood on, in one text.</param>
/// <param name="Index">The workspace's own index.</param>
/// <param name="Settings">The workspace's own git settings.</param>
/// <param name="Watched">Every directory in which a file could appear, and every ignore file.</param>
public sealed record WorkspaceSeal(string Commit, string Parents, FileStamp Index, FileStamp Settings, IReadOnlyList<Watched> Watched)
{
    /// <summary>As a text, a character for each byte.</summary>
    public string Format()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Commit}\n{Parents}\n{Text(Index)}\n{Text(Settings)}\n{Watched.Count}\n");
        foreach (var (path, stamp) in Watched)
        {
            text.Append(Text(stamp)).Append(' ').Append(path).Append('\0');
        }

        return text.ToString();
    }

    /// <summary>Reads <see cref="Format"/>; null when it is not all there.</summary>
    /// <remarks>
    /// Commit, parents, stamps of index and settings, the number of what is watched; then each, a zero (here <c>|</c>) behind it:
    /// <code>
    /// 3e3fbac54074602b096299cc5432dcb51f66b6d7
    /// ea85e13a0ad71b4f9a17bc3094b0c2755959d97d
    /// 1769079272 250000000 1769079272 250000000 303538 137
    /// 0 0 0 0 0 0
    /// 2
    /// 1769079272 10000000 1769079272 10000000 303539 4096 |1769079272 10000000 1769079272 10000000 303540 4096 src|
    /// </code>
    /// </remarks>
    public static WorkspaceSeal? TryParse(string text)
    {
        var head = text.Split('\n', 6);
        if (head.Length is not 6 || Stamp(head[2]) is not { } index || Stamp(head[3]) is not { } settings
            || !int.TryParse(head[4], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return null;
        }

        var fields = head[5].Split('\0');
        List<Watched> watched = [];
        foreach (var field in fields.AsSpan(..^1))
        {
            var words = field.Split(' ', 7);
            if (words.Length is not 7 || Stamp(words) is not { } stamp)
            {
                return null;
            }

            watched.Add(new(words[6], stamp));
        }

        return watched.Count == count ? new(head[0], head[1], index, settings, watched) : null;
    }

    private static string Text(FileStamp stamp) => string.Create(
        CultureInfo.InvariantCulture, $"{stamp.ChangedAt} {stamp.ChangedNanos} {stamp.ModifiedAt} {stamp.ModifiedNanos} {stamp.Inode} {stamp.Size}");

    private static FileStamp? Stamp(string text) => text.Split(' ') is { Length: 6 } words ? Stamp(words) : null;

    private static FileStamp? Stamp(string[] words)
    {
        Span<uint> numbers = stackalloc uint[6];
        for (var i = 0; i < 6; i++)
        {
            if (!uint.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return null;
            }
        }

        return new(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
    }
}
