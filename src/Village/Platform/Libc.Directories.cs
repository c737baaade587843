using System.Runtime.InteropServices;

namespace Village.Platform;

/// <summary>The calls for looking at very many files: no text is made of a path, nothing is allocated.</summary>
internal static unsafe partial class Libc
{
    // struct statx, the same on every machine; what is not read here is left out by the offsets.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct FileTimes
    {
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(40)] public ulong Size;
        [FieldOffset(96)] public long ChangedAt;
        [FieldOffset(104)] public uint ChangedNanos;
        [FieldOffset(112)] public long ModifiedAt;
        [FieldOffset(120)] public uint ModifiedNanos;
    }

    // struct dirent of Linux on 64 bit machines.
    [StructLayout(LayoutKind.Explicit)]
    public struct DirectoryEntry
    {
        [FieldOffset(18)] public byte Kind;
        [FieldOffset(19)] public byte Name;
    }

    [LibraryImport("libc", EntryPoint = "statx")]
    public static partial int TimesOf(int fd, byte* path, int flags, uint mask, FileTimes* result);

    [LibraryImport("libc", EntryPoint = "openat")]
    public static partial int OpenAt(int fd, byte* path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "fdopendir")]
    public static partial nint StartListing(int fd);

    [LibraryImport("libc", EntryPoint = "readdir")]
    public static partial DirectoryEntry* NextEntry(nint listing);

    [LibraryImport("libc", EntryPoint = "closedir")]
    public static partial int EndListing(nint listing);
}
