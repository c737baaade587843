using System.Buffers.Binary;

namespace Village.Conflicts;

/// <summary>
/// Reads git's index entry by entry, without a copy. It knows versions 2 and 3 without what other files or directories stand
/// for (split and sparse indexes); of anything else it says that it has not read it all.
/// </summary>
/// <remarks>
/// "DIRC", version and number of entries as big-endian 32 bits. Each entry: times of change and modification (seconds,
/// nanoseconds), device, inode, mode, user, group, size; the object's id; 16 bits of flags, 16 more when bit 14 is set; the path
/// and 1 to 8 zeros, to a multiple of 8. Then extensions (four letters, a length, data), then a checksum as long as an id:
/// <code>
/// 44495243 00000002 00000001                                   DIRC, version 2, one entry
/// 697201e8 0ee6b280 697201e8 0ee6b280 0000fe00 0004a1b2        times, device, inode
/// 000081a4 000003e8 000003e8 00000006                          100644, user, group, 6 bytes
/// ce013625030ba8dba906f756967f9e9ca394464a 0006                id, length of the path
/// 524541444d45 00000000                                        README
/// </code>
/// </remarks>
public ref struct IndexReader
{
    private const int Fixed = 40;
    private readonly ReadOnlySpan<byte> bytes;
    private readonly int idLength;
    private uint left;
    private int next;

    /// <summary>A reader before the first entry.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="idLength">The length of an object's id: 20 or 32.</param>
    public IndexReader(ReadOnlySpan<byte> bytes, int idLength)
    {
        this.bytes = bytes;
        this.idLength = idLength;
        if (bytes.Length >= 12 + idLength && bytes[..4].SequenceEqual("DIRC"u8) && Number(4) is 2 or 3)
        {
            (left, next) = (Number(8), 12);
        }
    }

    /// <summary>The path, relative to the top of the workspace. A zero follows it in the file.</summary>
    public ReadOnlySpan<byte> Path { get; private set; }

    /// <summary>The file as it was when its content was last compared.</summary>
    public FileStamp Stamp { get; private set; }

    /// <summary>Whether it is a file or a symbolic link: no repository of its own, no directory, no side of a conflict.</summary>
    public bool IsFile { get; private set; }

    /// <summary>Whether it is left out of a sparse checkout.</summary>
    public bool IsLeftOut { get; private set; }

    /// <summary>Goes to the next entry; false behind the last, and where the file cannot be read on.</summary>
    public bool Next()
    {
        if (left is 0 || next + Fixed + idLength + 2 > bytes.Length)
        {
            return false;
        }

        var (start, flagsAt) = (next, next + Fixed + idLength);
        Stamp = new(Number(start), Number(start + 4), Number(start + 8), Number(start + 12), Number(start + 20), Number(start + 36));
        var flags = BinaryPrimitives.ReadUInt16BigEndian(bytes[flagsAt..]);
        var isLong = (flags & 0x4000) is not 0 && flagsAt + 4 <= bytes.Length;
        var more = isLong ? BinaryPrimitives.ReadUInt16BigEndian(bytes[(flagsAt + 2)..]) : 0;
        var pathAt = flagsAt + (isLong ? 4 : 2);
        var length = bytes[pathAt..].IndexOf((byte)0);
        if (length < 0)
        {
            return false;
        }

        Path = bytes.Slice(pathAt, length);
        IsFile = (flags & 0x3000) is 0 && (Number(start + 24) & 0xF000) is 0x8000 or 0xA000;
        IsLeftOut = (more & 0x4000) is not 0;
        next = start + ((pathAt - start + length + 8) & ~7);
        left--;
        return true;
    }

    /// <summary>Whether every entry was read, and nothing that only a newer or fuller reader would understand follows them.</summary>
    public readonly bool HasReadAll()
    {
        var at = next;
        while (left is 0 && at > 0 && at + 8 <= bytes.Length - idLength)
        {
            // What starts with a small letter must be understood.
            if (bytes[at] is >= (byte)'a' and <= (byte)'z')
            {
                return false;
            }

            var length = Number(at + 4);
            at = length <= (uint)(bytes.Length - idLength - at - 8) ? at + 8 + (int)length : -1;
        }

        return left is 0 && at == bytes.Length - idLength;
    }

    private readonly uint Number(int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
}
