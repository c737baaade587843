using Village.Platform;

namespace Village.Adapters.Processes;

/// <summary>A pipe whose other end is a program's output; its lines are read on a thread of their own, so that nobody polls.</summary>
internal sealed unsafe class LinePipe
{
    // A line that is longer than an agent's whole conversation is no line.
    private const int Longest = 16 << 20;
    private readonly int reader;

    private LinePipe(int reader, int writer) => (this.reader, Writer) = (reader, writer);

    /// <summary>The end to write to; the child gets a copy.</summary>
    public int Writer { get; }

    /// <summary>A new pipe that no child inherits by itself.</summary>
    public static LinePipe Open()
    {
        var ends = stackalloc int[2];
        return Libc.Pipe(ends, Libc.CloseOnExec) is 0 ? new(ends[0], ends[1]) : throw Libc.Failure("make", "a pipe");
    }

    /// <summary>
    /// Lets go of this process's own end to write to, and reads until all others are gone. Each line comes without its newline and is
    /// valid only during the call.
    /// </summary>
    public Task ReadAsync(Action<ReadOnlyMemory<byte>> take)
    {
        _ = Libc.Close(Writer);
        return Task.Factory.StartNew(() => Read(take), TaskCreationOptions.LongRunning);
    }

    private void Read(Action<ReadOnlyMemory<byte>> take)
    {
        var buffer = new byte[8192];
        var (length, skips) = (0, false);
        while (Fill(buffer.AsSpan(length)) is > 0 and var count)
        {
            var (start, end) = (0, length + count);
            for (int at; (at = buffer.AsSpan(start, end - start).IndexOf((byte)'\n')) >= 0; start += at + 1)
            {
                if (!skips)
                {
                    take(buffer.AsMemory(start, at));
                }

                skips = false;
            }

            length = end - start;
            buffer.AsSpan(start, length).CopyTo(buffer);
            if (length == buffer.Length)
            {
                (skips, length) = (skips || length >= Longest, length >= Longest ? 0 : length);
                Array.Resize(ref buffer, Math.Max(buffer.Length, length * 2));
            }
        }

        if (length > 0 && !skips)
        {
            take(buffer.AsMemory(0, length));
        }

        _ = Libc.Close(reader);
    }

    private int Fill(Span<byte> space)
    {
        fixed (byte* bytes = space)
        {
            while (true)
            {
                var count = Libc.Read(reader, bytes, space.Length);
                if (count >= 0 || System.Runtime.InteropServices.Marshal.GetLastPInvokeError() is not Libc.Interrupted)
                {
                    return (int)count;
                }
            }
        }
    }
}
