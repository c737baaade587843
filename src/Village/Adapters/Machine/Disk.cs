using Village.Platform;

namespace Village.Adapters.Machine;

/// <summary>The file system that a path is on.</summary>
internal static class Disk
{
    // Open-file-description locks are not known to hold on these (statfs magic numbers from linux/magic.h).
    private static readonly Dictionary<long, string> Remote = new()
    {
        [0x6969] = "NFS",
        [0x01021997] = "9p",
        [0x65735546] = "FUSE",
        [0xFF534D42] = "CIFS",
        [0xFE534D42] = "SMB2",
        [0x00c36400] = "Ceph",
    };

    /// <summary>The name of a file system where locks are not known to hold; null for all others.</summary>
    public static string? RemoteName(string path) =>
        Libc.FileSystem(path, out var found) is 0 ? Remote.GetValueOrDefault(found.Type & 0xFFFFFFFF) : null;

    /// <summary>Bytes and files that still fit, each null where the file system does not say.</summary>
    public static unsafe (long? Bytes, long? Inodes) Free(string path)
    {
        if (Libc.FileSystem(path, out var found) is not 0)
        {
            return (null, null);
        }

        // After the type: block size, blocks, free, available to users, files, free files.
        var (size, available, files, freeFiles) = (found.Rest[0], found.Rest[3], found.Rest[4], found.Rest[5]);
        return (size * available, files is 0 ? null : freeFiles);
    }
}
