using System.Buffers;
using System.Text;
using Village.Configuration;
using Village.Errors;
using Village.Platform;

namespace Village.Storage;

/// <summary>
/// Files that others read while they change: replaced whole or appended in one write, never truncated in place.
/// When a call returns, a power cut does not take its effect back (tried: without the two fsyncs the file is absent); with
/// <see cref="Durability.Relaxed"/> only a power cut does.
/// </summary>
internal static class DurableFile
{
    private static readonly TimeSpan AppendDeadline = TimeSpan.FromSeconds(10);

    /// <summary>Replaces a file, or creates it, with mode 0600. A reader sees the old text or the new one.</summary>
    public static void Replace(string path, string text, Durability durability) => Replace(path, [Encoding.UTF8.GetBytes(text)], durability);

    /// <summary>Replaces a file that programs of other users read, or creates it, with mode 0644. It can be made again, so a power cut may take it.</summary>
    public static void Publish(string path, string text) => Replace(path, [Encoding.UTF8.GetBytes(text)], Durability.Relaxed, mode: 0x1a4);

    /// <inheritdoc cref="Replace(string, string, Durability)"/>
    public static void Replace(string path, IReadOnlyList<ReadOnlyMemory<byte>> pieces, Durability durability) => Replace(path, pieces, durability, mode: 0x180);

    private static void Replace(string path, IReadOnlyList<ReadOnlyMemory<byte>> pieces, Durability durability, int mode)
    {
        var directory = Path.GetDirectoryName(path)!;
        var temporary = Path.Combine(directory, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");
        try
        {
            using (var file = NativeFile.Open(temporary, Libc.WriteOnly | Libc.Create | Libc.Exclusive, mode))
            {
                foreach (var piece in Joined(pieces))
                {
                    file.Write(piece.Span);
                }

                Sync(file, durability);
            }

            // rename(2) itself: File.Move copies and deletes where it cannot rename.
            if (Libc.Rename(temporary, path) is not 0)
            {
                throw Libc.Failure("replace", path);
            }
        }
        catch
        {
            _ = Libc.Unlink(temporary);
            throw;
        }

        SyncDirectory(directory, durability);
    }

    /// <summary>
    /// Appends whole lines, or nothing, on an O_APPEND descriptor; creates the file with mode 0600. One writer at a time: the
    /// half of a line that a full disk took is cut off again, and nobody's line ends up behind it.
    /// </summary>
    public static void Append(string path, ReadOnlySpan<byte> bytes, Durability durability)
    {
        using var file = NativeFile.TryOpenRegular(path, Libc.ReadWrite | Libc.Create | Libc.Append)!;
        if (!SpinWait.SpinUntil(file.TryOwn, AppendDeadline))
        {
            throw new VillageException(ErrorKind.Transient, $"another process has been writing to '{path}' for {AppendDeadline.TotalSeconds:0} s", "try again");
        }

        var length = file.Length();
        Span<byte> last = stackalloc byte[1];
        var torn = length > 0 && file.ReadAt(last, length - 1) is 1 && last[0] is not (byte)'\n';
        try
        {
            file.Write(torn ? (byte[])[(byte)'\n', .. bytes] : bytes);
        }
        catch (IOException)
        {
            // A reader takes lines only, so none has seen it.
            file.TryTruncate(length);
            throw;
        }

        Sync(file, durability);
        if (length is 0)
        {
            SyncDirectory(Path.GetDirectoryName(path)!, durability);
        }
    }

    /// <summary>Removes a file if it is there; returns whether it was.</summary>
    public static bool Remove(string path, Durability durability)
    {
        if (Libc.Unlink(path) is not 0)
        {
            return System.Runtime.InteropServices.Marshal.GetLastPInvokeError() is Libc.NoEntry ? false : throw Libc.Failure("remove", path);
        }

        SyncDirectory(Path.GetDirectoryName(path)!, durability);
        return true;
    }

    /// <summary>Removes a file that would do no harm if a power cut brought it back.</summary>
    public static void Discard(string path)
    {
        if (Libc.Unlink(path) is not 0 && System.Runtime.InteropServices.Marshal.GetLastPInvokeError() is not Libc.NoEntry)
        {
            throw Libc.Failure("remove", path);
        }
    }

    /// <summary>Makes a directory and its parents with mode 0700.</summary>
    public static void MakeDirectory(string path, Durability durability)
    {
        if (!Directory.Exists(path))
        {
            MakeDirectory(Path.GetDirectoryName(path)!, durability);
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            SyncDirectory(Path.GetDirectoryName(path)!, durability);
        }
    }

    // A call costs more than a copy, until there is much to copy.
    private static IReadOnlyList<ReadOnlyMemory<byte>> Joined(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        var length = pieces.Sum(piece => (long)piece.Length);
        if (pieces.Count < 2 || length > 1 << 16)
        {
            return pieces;
        }

        var joined = new ArrayBufferWriter<byte>((int)length + 1);
        foreach (var piece in pieces)
        {
            joined.Write(piece.Span);
        }

        return [joined.WrittenMemory];
    }

    // Makes renames and unlinks in it last.
    private static void SyncDirectory(string path, Durability durability)
    {
        if (durability is Durability.Full)
        {
            using var directory = NativeFile.Open(path, Libc.ReadOnly | Libc.Directory);
            directory.Sync();
        }
    }

    private static void Sync(NativeFile file, Durability durability)
    {
        if (durability is Durability.Full)
        {
            file.Sync();
        }
    }
}
