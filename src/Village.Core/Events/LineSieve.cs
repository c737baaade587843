using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Village.Events;

/// <summary>
/// Finds the lines of a log that may hold a word, in any case of its letters, many times faster than they can be read as JSON.
/// What it passes over does not hold the word; what it finds must still be read.
/// </summary>
public sealed class LineSieve
{
    private const int Width = 64;
    private const byte CaseBit = 0x20;
    private const byte Backslash = (byte)'\\';
    private readonly byte[] word;

    private LineSieve(string text) => word = Encoding.ASCII.GetBytes(text);

    /// <summary>The sieve for what every event of a filter must hold, or null when that is no plain word.</summary>
    public static LineSieve? For(EventFilter filter) => (filter.Task is { } task ? [task.Value] : new[] { filter.Agent, filter.Status, filter.Cmd })
        .OfType<string>()
        .Where(IsPlain)
        .MaxBy(text => text.Length) is { } longest ? new(longest) : null;

    /// <summary>Whether a line may hold the word.</summary>
    public bool MayHold(ReadOnlySpan<byte> line) => NextIn(line) >= 0;

    /// <summary>
    /// Where the word is next in some lines, or negative when it is in none of them. A character that is written as
    /// <c>\u0041</c> may be part of it, so that counts as well.
    /// </summary>
    public int NextIn(ReadOnlySpan<byte> lines)
    {
        var at = 0;
        if (Vector128.IsHardwareAccelerated && lines.Length >= Width + word.Length)
        {
            at = Stride(lines);
            if (at < 0)
            {
                return ~at;
            }
        }

        for (; at < lines.Length; at++)
        {
            if (IsAt(lines, at))
            {
                return at;
            }
        }

        return -1;
    }

    // Sixty-four places at once: the first letter of the word and the last one at its distance, or a backslash. Returns the complement
    // of the place, or how far it looked.
    private int Stride(ReadOnlySpan<byte> lines)
    {
        var last = word.Length - 1;
        var (a, b) = (Vector128.Create(Folded(word[0])), Vector128.Create(Folded(word[last])));
        ref var start = ref MemoryMarshal.GetReference(lines);
        var at = 0;
        for (; at <= lines.Length - Width - last; at += Width)
        {
            ref var here = ref Unsafe.Add(ref start, at);
            var (p, q, r, s) = (Found(ref here, 0, last, a, b), Found(ref here, 16, last, a, b), Found(ref here, 32, last, a, b), Found(ref here, 48, last, a, b));
            if ((p | q | r | s) == Vector128<byte>.Zero)
            {
                continue;
            }

            var bits = p.ExtractMostSignificantBits() | ((ulong)q.ExtractMostSignificantBits() << 16)
                | ((ulong)r.ExtractMostSignificantBits() << 32) | ((ulong)s.ExtractMostSignificantBits() << 48);
            for (; bits is not 0; bits &= bits - 1)
            {
                var place = at + BitOperations.TrailingZeroCount(bits);
                if (IsAt(lines, place))
                {
                    return ~place;
                }
            }
        }

        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Found(ref byte start, nuint at, int last, Vector128<byte> a, Vector128<byte> b)
    {
        var (here, there) = (Vector128.LoadUnsafe(ref start, at), Vector128.LoadUnsafe(ref start, at + (nuint)last));
        return (Vector128.Equals(here | Vector128.Create(CaseBit), a) & Vector128.Equals(there | Vector128.Create(CaseBit), b))
            | Vector128.Equals(here, Vector128.Create(Backslash));
    }

    private bool IsAt(ReadOnlySpan<byte> lines, int at) => lines[at] is Backslash
        ? at + 1 < lines.Length && lines[at + 1] is (byte)'u'
        : lines.Length - at >= word.Length && Ascii.EqualsIgnoreCase(lines.Slice(at, word.Length), word);

    private static byte Folded(byte letter) => (byte)(letter | CaseBit);

    // JSON has no other way to write these than \uXXXX.
    private static bool IsPlain(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or ' ' or '%');
}
