namespace Village.Conflicts;

/// <summary>What of a file changes whenever its content, kind or mode does, in the 32 bits each that git's index keeps.</summary>
/// <param name="ChangedAt">When anything of it was changed: seconds. No program can set this time back.</param>
/// <param name="ChangedNanos">And the nanoseconds.</param>
/// <param name="ModifiedAt">When its content was written: seconds.</param>
/// <param name="ModifiedNanos">And the nanoseconds.</param>
/// <param name="Inode">The inode.</param>
/// <param name="Size">The length.</param>
public readonly record struct FileStamp(uint ChangedAt, uint ChangedNanos, uint ModifiedAt, uint ModifiedNanos, uint Inode, uint Size)
{
    // File systems count in ticks, up to two seconds long: within one, a second change leaves no trace.
    private const uint Tick = 2;

    /// <summary>Whether a change after that second is sure to change the stamp.</summary>
    public bool IsSettledAt(uint second) => ulong.Max(ChangedAt, ModifiedAt) + Tick <= second;
}
