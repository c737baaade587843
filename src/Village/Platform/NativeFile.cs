using System.Runtime.InteropServices;

namespace Village.Platform;

/// <summary>What stands at a path.</summary>
internal enum FileKind
{
    /// <summary>Nothing.</summary>
    Missing,

    /// <summary>A file.</summary>
    Regular,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link, wherever it leads.</summary>
    Link,

    /// <summary>A pipe, a socket or a device.</summary>
    Other,
}

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

    /// <summary>
    /// Opens a regular file; null when it is not there. Anything else in its place is an error at once: a pipe would wait for
    /// ever, and a device have no end.
    /// </summary>
    public static NativeFile? TryOpenRegular(string path, int flags)
    {
        var file = TryOpen(path, flags | Libc.NonBlocking);
        if (file is null || file.IsRegular())
        {
            return file;
        }

        file.Dispose();
        throw new IOException($"'{path}' is not a regular file");
    }

    /// <summary>All bytes of a regular file; null when it is not there.</summary>
    public static byte[]? TryReadAll(string path)
    {
        using var file = TryOpenRegular(path, Libc.ReadOnly);
        if (file is null)
        {
            return null;
        }

        var length = file.Length();
        var bytes = length <= Array.MaxLength ? new byte[length] : throw new IOException($"'{path}' is too large");
        var n = file.ReadAt(bytes, 0);
        return n < length ? bytes[..n] : bytes;
    }

    /// <summary>Whether a regular file holds exactly these bytes.</summary>
    public static bool IsEqual(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = TryOpenRegular(path, Libc.ReadOnly);
        if (file is null || file.Length() != bytes.Length)
        {
            return false;
        }

        var buffer = new byte[Math.Min(bytes.Length, 1 << 18)];
        for (var at = 0; at < bytes.Length; at += buffer.Length)
        {
            var n = file.ReadAt(buffer, at);
            if (n < Math.Min(buffer.Length, bytes.Length - at) || !bytes[at..].StartsWith(buffer.AsSpan(0, n)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What a path is, links not followed.</summary>
    public static FileKind KindOf(string path)
    {
        // AT_FDCWD, AT_SYMLINK_NOFOLLOW and STATX_TYPE; then S_IFMT.
        if (Libc.StatusOf(-100, path, 0x100, 1, out var status) is 0)
        {
            return (status.Mode & 0xF000) switch
            {
                0x8000 => FileKind.Regular,
                0x4000 => FileKind.Directory,
                0xA000 => FileKind.Link,
                _ => FileKind.Other,
            };
        }

        return Marshal.GetLastPInvokeError() is Libc.NoEntry or Libc.NoDirectory ? FileKind.Missing : throw Libc.Failure("examine", path);
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

    /// <summary>Takes the only right to write, until it is closed; false while another has it. Readers are not kept off.</summary>
    public bool TryOwn()
    {
        var range = new Libc.Flock { Type = Libc.LockWrite };
        return Libc.Fcntl(fd, Libc.OfdSetLock, ref range) is 0;
    }

    /// <summary>Cuts off what is behind a length, as well as it goes: called where something else has failed already.</summary>
    public void TryTruncate(long length) => _ = Libc.Truncate(fd, length);

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

    // statx with AT_EMPTY_PATH and STATX_TYPE; S_IFREG of S_IFMT.
    private bool IsRegular() =>
        Libc.StatusOf(fd, "", 0x1000, 1, out var status) is 0 ? (status.Mode & 0xF000) is 0x8000 : throw Libc.Failure("examine", Path);

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
