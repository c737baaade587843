using System.Runtime.InteropServices;
using System.Text;
using Village.Platform;

namespace Village.Adapters.Processes;

/// <summary>How an agent, or a check, ended.</summary>
/// <param name="ExitCode">The exit code, or null after a signal.</param>
/// <param name="Signal">The signal, or null.</param>
internal sealed record ProcessEnd(int? ExitCode, int? Signal);

/// <summary>
/// A program that runs on this process's own terminal, in a directory of its own, without a shell. Started with
/// posix_spawn, because the framework cannot give a file as stdin and lets children inherit an ignored SIGPIPE.
/// </summary>
internal sealed class AgentProcess
{
    private const short SetSignalMask = 0x08;
    private const short SetDefaultSignals = 0x04;

    // An installer that is just writing the agent's file is quicker.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private AgentProcess(int id)
    {
        Id = id;
        End = Task.Factory.StartNew(() => WaitFor(id), TaskCreationOptions.LongRunning);
    }

    /// <summary>The process id.</summary>
    public int Id { get; }

    /// <summary>Done when the program has ended.</summary>
    public Task<ProcessEnd> End { get; }

    /// <summary>
    /// Starts <paramref name="words"/> in <paramref name="directory"/>; stdin is <paramref name="input"/> when given, else
    /// the terminal; stdout and stderr are this process's descriptors <paramref name="output"/> and <paramref name="errors"/>. Null and the reason when the program cannot
    /// be started.
    /// </summary>
    public static async Task<(AgentProcess? Process, string? Problem)> StartAsync(
        IReadOnlyList<string> words, string directory, string? input, int output, IReadOnlyDictionary<string, string> environment, CancellationToken ct, int errors = 2)
    {
        if (Find(words[0], directory, environment) is not { } program)
        {
            return (null, $"'{Printable.Line(words[0])}' is not installed or not on PATH");
        }

        var id = 0;
        var error = await SpawnTrouble.OutlastAsync(() => Spawn(program, words, directory, input, output, errors, environment, out id), Patience, ct);
        return error is 0 ? (new(id), null) : (null, $"'{Printable.Line(program)}' cannot be started: {SpawnTrouble.Words(error)}");
    }

    /// <summary>The file that a program's name means: a path as it is, relative to the directory, a bare name on PATH; null when there is none.</summary>
    public static string? Find(string name, string directory, IReadOnlyDictionary<string, string> environment)
    {
        var candidates = name.Contains('/', StringComparison.Ordinal)
            ? [Path.Combine(directory, name)]
            : (environment.GetValueOrDefault("PATH") ?? "/usr/local/bin:/usr/bin:/bin")
                .Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(directory, folder, name));
        return candidates.FirstOrDefault(IsExecutable);
    }

    private static bool IsExecutable(string path) => File.Exists(path)
        && (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) is not 0;

    private static unsafe int Spawn(
        string program, IReadOnlyList<string> words, string directory, string? input, int output, int errors, IReadOnlyDictionary<string, string> environment, out int id)
    {
        // Opaque structures; glibc's are 80 and 336 bytes.
        byte* act = stackalloc byte[256], attr = stackalloc byte[512], set = stackalloc byte[256];
        _ = Libc.SpawnActionsInit(act);
        _ = Libc.SpawnAttributesInit(attr);
        try
        {
            _ = Libc.SpawnActionsDirectory(act, directory);
            if (input is not null)
            {
                _ = Libc.SpawnActionsOpen(act, 0, input, Libc.ReadOnly, 0);
            }

            if (output is not 1)
            {
                _ = Libc.SpawnActionsCopy(act, output, 1);
            }

            if (errors is not 2)
            {
                _ = Libc.SpawnActionsCopy(act, errors, 2);
            }

            _ = Libc.AllSignals(set);
            _ = Libc.SpawnAttributesDefaultSignals(attr, set);
            _ = Libc.NoSignals(set);
            _ = Libc.SpawnAttributesMask(attr, set);
            _ = Libc.SpawnAttributesFlags(attr, SetDefaultSignals | SetSignalMask);
            using var argv = new Strings(words);
            using var envp = new Strings(environment.Select(pair => $"{pair.Key}={pair.Value}"));
            return Libc.Spawn(out id, program, act, attr, argv.Pointer, envp.Pointer);
        }
        finally
        {
            _ = Libc.SpawnActionsDestroy(act);
            _ = Libc.SpawnAttributesDestroy(attr);
        }
    }

    private static ProcessEnd WaitFor(int id)
    {
        int status;
        while (Libc.Wait(id, out status, 0) is -1)
        {
            if (Marshal.GetLastPInvokeError() is not Libc.Interrupted)
            {
                // Somebody else reaped it; how it ended is not known.
                return new(null, null);
            }
        }

        var signal = status & 0x7f;
        return signal is 0 ? new((status >> 8) & 0xff, null) : new(null, signal);
    }

    // A NULL-terminated array of C strings.
    private sealed unsafe class Strings : IDisposable
    {
        private readonly byte[][] texts;
        private readonly GCHandle[] pins;
        private readonly nint[] pointers;
        private readonly GCHandle pin;

        public Strings(IEnumerable<string> values)
        {
            texts = [.. values.Select(value => Encoding.UTF8.GetBytes(value + '\0'))];
            pins = [.. texts.Select(text => GCHandle.Alloc(text, GCHandleType.Pinned))];
            pointers = [.. pins.Select(p => p.AddrOfPinnedObject()), 0];
            pin = GCHandle.Alloc(pointers, GCHandleType.Pinned);
        }

        public byte** Pointer => (byte**)pin.AddrOfPinnedObject();

        public void Dispose()
        {
            pin.Free();
            foreach (var p in pins)
            {
                p.Free();
            }
        }
    }
}
