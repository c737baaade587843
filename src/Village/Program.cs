using System.Collections;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Village;
using Village.Hosting;

// The only file that touches the process itself: streams, environment, signals, clock.
using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 16 * 1024);
using var error = new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false)) { AutoFlush = true };
using var cancel = new CancellationTokenSource();
var isWorker = args is ["worker", ..];

// A worker has its own signals; everywhere else Ctrl-C and TERM end the command between two steps.
using var interrupt = isWorker ? null : PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
using var terminate = isWorker ? null : PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);

var host = new Host
{
    Out = output,
    Error = error,
    In = Console.In,
    WorkingDirectory = Environment.CurrentDirectory,
    Environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(pair => (string)pair.Key, pair => (string?)pair.Value ?? "", StringComparer.Ordinal),
    Clock = TimeProvider.System,
    Executable = Environment.ProcessPath!,
    ProcessId = Environment.ProcessId,
    Version = Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
    Width = Console.IsOutputRedirected ? null : Console.WindowWidth,
    ErrorIsTerminal = !Console.IsErrorRedirected,
    InIsTerminal = !Console.IsInputRedirected,
};
return await VillageApp.RunAsync(args, host, cancel.Token);

void Cancel(PosixSignalContext context)
{
    context.Cancel = true;
    cancel.Cancel();
}
