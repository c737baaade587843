using System.Net.Sockets;
using Village.Tests.Testing;

namespace Village.Tests.Metrics;

/// <summary>The original StatsD server understands what Village sends.</summary>
[Trait("scm", "none")]
public sealed class StatsdServerTests
{
    [Fact]
    public async Task A_real_server_has_the_gauges_the_counters_and_the_timers()
    {
        await using var village = MeteredVillage.Create(DateTimeOffset.UtcNow);
        var (port, console) = (MeteredVillage.FreePort(), MeteredVillage.FreePort());
        var config = Path.Combine(village.Sandbox, "statsd.js");
        File.WriteAllText(config, $"{{ port: {port}, address: '127.0.0.1', mgmt_port: {console}, mgmt_address: '127.0.0.1', flushInterval: 3600000, backends: [] }}\n");
        using var server = village.StartTool("node", Path.Combine(MeteredVillage.Tools, "node_modules", "statsd", "stats.js"), config);
        await TestVillage.EventuallyAsync(async () => await AskAsync(console, "health") is "health: up\n", "the server is up");

        (await village.RunAsync("metrics", "--backend", "statsd", "--port", $"{port}", "--interval", "2h", "--once")).Succeed();

        await TestVillage.EventuallyAsync(
            async () => (await AskAsync(console, "gauges"))?.Contains("'village.max_workers': 4", StringComparison.Ordinal) is true, "the gauges are there");
        await TestVillage.EventuallyAsync(
            async () => (await AskAsync(console, "counters"))?.Contains("'village.tasks_finished.docs.failed': 1", StringComparison.Ordinal) is true, "the counters are there");
        Assert.Matches(@"'village.task_duration.docs.failed': \[ 900000 \]", await AskAsync(console, "timers"));
        Assert.Contains("'village.agent_cost_usd.build': 0.25", await AskAsync(console, "counters"), StringComparison.Ordinal);
        Assert.Contains("'statsd.bad_lines_seen': 0", await AskAsync(console, "counters"), StringComparison.Ordinal);
        server.Kill();
    }

    // Answers end with a line END; that to health is one line.
    private static async Task<string?> AskAsync(int port, string question)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port);
            using var reader = new StreamReader(client.GetStream());
            await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(question + "\n"));
            var answer = "";
            while (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) is { } line and not "END")
            {
                answer += line + "\n";
                if (question is "health")
                {
                    break;
                }
            }

            return answer;
        }
        catch (SocketException)
        {
            // It does not listen yet.
            return null;
        }
    }
}
