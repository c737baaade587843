using System.Runtime.InteropServices;

namespace Village.Platform;

/// <summary>
/// An open file by its descriptor, always close-on-exec, so neither the tmux server nor an agent ever inherits one.
/// Every call checks its result: the framework's own flush hides a failed fsync.
/// </summary>
internal sealed unsafe class NativeFile : IDisposable
{
    private int fd;

    private NativeFile(int descriptor, string path) => (fd, Path) = (descriptor, path);

    public string Path { get; }

    public int Descriptor => fd;

    /// <summary>Opens a file; null when it is not there and not to be created.</summary>
    public static NativeFile? TryOpen(string path, int flags, int mode = 0x180)
    {
        while (true)
        {
            var fd = Libc.Open(path, flags | Libc.CloseOnExec, mode);
            if (fd >= 0)
            {
                return new(fd, path);
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Libc.NoEntry when (flags & Libc.Create) is 0:
                    return null;
                case Libc.Interrupted:
                    continue;
                default:
                    throw Libc.Failure("open", path);
            }
        }
    }

    /// <summary>Opens a file or throws.</summary>
    public static NativeFile Open(string path, int flags, int mode = 0x180) =>
        TryOpen(path, flags, mode) ?? throw Libc.Failure("open", path);

    /// <summary>An anonymous file in memory; others of the same user may open <c>/proc/PID/fd/N</c>.</summary>
    public static NativeFile InMemory(string name)
    {
        var fd = Libc.MemoryFile(name, 1);
        return fd >= 0 ? new(fd, name) : throw Libc.Failure("create", name);
    }

    /// <summary>Writes all bytes in as few calls as the kernel allows: one, unless the disk is full.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            for (var done = 0; done < bytes.Length;)
            {
                var n = Libc.Write(fd, start + done, bytes.Length - done);
                if (n > 0)
                {
                    done += (int)n;
                }
                else if (Marshal.GetLastPInvokeError() is not Libc.Interrupted)
                {
                    throw Libc.Failure("write", Path);
                }
            }
        }
    }

    /// <summary>Reads from an offset until the buffer is full or the file ends; returns how much.</summary>
    public int ReadAt(Span<byte> buffer, long offset)
    {
        var done = 0;
        fixed (byte* start = buffer)
        {
            while (done < buffer.Length)
            {
                var n = Libc.ReadAt(fd, start + done, buffer.Length - done, offset + done);
                if (n is 0)
                {
                    break;
                }

                if (n > 0)
                {
                    done += (int)n;
                }
                else if (Marshal.GetLastPInvokeError() is not Libc.Interrupted)
                {
                    throw Libc.Failure("read", Path);
                }
            }
        }

        return done;
    }

    /// <summary>The length in bytes.</summary>
    public long Length()
    {
        var length = Libc.Seek(fd, 0, 2);
        return length >= 0 ? length : throw Libc.Failure("measure", Path);
    }

    /// <summary>Forces what was written to the disk, or throws.</summary>
    public void Sync()
    {
        while (Libc.Fsync(fd) is not 0)
        {
            if (Marshal.GetLastPInvokeError() is not Libc.Interrupted)
            {
                throw Libc.Failure("sync", Path);
            }
        }
    }

    /// <summary>Forces all that anybody has written to the file system of a path to the disk, or throws.</summary>
    public static void SyncFileSystem(string path)
    {
        using var file = Open(path, Libc.ReadOnly);
        if (Libc.SyncFs(file.fd) is not 0)
        {
            throw Libc.Failure("sync", path);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        var open = Interlocked.Exchange(ref fd, -1);
        if (open >= 0)
        {
            _ = Libc.Close(open);
        }
    }
}
