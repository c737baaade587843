using System.Globalization;
using System.Text;

namespace Village.Core.Tests.Fuzzing;

/// <summary>
/// Ways in which a file can come to harm. All of them come from a fixed seed, so a failure is the same the next time;
/// VILLAGE_SOAK multiplies the random ones.
/// </summary>
internal static class Damage
{
    private static readonly byte[][] Bits = [[0], [0xff, 0xfe], [0xc3], [0xed, 0xa0, 0x80], [0xef, 0xbb, 0xbf], [(byte)'\r'], [(byte)'\n'], [0x1b], "\u2028"u8.ToArray(), "\\ud800"u8.ToArray()];

    private static readonly string[] Numbers =
        ["-1", "0", "9007199254740992", "9223372036854775808", "99999999999999999999999999", "1e308", "1e999", "-0", "NaN", "0x10", "1.5", "٣"];

    /// <summary>How many random ones there are of each file.</summary>
    public static int Rounds { get; } =
        3000 * (int.TryParse(Environment.GetEnvironmentVariable("VILLAGE_SOAK"), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? Math.Max(1, n) : 1);

    /// <summary>Everything that this class knows to do to a file.</summary>
    public static IEnumerable<byte[]> Of(byte[] whole) =>
        [whole, .. Cuts(whole), .. Flips(whole), .. Lines(whole), .. Values(whole), .. Huge(whole), .. AtRandom(whole)];

    /// <summary>The file as far as each of its bytes, and from each of them on.</summary>
    public static IEnumerable<byte[]> Cuts(byte[] whole) =>
        Enumerable.Range(0, whole.Length + 1).SelectMany(at => new[] { whole[..at], whole[at..] });

    /// <summary>Each bit the other way round.</summary>
    public static IEnumerable<byte[]> Flips(byte[] whole) =>
        from at in Enumerable.Range(0, whole.Length)
        from bit in Enumerable.Range(0, 8)
        select (byte[])[.. whole[..at], (byte)(whole[at] ^ (1 << bit)), .. whole[(at + 1)..]];

    // Each line gone, twice, with the line end of others; a byte order mark; everything twice.
    private static IEnumerable<byte[]> Lines(byte[] whole)
    {
        var text = Encoding.UTF8.GetString(whole);
        var lines = text.Split('\n');
        foreach (var at in Enumerable.Range(0, lines.Length))
        {
            yield return Encoding.UTF8.GetBytes(string.Join('\n', lines.Where((_, i) => i != at)));
            yield return Encoding.UTF8.GetBytes(string.Join('\n', lines.Append(lines[at])));
            yield return Encoding.UTF8.GetBytes(string.Join('\n', lines.Prepend(lines[at])));
        }

        yield return Encoding.UTF8.GetBytes(text.Replace("\n", "\r\n", StringComparison.Ordinal));
        yield return Encoding.UTF8.GetBytes(text.Replace('\n', '\r'));
        yield return [0xef, 0xbb, 0xbf, .. whole];
        yield return Encoding.Unicode.GetBytes(text);
        yield return [.. whole, .. whole];
        yield return new byte[whole.Length];
    }

    // Every run of digits as a number that is none, or too large.
    private static IEnumerable<byte[]> Values(byte[] whole)
    {
        for (var at = 0; at < whole.Length; at++)
        {
            var length = whole.AsSpan(at).IndexOfAnyExceptInRange((byte)'0', (byte)'9') is var n and >= 0 ? n : whole.Length - at;
            if (length > 0)
            {
                foreach (var number in Numbers)
                {
                    yield return [.. whole[..at], .. Encoding.UTF8.GetBytes(number), .. whole[(at + length)..]];
                }

                at += length;
            }
        }
    }

    // A line of ten megabytes, and a nest that never ends, in front, behind and in between.
    private static IEnumerable<byte[]> Huge(byte[] whole)
    {
        var middle = whole.Length / 2;
        foreach (var much in new[] { new string('x', 10_000_000), new string('=', 1_000_000), new string('[', 1_000_000), string.Concat(Enumerable.Repeat("{\"a\":", 100_000)), new string('\n', 100_000) })
        {
            var bytes = Encoding.UTF8.GetBytes(much);
            yield return [.. bytes, .. whole];
            yield return [.. whole, .. bytes];
            yield return [.. whole[..middle], .. bytes, .. whole[middle..]];
        }
    }

    // A few of all of it at once.
    private static IEnumerable<byte[]> AtRandom(byte[] whole)
    {
        var random = new Random(20260122);
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = whole.ToList();
            for (var n = random.Next(1, 6); n > 0 && bytes.Count > 0; n--)
            {
                var (at, length) = (random.Next(bytes.Count), random.Next(1, 12));
                switch (random.Next(5))
                {
                    case 0: bytes.RemoveRange(at, Math.Min(length, bytes.Count - at)); break;
                    case 1: bytes.InsertRange(at, Bits[random.Next(Bits.Length)]); break;
                    case 2: bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count), 1)); break;
                    case 3: bytes[at] = (byte)random.Next(256); break;
                    default: bytes.InsertRange(at, [.. bytes.Skip(random.Next(bytes.Count)).Take(length)]); break;
                }
            }

            yield return [.. bytes];
        }
    }
}
