using Village.Platform;

namespace Village.Operations;

/// <summary>
/// Waits for something to happen in the village without polling: inotify on the state directory and on the locks. The end
/// of any process that held a liveness file counts, because the kernel closes the file.
/// </summary>
internal sealed class StateWatch : IDisposable
{
    private const uint Interesting = 0x2 | 0x8 | 0x40 | 0x80 | 0x100 | 0x200; // modify, close after write, moves, create, delete
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private readonly int fd;
    private readonly bool watching;
    private Task? pending;

    /// <summary>Watches directories that exist; where the kernel has no watch left, waiting becomes a look now and then.</summary>
    public StateWatch(params IReadOnlyList<string> directories)
    {
        fd = Libc.NotifyInit(Libc.CloseOnExec);
        watching = fd >= 0 && directories.Where(Directory.Exists).All(directory => Libc.NotifyAdd(fd, directory, Interesting) >= 0);
    }

    /// <summary>
    /// Returns soon after the next change: at the latest after a minute, or after <paramref name="fallback"/> when nothing can
    /// be watched.
    /// </summary>
    public async Task NextAsync(TimeSpan fallback, CancellationToken ct)
    {
        if (!watching)
        {
            await Task.Delay(fallback, ct);
            return;
        }

        await Task.WhenAny(ChangeAsync(), Task.Delay(Longest, ct));
        TakeChange();
        ct.ThrowIfCancellationRequested();

        // The kernel reports the close a moment before it drops the lock; and changes come in bursts.
        await Task.Delay(Settle, ct);
    }

    /// <summary>Ends with the next change; never, where nothing can be watched. The same one until <see cref="TakeChange"/> has taken it.</summary>
    public Task ChangeAsync() =>
        // The read itself cannot be called back; it is kept and awaited again the next time.
        pending ??= watching
            ? Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            : new TaskCompletionSource().Task;

    /// <summary>Whether there was a change; from now on it counts as seen.</summary>
    public bool TakeChange()
    {
        if (pending is not { IsCompleted: true })
        {
            return false;
        }

        pending = null;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (fd >= 0)
        {
            _ = Libc.Close(fd);
        }
    }

    private unsafe void Read()
    {
        var buffer = stackalloc byte[4096];
        _ = Libc.Read(fd, buffer, 4096);
    }
}
