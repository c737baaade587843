using System.Runtime.InteropServices;
using Village.Leases;
using Village.Platform;

namespace Village.Storage;

/// <summary>
/// The liveness lock of one claim, <c>locks/&lt;task&gt;.&lt;generation&gt;.live</c>: an open-file-description lock that the
/// kernel drops at any death. The claimant holds byte 0; the supervisor takes byte 1; the claimant lets go only
/// after seeing that, so there is no gap (design, section 4).
/// </summary>
internal sealed class LiveFile : IDisposable
{
    /// <summary>The claimant's byte.</summary>
    public const long Claimant = 0;

    /// <summary>The supervisor's byte.</summary>
    public const long Supervisor = 1;

    private readonly NativeFile file;

    private LiveFile(NativeFile file) => this.file = file;

    /// <summary>Makes the file of a new claim and holds the claimant's byte. Called under the guard, before the lease names it.</summary>
    public static LiveFile Create(string path) =>
        TryHold(NativeFile.Open(path, Libc.ReadWrite | Libc.Create), Claimant)
        ?? throw new IOException($"cannot hold '{path}': another process has it");

    /// <summary>
    /// Holds the supervisor's byte of a claim, under the guard; or returns null: the claim is gone, another supervisor has
    /// it, or its claimant died, and what nobody held for a moment may not have been counted.
    /// </summary>
    public static LiveFile? TryTakeOver(string path)
    {
        if (NativeFile.TryOpen(path, Libc.ReadWrite) is not { } file)
        {
            return null;
        }

        if (IsHeld(file, Claimant, 1))
        {
            return TryHold(file, Supervisor);
        }

        file.Dispose();
        return null;
    }

    /// <summary>Asks the kernel whether anybody holds the claim. Changes nothing, so a look never disturbs.</summary>
    public static LiveLock Look(string path)
    {
        try
        {
            using var file = NativeFile.TryOpenRegular(path, Libc.ReadOnly);
            return file is null ? LiveLock.Missing : IsHeld(file, Claimant, 2) ? LiveLock.Held : LiveLock.Free;
        }
        catch (IOException)
        {
            return LiveLock.Unreadable;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private static LiveFile? TryHold(NativeFile file, long at)
    {
        var range = new Libc.Flock { Type = Libc.LockWrite, Start = at, Length = 1 };
        if (Libc.Fcntl(file.Descriptor, Libc.OfdSetLock, ref range) is 0)
        {
            return new(file);
        }

        file.Dispose();
        return null;
    }

    private static bool IsHeld(NativeFile file, long at, long length)
    {
        var range = new Libc.Flock { Type = Libc.LockWrite, Start = at, Length = length };
        return Libc.Fcntl(file.Descriptor, Libc.OfdGetLock, ref range) is 0
            ? range.Type is not Libc.LockNone
            : throw new IOException($"cannot ask for the lock of '{file.Path}': {Marshal.GetLastPInvokeErrorMessage()}");
    }
}
