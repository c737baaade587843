using System.Buffers;
using Village.Events;
using Village.Platform;

namespace Village.Storage;

/// <summary>The complete lines of a log from any offset on, through one buffer, however long the log is.</summary>
internal sealed class LogLines : IDisposable
{
    private const int FirstSize = 256 << 10;
    private readonly NativeFile file;
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
    private long start;
    private int filled;

    private LogLines(NativeFile file) => (this.file, Length) = (file, file.Length());

    /// <summary>The file's length when it was opened.</summary>
    public long Length { get; }

    /// <summary>The offset after the line that was read last.</summary>
    public long Next { get; private set; }

    /// <summary>Opens a log, or returns null when there is none.</summary>
    public static LogLines? TryOpen(string path) => NativeFile.TryOpenRegular(path, Libc.ReadOnly) is { } file ? new(file) : null;

    /// <summary>
    /// Reads the line at an offset, without its newline; valid until the next call. False when none is complete there: a last
    /// line without newline is torn or still being written.
    /// </summary>
    public bool TryRead(long at, out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            var rest = at >= start && at <= start + filled ? buffer.AsSpan((int)(at - start), (int)(start + filled - at)) : [];
            var end = rest.IndexOf((byte)'\n');
            if (end >= 0)
            {
                line = rest[..end];
                Next = at + end + 1;
                return true;
            }

            if (!Fill(at, rest))
            {
                line = [];
                return false;
            }
        }
    }

    /// <summary>The checksums by which a checkpoint knows this log again.</summary>
    public (uint Head, uint Tail) SumsAt(long offset)
    {
        Span<byte> window = stackalloc byte[Checkpoint.Window];
        uint Sum(Span<byte> bytes, long at) => Checkpoint.Sum(bytes[..file.ReadAt(bytes, at)]);
        var size = (int)Math.Min(offset, Checkpoint.Window);
        return (Sum(window[..size], 0), Sum(window[..size], offset - size));
    }

    /// <summary>
    /// Reads the complete lines from an offset on, newlines included, as many as fit the buffer and at least one, but none that
    /// ends behind <paramref name="end"/>. Valid until the next call.
    /// </summary>
    public bool TryReadMany(long at, long end, out ReadOnlySpan<byte> lines)
    {
        lines = [];
        if (!TryRead(at, out _) || Next > end)
        {
            return false;
        }

        var there = buffer.AsSpan((int)(at - start), (int)Math.Min(start + filled, end) - (int)at);
        lines = there[..(there.LastIndexOf((byte)'\n') + 1)];
        Next = at + lines.Length;
        return true;
    }

    /// <summary>Where the first line begins that lies as a whole in the last <paramref name="most"/> bytes before a line, or in more of them when none does.</summary>
    public long LineBefore(long begin, long end, int most)
    {
        for (var from = end - most; from > begin; from -= most)
        {
            // The byte before tells whether a line begins just there.
            if (TryRead(from - 1, out _) && Next < end)
            {
                return Next;
            }
        }

        return begin;
    }

    /// <summary>Where the first line begins at an offset or after it; <paramref name="end"/> when none begins before that.</summary>
    public long LineAfter(long offset, long end) => offset < end && TryRead(offset - 1, out _) ? Math.Min(Next, end) : end;

    /// <summary>Where the last complete line ends.</summary>
    public long EndOfLines()
    {
        for (var end = Length; end > 0;)
        {
            var size = (int)Math.Min(end, FirstSize);
            var n = file.ReadAt(buffer.AsSpan(0, size), end - size);
            (start, filled) = (end - size, n);
            var last = buffer.AsSpan(0, n).LastIndexOf((byte)'\n');
            if (last >= 0)
            {
                return end - size + last + 1;
            }

            end -= size;
        }

        return 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        file.Dispose();
    }

    // What is left of the buffer moves to its front; a line longer than the buffer doubles it.
    private bool Fill(long at, Span<byte> rest)
    {
        if (rest.Length == buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
            rest.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
        else
        {
            rest.CopyTo(buffer);
        }

        var kept = rest.Length;
        var more = file.ReadAt(buffer.AsSpan(kept), at + kept);
        (start, filled) = (at, kept + more);
        return more > 0;
    }
}
