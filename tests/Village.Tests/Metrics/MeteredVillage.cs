using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Village.Events;
using Village.Tasks;
using Village.Tests.Testing;

namespace Village.Tests.Metrics;

/// <summary>A village with a past that metrics tell of, and programs beside it that read them.</summary>
internal static class MeteredVillage
{
    /// <summary>The tools that <c>scripts/install-tools metrics</c> gets.</summary>
    public static string Tools { get; } = Path.Combine(SourceRoot.Path, "artifacts", "tools", "metrics");

    /// <summary>Nine attempts that took 100 to 900 seconds, every third one failed; the last two of them an hour ago.</summary>
    public static TestVillage Create(DateTimeOffset now)
    {
        var village = TestVillage.Create("repo", "git");
        Directory.CreateDirectory(Path.Combine(village.State, "locks"));
        File.WriteAllText(Path.Combine(village.State, "config"), "[DEFAULT]\nMAX_WORKERS=4\n");
        File.WriteAllText(
            Path.Combine(village.State, "tasks.jsonl"),
            """
            {"id":"bd-1","title":"One","status":"open","priority":2,"issue_type":"task","created_at":"2026-01-22T10:41:12Z","updated_at":"2026-01-22T10:41:12Z"}
            {"id":"bd-new","title":"New","status":"open","priority":2,"issue_type":"task","created_at":"2026-01-22T10:41:12Z","updated_at":"2026-01-22T10:41:12Z"}

            """);
        File.WriteAllText(village.Log(), string.Concat(Enumerable.Range(1, 9).Select(i => End(now.AddHours(i > 7 ? -1 : -8), i))));
        return village;
    }

    /// <summary>The event log.</summary>
    public static string Log(this TestVillage village) => Path.Combine(village.State, "events.log");

    /// <summary>The line of an attempt that ended.</summary>
    public static string End(DateTimeOffset at, int i) => Encoding.UTF8.GetString(EventLine.Format(new()
    {
        Ts = at,
        Cmd = "worker",
        Task = $"bd-{i}",
        Result = i % 3 is 0 ? "error" : "ok",
        From = TaskState.InProgress,
        To = i % 3 is 0 ? TaskState.Failed : TaskState.Completed,
        Generation = 1,
        Attempt = 1,
        Agent = i % 2 is 0 ? "build" : "docs",
        Reason = i % 3 is 0 ? "timeout" : null,
        Seconds = i * 100,
        Usage = i % 2 is 0 ? new(1000, 100, 0, 0, 0.25m) : null,
    }));

    /// <summary>Starts <c>village metrics --serve</c> on a free port; returns where it is.</summary>
    public static async Task<(Process Process, Uri Url)> ServeAsync(this TestVillage village)
    {
        var process = village.Start(village.Root, "metrics", "--serve", "--port", "0");
        var line = await process.StandardError.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.StartsWith("metrics are at http://127.0.0.1:", line, StringComparison.Ordinal);
        return (process, new(line!.Split(' ')[3].TrimEnd(';')));
    }

    /// <summary>Starts another program in the sandbox, which ends with it.</summary>
    public static Process StartTool(this TestVillage village, string program, params string[] args)
    {
        var start = new ProcessStartInfo(program, args) { WorkingDirectory = village.Sandbox, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        foreach (var (name, value) in village.Environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>A port of this machine that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
