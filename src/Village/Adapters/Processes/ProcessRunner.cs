using System.ComponentModel;
using System.Diagnostics;
using Village.Errors;
using Village.Platform;

namespace Village.Adapters.Processes;

/// <summary>Runs every external tool: argument list, deadline, both pipes read at once, nothing left behind.</summary>
/// <param name="environment">What tools inherit.</param>
/// <param name="trace">Told of every call under <c>-v</c>.</param>
internal sealed class ProcessRunner(IReadOnlyDictionary<string, string> environment, Action<string>? trace)
{
    // A variable of the caller's repository would send git to it from every workspace.
    private static readonly string[] Removed =
        ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_NAMESPACE"];

    private readonly Lock starting = new();

    /// <summary>
    /// Runs a tool to its end. A missing program is NotReady; a passed deadline is Transient; the exit code is the caller's. While
    /// it fails for a reason that passes by itself, a call that may be repeated is tried again, with back-off, for as long as it
    /// has patience.
    /// </summary>
    public Task<ToolResult> RunAsync(ToolCommand command, CancellationToken ct) =>
        BackOff.OutlastAsync(spent => OnceAsync(command, command.Deadline - spent, ct), result => result.Trouble is not null, Patience(command), ct);

    private async Task<ToolResult> OnceAsync(ToolCommand command, TimeSpan time, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        using var process = await StartAsync(command, ct);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(command.Interactive ? Timeout.InfiniteTimeSpan : time);
        try
        {
            var feed = command.Interactive ? Task.CompletedTask : FeedAsync(process, command.Input, deadline.Token);
            var stdout = command.Interactive ? Task.FromResult("") : process.StandardOutput.ReadToEndAsync(deadline.Token);
            var stderr = command.Interactive ? Task.FromResult("") : process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            await feed;
            var result = new ToolResult(command, process.ExitCode, await stdout, await stderr);
            trace?.Invoke($"$ {command.Program} {string.Join(' ', command.Words)}  ({watch.ElapsedMilliseconds} ms, exit {result.ExitCode})");
            return result;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            ct.ThrowIfCancellationRequested();
            throw new VillageException(
                ErrorKind.Transient,
                $"`{command.Program} {command.Words.FirstOrDefault()}` did not end within {command.Deadline.TotalSeconds:0} s",
                "look with `ps` what it waits for, then try again");
        }
    }

    private async Task<Process> StartAsync(ToolCommand command, CancellationToken ct)
    {
        Process? process = null;
        Win32Exception? problem = null;
        var error = await SpawnTrouble.OutlastAsync(
            () =>
            {
                try
                {
                    process = Start(command);
                    return 0;
                }
                catch (Win32Exception failure)
                {
                    problem = failure;
                    return failure.NativeErrorCode;
                }
            },
            Patience(command),
            ct);
        return process
            ?? throw (!Directory.Exists(command.Directory)
                ? new VillageException(ErrorKind.NotFound, $"the directory '{Printable.Line(command.Directory)}' does not exist", null, problem)
                : SpawnTrouble.Passes(error)
                    ? new VillageException(ErrorKind.Transient, $"{command.Program} cannot be started: {SpawnTrouble.Words(error)}", SpawnTrouble.Hint, problem)
                    : new VillageException(ErrorKind.NotReady, command.Missing ?? $"{command.Program} is not installed or not on PATH", command.InstallHint, problem));
    }

    private static TimeSpan Patience(ToolCommand command) => command.Patience < command.Deadline ? command.Patience : command.Deadline;

    private static async Task FeedAsync(Process process, string? input, CancellationToken ct)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), ct);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The tool did not want to read it all; its exit code tells the rest.
        }
    }

    private Process Start(ToolCommand command)
    {
        var start = new ProcessStartInfo(command.Program, command.Arguments)
        {
            WorkingDirectory = command.Directory,
            RedirectStandardInput = !command.Interactive,
            RedirectStandardOutput = !command.Interactive,
            RedirectStandardError = !command.Interactive,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment.Where(pair => !Removed.Contains(pair.Key)))
        {
            start.Environment[name] = value;
        }

        // Adapters parse what tools print, so tools must not translate it.
        start.Environment["LC_ALL"] = "C.UTF-8";
        foreach (var (name, value) in command.Variables)
        {
            start.Environment[name] = value;
        }

        lock (starting)
        {
            // .NET ignores SIGPIPE and its children would inherit that: hooks with pipes then behave oddly.
            _ = Libc.Signal(Libc.SigPipe, 0);
            try
            {
                return Process.Start(start)!;
            }
            finally
            {
                _ = Libc.Signal(Libc.SigPipe, 1);
            }
        }
    }
}
