using System.Runtime.InteropServices;
using System.Text;
using Village.Platform;

namespace Village.Terminal;

/// <summary>
/// The terminal of this process, keys without Enter. Sets nothing that a shell does not set anew at its next prompt: no other screen, no
/// hidden cursor, no keypad; so a kill -9 leaves a usable terminal behind. Linux.
/// </summary>
internal sealed class RawTerminal : IDisposable
{
    // struct termios has 60 bytes with glibc and 44 in the kernel; nobody needs to know what is in it.
    private const int Room = 256;
    private const int AfterOutput = 1;
    private readonly byte[] saved = new byte[Room];
    private readonly int[] wake = new int[2];
    private readonly PosixSignalRegistration resized;
    private readonly PosixSignalRegistration continued;
    private readonly Lock changing = new();
    private TaskCompletionSource shaken = New();
    private Task<bool>? keys;
    private bool isRaw;

    /// <summary>Takes over the terminal behind standard input, if there is one.</summary>
    public unsafe RawTerminal()
    {
        fixed (byte* old = saved)
        {
            HasKeys = Libc.GetTerminal(0, old) is 0;
        }

        fixed (int* ends = wake)
        {
            _ = Libc.Pipe(ends, Libc.CloseOnExec);
        }

        resized = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => shaken.TrySetResult());
        continued = PosixSignalRegistration.Create(PosixSignal.SIGCONT, context =>
        {
            // The shell has put its own modes back, and after this handler the framework those of its start (tried).
            WasDisturbed = true;
            Task.Delay(100).ContinueWith(_ => shaken.TrySetResult(), TaskScheduler.Default);
        });
        Resume();
    }

    /// <summary>Whether keys can be read.</summary>
    public bool HasKeys { get; }

    /// <summary>Whether something else may have written on the screen since the last frame; whoever draws sets it back.</summary>
    public bool WasDisturbed { get; set; }

    /// <summary>Columns and rows; 80 by 24 where the terminal does not say.</summary>
    public static (int Width, int Height) Size => Libc.TerminalSize(1) is ( > 0, > 0) and var size ? size : (80, 24);

    /// <summary>Ends when the terminal has changed its size, or somebody else had it.</summary>
    public Task ChangedAsync()
    {
        if (shaken.Task.IsCompleted)
        {
            shaken = New();
        }

        return shaken.Task;
    }

    /// <summary>True when there is something to read; false when the terminal is gone. Reads nothing.</summary>
    public Task<bool> KeysAsync()
    {
        if (!HasKeys)
        {
            return new TaskCompletionSource<bool>().Task;
        }

        if (isRaw)
        {
            // Whoever had the terminal meanwhile may have changed it.
            SetRaw(true);
        }

        if (keys is null || keys.IsCompleted)
        {
            keys = Task.Factory.StartNew(WaitForKey, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        return keys;
    }

    /// <summary>What was typed; to be called after <see cref="KeysAsync"/> only.</summary>
    public static unsafe byte[] Read()
    {
        var buffer = stackalloc byte[256];
        var count = Libc.Read(0, buffer, 256);
        return count > 0 ? new ReadOnlySpan<byte>(buffer, (int)count).ToArray() : [];
    }

    /// <summary>Writes a text at once, so that no half frame is ever seen.</summary>
    public static unsafe void Write(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* start = bytes)
        {
            for (nint at = 0; at < bytes.Length;)
            {
                var count = Libc.Write(1, start + at, bytes.Length - at);
                if (count < 0 && Marshal.GetLastPInvokeError() is not Libc.Interrupted)
                {
                    return;
                }

                at += Math.Max(0, count);
            }
        }
    }

    /// <summary>Stops this process as Ctrl-Z does, with the cursor below the last line, until the shell lets it go on.</summary>
    public void StopHere()
    {
        Suspend();
        Write("\r\n");
        _ = Libc.Kill(0, Libc.SigTerminalStop);
        Resume();
    }

    /// <summary>Gives the terminal back for a while: to another program, or to the shell.</summary>
    public void Suspend()
    {
        isRaw = false;
        SetRaw(false);
    }

    /// <summary>Takes it again.</summary>
    public void Resume()
    {
        isRaw = HasKeys;
        SetRaw(HasKeys);
        WasDisturbed = true;
    }

    /// <inheritdoc/>
    public unsafe void Dispose()
    {
        Suspend();
        resized.Dispose();
        continued.Dispose();
        byte any = 0;
        _ = Libc.Write(wake[1], &any, 1);
        keys?.Wait(TimeSpan.FromSeconds(1));
        _ = Libc.Close(wake[0]);
        _ = Libc.Close(wake[1]);
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool WaitForKey() => Libc.WaitForInput(0, wake[0]);

    private unsafe void SetRaw(bool raw)
    {
        if (!HasKeys)
        {
            return;
        }

        lock (changing)
        {
            var modes = stackalloc byte[Room];
            saved.CopyTo(new Span<byte>(modes, Room));
            if (raw)
            {
                Libc.MakeRaw(modes);
            }

            _ = Libc.SetTerminal(0, AfterOutput, modes);
        }
    }
}
