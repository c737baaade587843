using System.Diagnostics;
using System.Globalization;
using Village.Adapters.Processes;
using Village.Adapters.Scm;
using Village.Configuration;
using Village.Events;
using Village.Hosting;
using Village.Leases;
using Village.Operations;
using Village.Platform;
using Village.Storage;
using Village.Tasks;

// What a claim and its release cost when many processes want one at the same time.
//   contention DIRECTORY PROCESSES SECONDS    prints both rates and their ratio
//   contention claim DIRECTORY SECONDS NAME   one of those processes; prints how many pairs it made
if (args is ["claim", var where, var time, var name])
{
    Console.WriteLine(Claim(where, Seconds(time), TaskId.Parse(name)));
    return;
}

var (directory, processes, duration) = (Path.GetFullPath(args[0]), int.Parse(args[1], CultureInfo.InvariantCulture), Seconds(args[2]));
Directory.CreateDirectory(Path.Combine(directory, ".village", "locks"));
var bare = Bare(Path.Combine(directory, "bare"), duration) / duration.TotalSeconds;
var started = Enumerable.Range(1, processes).Select(i => Process.Start(new ProcessStartInfo(
    Environment.ProcessPath!, ["claim", directory, args[2], string.Create(CultureInfo.InvariantCulture, $"t-{i}")])
{ RedirectStandardOutput = true, RedirectStandardInput = true })!).ToList();

// All of them are up before the first begins.
started.ForEach(process => process.StandardOutput.ReadLine());
started.ForEach(process => process.StandardInput.WriteLine());
var pairs = started.Sum(process => int.Parse(process.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture));
var rate = pairs / duration.TotalSeconds;
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bare {bare:0}/s  claim+release by {processes} processes {rate:0}/s  ratio {rate / bare:0.00}"));

static TimeSpan Seconds(string text) => TimeSpan.FromSeconds(double.Parse(text, CultureInfo.InvariantCulture));

static int Claim(string directory, TimeSpan duration, TaskId task)
{
    var host = new Host
    {
        Out = new StreamWriter(Stream.Null),
        Error = TextWriter.Null,
        In = StreamReader.Null,
        WorkingDirectory = directory,
        Environment = new Dictionary<string, string>(),
        Clock = TimeProvider.System,
        Executable = Environment.ProcessPath!,
        ProcessId = Environment.ProcessId,
        Version = "bench",
    };
    var village = new VillageContext(
        host, new Repository(directory, directory), Path.Combine(directory, ".village"), VillageConfig.Of([], [], host.Environment), new ProcessRunner(host.Environment, null));
    var request = new ClaimRequest("queue", task, "worker", [TaskState.Queued, TaskState.Claimed], int.MaxValue);
    using (Claims.TryClaim(village, request, session: null).Claim)
    {
        // Warm: code is compiled, the log is read.
    }

    Console.WriteLine();
    _ = Console.ReadLine();
    var pairs = 0;
    for (var watch = Stopwatch.StartNew(); watch.Elapsed < duration; pairs++)
    {
        using var claim = Claims.TryClaim(village, request, session: null).Claim!;
        Claims.GiveUp(village, claim, "queue", "start_failed", null, null);
    }

    return pairs;
}

// The same lock, the same bytes and the same syncs, with nothing decided: guard, event, lease; guard, event, unlink.
static int Bare(string directory, TimeSpan duration)
{
    Directory.CreateDirectory(directory);
    var (log, lease, temporary) = (Path.Combine(directory, "log"), Path.Combine(directory, "lease"), Path.Combine(directory, "temporary"));
    var e = EventLine.Format(new() { Ts = DateTimeOffset.UtcNow, Cmd = "queue", Task = "t-1", From = TaskState.Queued, To = TaskState.Claimed, Generation = 1, Attempt = 1, Agent = "worker", Actor = "unknown", Pid = 1, V = "bench" });
    var text = new byte[400];
    var pairs = 0;
    for (var watch = Stopwatch.StartNew(); watch.Elapsed < duration; pairs++)
    {
        using (Guard.Take(Path.Combine(directory, "guard"), TimeSpan.FromSeconds(10)))
        {
            Write(log, e, Libc.Append);
            Write(temporary, text, 0);
            _ = Libc.Rename(temporary, lease);
            Sync(directory);
        }

        using (Guard.Take(Path.Combine(directory, "guard"), TimeSpan.FromSeconds(10)))
        {
            Write(log, e, Libc.Append);
            _ = Libc.Unlink(lease);
            Sync(directory);
        }
    }

    return pairs;
}

static void Write(string path, ReadOnlySpan<byte> bytes, int flags)
{
    using var file = NativeFile.Open(path, Libc.WriteOnly | Libc.Create | flags);
    file.Write(bytes);
    file.Sync();
}

static void Sync(string directory)
{
    using var file = NativeFile.Open(directory, Libc.ReadOnly | Libc.Directory);
    file.Sync();
}
