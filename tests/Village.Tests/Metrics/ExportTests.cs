using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Village.Tests.Testing;

namespace Village.Tests.Metrics;

/// <summary><c>village metrics</c> to the screen, into a file, to a command and to whoever listens for StatsD.</summary>
[Trait("scm", "none")]
public sealed class ExportTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 22, 12, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_names_of_the_roadmap_and_the_usual_ones_are_shown()
    {
        await using var village = MeteredVillage.Create(Now);

        var text = (await village.RunInProcessAsync(new ManualClock(Now), "metrics", "export")).Succeed().Out;
        var json = (await village.RunInProcessAsync(new ManualClock(Now), "metrics", "--once", "--json")).Succeed().Json();

        Assert.Equal(
            """
            village_active_workers 0
            village_max_workers 4
            village_waiting_workers 0
            village_queue_length 1
            village_blocked_tasks 0
            village_tasks{state="queued"} 1
            village_tasks{state="claimed"} 0
            village_tasks{state="in_progress"} 0
            village_tasks{state="paused"} 0
            village_tasks{state="completed"} 1
            village_tasks{state="failed"} 0
            village_tasks{state="closed"} 0
            village_stale_locks 0
            village_corrupt_locks 0
            village_orphans 0
            village_orphans_count 0
            village_tasks_finished_total{agent="build",result="failed"} 1
            village_tasks_finished_total{agent="build",result="completed"} 3
            village_tasks_finished_total{agent="docs",result="failed"} 2
            village_tasks_finished_total{agent="docs",result="completed"} 3
            village_task_failures_total{reason="timeout"} 3
            """,
            string.Join('\n', text.Split('\n').Where(line => !line.StartsWith('#')).Take(21)));
        Assert.Contains("village_average_task_duration_seconds_sum 4500\n", text, StringComparison.Ordinal);
        Assert.Contains("village_task_completion_rate_bucket{le=\"0.5\"} 1\nvillage_task_completion_rate_bucket{le=\"0.75\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("village_agent_tokens_total{agent=\"build\",kind=\"output\"} 400\n", text, StringComparison.Ordinal);
        Assert.Contains("village_last_event_timestamp_seconds 1769081400\n", text, StringComparison.Ordinal);
        Assert.Contains("village_build_info{version=\"test\"} 1\n", text, StringComparison.Ordinal);
        var average = json.GetProperty("metrics").EnumerateArray().Single(metric => Asking.Text(metric, "name") is "village_average_task_duration_seconds").GetProperty("samples")[0];
        Assert.Equal((9, 4500, 9), (average.GetProperty("count").GetInt32(), average.GetProperty("value").GetInt32(), average.GetProperty("buckets").EnumerateArray().Last().GetProperty("count").GetInt32()));
    }

    [Fact]
    public async Task A_file_is_replaced_as_a_whole_and_what_is_none_of_ours_stays()
    {
        await using var village = MeteredVillage.Create(Now);
        var file = Path.Combine(village.Sandbox, "village.prom");

        (await village.RunAsync("metrics", "--output", "../village.prom")).Succeed();
        var first = File.ReadAllText(file);
        File.AppendAllText(village.Log(), MeteredVillage.End(Now, 10));
        (await village.RunAsync("metrics", "--output", file)).Transcript.ShouldBe("metrics were written to $SANDBOX/village.prom");

        Assert.StartsWith("# HELP village_active_workers ", first, StringComparison.Ordinal);
        Assert.NotEqual(first, File.ReadAllText(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(file));
        Assert.Empty(Directory.EnumerateFiles(village.Sandbox, ".*"));
        File.CreateSymbolicLink(Path.Combine(village.Sandbox, "link"), "repo/README");
        foreach (var other in new[] { "../repo/README", "../link", "../home", "/dev/full" })
        {
            (await village.RunAsync("metrics", "--output", other)).ExitsWith(3);
        }

        Assert.Equal("hello\n", File.ReadAllText(Path.Combine(village.Root, "README")));
    }

    [Fact]
    public async Task A_command_is_given_the_JSON_and_its_failure_is_told()
    {
        await using var village = MeteredVillage.Create(Now);
        var sink = village.Agent("sink", "pwd > \"$HOME/where\"; cat > \"$HOME/got.json\"; [ \"$1\" = 'two words' ]");
        File.AppendAllText(Path.Combine(village.State, "config"), $"[metrics]\nbackend=custom\nlabels=repo=shop\ncommand={sink} 'two words'\n");

        (await village.RunAsync("metrics")).Transcript.ShouldBe("$SANDBOX/bin/sink was given 19 metrics");

        var given = JsonDocument.Parse(village.Note("got.json")!).RootElement;
        Assert.Equal(("metrics", "custom", 19), (Asking.Text(given, "command"), Asking.Text(given, "backend"), given.GetProperty("metrics").GetArrayLength()));
        Assert.All(given.GetProperty("metrics").EnumerateArray().SelectMany(metric => metric.GetProperty("samples").EnumerateArray()), sample => Assert.Equal("shop", Asking.Text(sample.GetProperty("labels"), "repo")));
        Assert.Equal(village.Root, village.Note("where")!.Trim());
        village.Agent("sink", "cat > /dev/null; echo no room >&2; exit 7");
        (await village.RunAsync("metrics")).Transcript.ShouldBe("""
            error: `$SANDBOX/bin/sink two words` failed with 7: no room
            [exit 1]
            """);
    }

    [Fact]
    public async Task StatsD_is_sent_what_is_true_and_each_attempt_that_has_just_ended()
    {
        await using var village = MeteredVillage.Create(Now);
        using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        File.AppendAllText(Path.Combine(village.State, "config"), $"[metrics]\nstatsd_port={((IPEndPoint)server.Client.LocalEndPoint!).Port}\nstatsd_prefix=shop.village\n");
        string[] once = ["metrics", "--backend", "statsd", "--once", "--interval", "2h"];

        (await village.RunInProcessAsync(new ManualClock(Now), once)).Succeed();
        var lines = await PacketAsync(server);
        Assert.Contains("shop.village.active_workers:0|g", lines);
        Assert.Contains("shop.village.tasks.completed:1|g", lines);
        Assert.Equal(
            ["shop.village.tasks_finished.build.completed:1|c", "shop.village.task_duration.build.completed:800000|ms",
                "shop.village.agent_tokens.build.input:1000|c", "shop.village.agent_tokens.build.output:100|c", "shop.village.agent_cost_usd.build:0.25|c",
                "shop.village.tasks_finished.docs.failed:1|c", "shop.village.task_duration.docs.failed:900000|ms"],
            lines.Where(line => !line.EndsWith("|g", StringComparison.Ordinal)));
        (await village.RunInProcessAsync(new ManualClock(Now.AddHours(2)), once)).Succeed();
        Assert.All(await PacketAsync(server), line => Assert.EndsWith("|g", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_goes_on_sends_each_attempt_once()
    {
        await using var village = MeteredVillage.Create(DateTimeOffset.UtcNow);
        using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        village.Environment["VILLAGE_METRICS_STATSD_PORT"] = $"{((IPEndPoint)server.Client.LocalEndPoint!).Port}";
        using var process = village.Start(village.Root, "metrics", "--backend", "statsd", "--interval", "1");
        List<string> ends = [];
        async Task TakeAsync() => ends.AddRange((await PacketAsync(server)).Where(line => line.Contains("finished", StringComparison.Ordinal)));

        await TakeAsync();
        Assert.Empty(ends);
        File.AppendAllText(village.Log(), MeteredVillage.End(DateTimeOffset.UtcNow, 10));
        while (ends is [])
        {
            await TakeAsync();
        }

        await TakeAsync();
        await TakeAsync();
        Assert.Equal(["village.tasks_finished.build.completed:1|c"], ends);
        process.Kill();
    }

    [Theory]
    [InlineData("--serve --once", "--serve goes on, and --once does not")]
    [InlineData("--backend statsd --output x.prom", "--output writes Prometheus' text, and the backend is statsd")]
    [InlineData("--interval 5", "--interval says how often to send or to write, and Prometheus asks by itself")]
    [InlineData("--interval 0", "--interval: '0' is not a whole number from 1 to 86400")]
    [InlineData("--interval soon", "--interval: 'soon' is not a whole number from 1 to 86400")]
    [InlineData("--backend graphite", "--backend: 'graphite' is not prometheus, statsd or custom")]
    [InlineData("--port 70000", "--port: '70000' is not a whole number from 0 to 65535")]
    [InlineData("--backend statsd --port 0", "--port: '0' is not a whole number from 1 to 65535")]
    public async Task What_makes_no_sense_is_a_usage_error(string options, string message)
    {
        await using var village = MeteredVillage.Create(Now);

        Assert.Equal($"error: {message}", (await village.RunInProcessAsync(new ManualClock(Now), ["metrics", .. options.Split(' ')])).ExitsWith(5).Error.Split('\n')[0]);
    }

    // A packet that never comes is a failure and not a test that never ends.
    private static async Task<string[]> PacketAsync(UdpClient server) =>
        Encoding.ASCII.GetString((await server.ReceiveAsync().WaitAsync(TimeSpan.FromSeconds(60))).Buffer).Split('\n');
}
