using System.Buffers;
using System.Text;
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

    /// <summary>Whether a line may be about a task: its name is there in any case of letters, or something is escaped.</summary>
    public static bool MayName(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name)
    {
        if (line.Contains((byte)'\\'))
        {
            return true;
        }

        var (low, high) = ((byte)char.ToLowerInvariant((char)name[0]), (byte)char.ToUpperInvariant((char)name[0]));
        for (int at; (at = line.IndexOfAny(low, high)) >= 0 && line.Length - at >= name.Length; line = line[(at + 1)..])
        {
            if (Ascii.EqualsIgnoreCase(line.Slice(at, name.Length), name))
            {
                return true;
            }
        }

        return false;
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
