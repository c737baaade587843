using System.Runtime.InteropServices;
using System.Text;
using Village.Conflicts;

namespace Village.Platform;

/// <summary>
/// A directory tree that is looked at file by file, very often and very fast. Paths are relative to its top and bytes, as the
/// kernel has them; a text of them has one character for each byte.
/// </summary>
internal sealed unsafe class FileTree : IDisposable
{
    private const int NoFollow = 0x100;
    private const uint TypeTimesInodeAndSize = 0x1 | 0x40 | 0x80 | 0x100 | 0x200;
    private readonly NativeFile top;

    private FileTree(NativeFile top) => this.top = top;

    /// <summary>The tree below a directory; null when it is not there.</summary>
    public static FileTree? TryOpen(string directory) =>
        NativeFile.TryOpen(directory, Libc.ReadOnly | Libc.Directory) is { } top ? new(top) : null;

    /// <summary>The stamp of a file wherever it is; the default when there is none.</summary>
    public static FileStamp StampOf(string path)
    {
        Libc.FileTimes times;
        fixed (byte* start = Encoding.UTF8.GetBytes(path + '\0'))
        {
            return Libc.TimesOf(0, start, 0, TypeTimesInodeAndSize, &times) is 0 ? Stamp(times) : default;
        }
    }

    /// <summary>The stamp of a file itself, also of a symbolic link; the default when there is none.</summary>
    /// <param name="path">The path; a zero must follow it in memory.</param>
    public FileStamp StampOf(ReadOnlySpan<byte> path)
    {
        Libc.FileTimes times;
        fixed (byte* start = path)
        {
            return Libc.TimesOf(top.Descriptor, start, NoFollow, TypeTimesInodeAndSize, &times) is 0 ? Stamp(times) : default;
        }
    }

    /// <summary>Directories and ignore files that are directly in a directory; null when it cannot be listed.</summary>
    /// <param name="path">The directory: empty for the top.</param>
    /// <param name="ignoreFile">The name of ignore files.</param>
    public (IReadOnlyList<string> Directories, bool HasIgnoreFile)? List(string path, ReadOnlySpan<byte> ignoreFile)
    {
        List<string> directories = [];
        var found = false;
        int fd;
        fixed (byte* start = Encoding.Latin1.GetBytes((path.Length is 0 ? "." : path) + '\0'))
        {
            fd = Libc.OpenAt(top.Descriptor, start, Libc.ReadOnly | Libc.Directory | Libc.CloseOnExec, 0);
        }

        var listing = fd < 0 ? 0 : Libc.StartListing(fd);
        if (listing is 0)
        {
            _ = fd < 0 ? 0 : Libc.Close(fd);
            return null;
        }

        for (var entry = Libc.NextEntry(listing); entry is not null; entry = Libc.NextEntry(listing))
        {
            var name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(&entry->Name);
            if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8) && IsDirectory(entry->Kind, fd, &entry->Name))
            {
                directories.Add(Encoding.Latin1.GetString(name));
            }
            else if (name.SequenceEqual(ignoreFile))
            {
                found = true;
            }
        }

        _ = Libc.EndListing(listing);
        return (directories, found);
    }

    /// <inheritdoc/>
    public void Dispose() => top.Dispose();

    // DT_DIR; some file systems do not say (DT_UNKNOWN).
    private static bool IsDirectory(byte kind, int fd, byte* name)
    {
        Libc.FileTimes times;
        return kind is 4 || (kind is 0 && Libc.TimesOf(fd, name, NoFollow, TypeTimesInodeAndSize, &times) is 0 && (times.Mode & 0xF000) is 0x4000);
    }

    private static FileStamp Stamp(in Libc.FileTimes times) => new(
        (uint)times.ChangedAt, times.ChangedNanos, (uint)times.ModifiedAt, times.ModifiedNanos, (uint)times.Inode, (uint)times.Size);
}
