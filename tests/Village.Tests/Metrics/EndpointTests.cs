using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Village.Tests.Testing;

namespace Village.Tests.Metrics;

/// <summary><c>village metrics --serve</c>, spoken to byte by byte.</summary>
[Trait("scm", "none")]
public sealed class EndpointTests
{
    [Fact]
    public async Task Whoever_asks_well_gets_the_metrics_and_nobody_waits_for_the_slow()
    {
        await using var village = MeteredVillage.Create(DateTimeOffset.UtcNow);
        var (process, url) = await village.ServeAsync();
        using var serving = process;

        // Forty who never end their request: more than are let in at once.
        List<TcpClient> slow = [];
        for (var i = 0; i < 40; i++)
        {
            slow.Add(await ConnectAsync(url));
            await slow[^1].GetStream().WriteAsync("GET /metrics HTTP/1.1\r\nHost: a\r\n"u8.ToArray());
        }

        var (head, body) = await AskAsync(url, "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n", head, StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n"), head, StringComparison.Ordinal);
        Assert.Contains("\nvillage_max_workers 4\n", body, StringComparison.Ordinal);
        Assert.Contains("\nvillage_tasks_finished_total{agent=\"build\",result=\"completed\"} 3\n", body, StringComparison.Ordinal);
        Assert.Contains("\nvillage_task_completion_rate_count 2\n", body, StringComparison.Ordinal);

        var (bare, nothing) = await AskAsync(url, "HEAD /metrics HTTP/1.0\r\n\r\n");
        Assert.Equal(("HTTP/1.1 200 OK", ""), (bare.Split('\r')[0], nothing));
        Assert.StartsWith("HTTP/1.1 404 ", (await AskAsync(url, "GET /other HTTP/1.1\r\nHost: a\r\n\r\n")).Head, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 405 ", (await AskAsync(url, "POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd")).Head, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431 ", (await AskAsync(url, $"GET /{new string('a', 8192)}")).Head, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 400 ", (await AskAsync(url, "hello\r\n\r\n")).Head, StringComparison.Ordinal);

        slow.ForEach(client => client.Dispose());
        village.Tool("kill", "-TERM", process.Id.ToString(CultureInfo.InvariantCulture));
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task What_happens_is_counted_and_what_cannot_be_read_is_said()
    {
        await using var village = MeteredVillage.Create(DateTimeOffset.UtcNow);
        var (process, url) = await village.ServeAsync();
        using var serving = process;
        Assert.Contains("village_average_task_duration_seconds_count 9\n", (await AskAsync(url, "GET /metrics HTTP/1.0\r\n\r\n")).Body, StringComparison.Ordinal);

        File.AppendAllText(village.Log(), MeteredVillage.End(DateTimeOffset.UtcNow, 10));
        await TestVillage.EventuallyAsync(
            async () => (await AskAsync(url, "GET /metrics HTTP/1.0\r\n\r\n")).Body.Contains("village_average_task_duration_seconds_count 10\n", StringComparison.Ordinal), "the tenth is counted");

        File.WriteAllText(Path.Combine(village.State, "tasks.jsonl"), "{\n");
        await TestVillage.EventuallyAsync(
            async () => (await AskAsync(url, "GET /metrics HTTP/1.0\r\n\r\n")) is var (head, body) && head.StartsWith("HTTP/1.1 503 ", StringComparison.Ordinal) && body.Contains("tasks.jsonl", StringComparison.Ordinal),
            "a broken task file is named");
        process.Kill();
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said_with_what_to_do()
    {
        await using var village = MeteredVillage.Create(DateTimeOffset.UtcNow);
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        (await village.RunAsync("metrics", "--serve", "--port", port)).ExitsWith(2).Transcript.Replace(port, "PORT", StringComparison.Ordinal).ShouldBe("""
            error: nothing can listen on port PORT of 127.0.0.1: Address already in use
            hint: take another port: village metrics --serve --port 9464
            [exit 2]
            """);
    }

    private static async Task<TcpClient> ConnectAsync(Uri url)
    {
        var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port);
        return client;
    }

    private static async Task<(string Head, string Body)> AskAsync(Uri url, string request)
    {
        using var client = await ConnectAsync(url);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        var answer = await new StreamReader(stream, Encoding.UTF8).ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return (answer[..(end + 2)], answer[(end + 4)..]);
    }
}
