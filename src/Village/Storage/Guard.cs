using System.Globalization;
using System.Runtime.InteropServices;
using Village.Errors;
using Village.Platform;

namespace Village.Storage;

/// <summary>
/// A file held by flock(2) for the milliseconds of a check-and-replace. The kernel lets go at any death. The file is
/// never deleted: unlink-and-recreate gave two holders when it was tried.
/// </summary>
internal sealed class Guard : IDisposable
{
    private readonly NativeFile file;

    private Guard(NativeFile file) => this.file = file;

    /// <summary>
    /// Waits for the guard. When one and the same process has held it for <paramref name="deadline"/>, that is an error which
    /// names it; a queue that moves is waited in.
    /// </summary>
    public static Guard Take(string path, TimeSpan deadline) => Hold(NativeFile.Open(path, Libc.ReadWrite | Libc.Create), deadline);

    /// <summary>The same on a file that is there already, which is not written to; null when there is none, and then nobody holds it.</summary>
    public static Guard? TakeExisting(string path, TimeSpan deadline) =>
        NativeFile.TryOpen(path, Libc.ReadOnly) is { } file ? Hold(file, deadline) : null;

    /// <summary>The same on a directory; null when it does not exist.</summary>
    public static Guard? TakeDirectory(string path, TimeSpan deadline) =>
        NativeFile.TryOpen(path, Libc.ReadOnly | Libc.Directory) is { } file ? Hold(file, deadline) : null;

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private static Guard Hold(NativeFile file, TimeSpan deadline)
    {
        try
        {
            if (!TryLock(file, Libc.LockExclusive | Libc.LockNonBlocking) && !WaitInKernel(file, deadline))
            {
                throw new VillageException(
                    ErrorKind.Transient,
                    $"another process has held '{file.Path}' for {deadline.TotalSeconds:0} s{Name(HolderOf(file))}",
                    "wait for it to finish, or look at it with `ps` and end it, then try again");
            }
        }
        catch
        {
            file.Dispose();
            throw;
        }

        return new(file);
    }

    private static bool TryLock(NativeFile file, int operation)
    {
        while (Libc.LockFile(file.Descriptor, operation) is not 0)
        {
            switch (Marshal.GetLastPInvokeError())
            {
                case Libc.Interrupted:
                    continue;
                case Libc.Again:
                    return false;
                default:
                    throw Libc.Failure("lock", file.Path);
            }
        }

        return true;
    }

    // A thread of its own waits in the kernel: first come, first served, and no polling. When the deadline passes the
    // caller closes the file; should the thread get the lock later, nothing is left that could hold it.
    private static bool WaitInKernel(NativeFile file, TimeSpan deadline)
    {
        using var locked = new ManualResetEventSlim();
        Exception? failure = null;
        var waiter = new Thread(() =>
        {
            try
            {
                TryLock(file, Libc.LockExclusive);
            }
            catch (IOException problem)
            {
                failure = problem;
            }

            try
            {
                locked.Set();
            }
            catch (ObjectDisposedException)
            {
                // The caller gave up waiting.
            }
        })
        { IsBackground = true };
        waiter.Start();
        var holder = HolderOf(file);
        bool inTime;
        for (int now; !(inTime = locked.Wait(deadline)) && (now = HolderOf(file)) != holder; holder = now)
        {
        }

        return failure is null ? inTime : throw failure;
    }

    // /proc/locks: "12: FLOCK  ADVISORY  WRITE 4711 fe:00:123456 0 EOF"; the last part of the third field is the inode.
    private static int HolderOf(NativeFile file)
    {
        try
        {
            var inode = File.ReadLines($"/proc/self/fdinfo/{file.Descriptor}")
                .First(line => line.StartsWith("ino:", StringComparison.Ordinal))[4..].Trim();
            return File.ReadLines("/proc/locks")
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(field => field.Length > 5 && field[1] is "FLOCK" && field[5].EndsWith($":{inode}", StringComparison.Ordinal))
                .Select(field => int.TryParse(field[4], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0)
                .FirstOrDefault(n => n > 0);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return 0;
        }
    }

    private static string Name(int process)
    {
        try
        {
            return process is 0 ? "" : $" (process {process}: {Printable.Line(File.ReadAllText($"/proc/{process}/comm").Trim())})";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
