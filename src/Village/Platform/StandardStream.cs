using System.Runtime.InteropServices;

namespace Village.Platform;

/// <summary>
/// One of the three standard streams, as plain reads and writes. The framework's own switch the terminal's keypad over at the
/// first write, and swallow a closed pipe; a file stream would keep its own offset and overwrite what a child wrote.
/// </summary>
internal sealed unsafe class StandardStream(int fd) : Stream
{
    /// <inheritdoc/>
    public override bool CanRead => fd is 0;

    /// <inheritdoc/>
    public override bool CanWrite => fd is not 0;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var n = Libc.Read(fd, start, buffer.Length);
                if (n >= 0)
                {
                    return (int)n;
                }

                if (Marshal.GetLastPInvokeError() is not Libc.Interrupted)
                {
                    throw Libc.Failure("read", "standard input");
                }
            }
        }
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            for (var done = 0; done < buffer.Length;)
            {
                var n = Libc.Write(fd, start + done, buffer.Length - done);
                if (n > 0)
                {
                    done += (int)n;
                    continue;
                }

                switch (Marshal.GetLastPInvokeError())
                {
                    case Libc.Interrupted:
                        continue;
                    case Libc.Again:
                        // The terminal's other side made it non-blocking, and is slow.
                        Thread.Yield();
                        continue;
                    case Libc.BrokenPipe:
                        throw new BrokenPipeException();
                    default:
                        throw Libc.Failure("write to", fd is 1 ? "standard output" : "standard error");
                }
            }
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}

/// <summary>Nobody reads any more: <c>village events | head -1</c>. The program ends as a program ended by SIGPIPE does.</summary>
internal sealed class BrokenPipeException() : IOException("nobody reads the output any more");
