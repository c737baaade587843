using System.Collections;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Village;
using Village.Hosting;
using Village.Platform;

// The only file that touches the process itself: streams, environment, signals, clock.
var output = new StreamWriter(new StandardStream(1), new UTF8Encoding(false), 16 * 1024);
var error = new StreamWriter(new StandardStream(2), new UTF8Encoding(false)) { AutoFlush = true };
using var cancel = new CancellationTokenSource();
var isWorker = args is ["worker", ..];

// A worker has its own signals; everywhere else Ctrl-C and TERM end the command between two steps.
using var interrupt = isWorker ? null : PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
using var terminate = isWorker ? null : PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);

// A file that grew to the limit of this process is a full disk: a failed write, and not the end without a word.
_ = Libc.Signal(Libc.SigFileSize, 1);

var host = new Host
{
    Out = output,
    Error = error,
    In = new StreamReader(new StandardStream(0), new UTF8Encoding(false)),
    WorkingDirectory = Environment.CurrentDirectory,
    Environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(pair => (string)pair.Key, pair => (string?)pair.Value ?? "", StringComparer.Ordinal),
    Clock = TimeProvider.System,
    Executable = Environment.ProcessPath!,
    ProcessId = Environment.ProcessId,
    Version = Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
    Processors = Environment.ProcessorCount,
    Width = Console.IsOutputRedirected ? null : Libc.TerminalWidth(1),
    ErrorIsTerminal = !Console.IsErrorRedirected,
    InIsTerminal = !Console.IsInputRedirected,
};
try
{
    var exit = await VillageApp.RunAsync(args, host, cancel.Token);
    output.Flush();
    return exit;
}
catch (BrokenPipeException)
{
    return 128 + Libc.SigPipe;
}
catch (IOException failure)
{
    // The answer could not be written: a full disk behind a redirection.
    error.WriteLine($"error: {failure.Message}");
    return 1;
}

void Cancel(PosixSignalContext context)
{
    context.Cancel = true;
    cancel.Cancel();
}
