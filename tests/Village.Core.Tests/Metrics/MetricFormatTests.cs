using System.Text;
using Village.Metrics;
using Village.Tasks;

namespace Village.Core.Tests.Metrics;

public sealed class MetricFormatTests
{
    private static readonly Histogram Times = Observed(30, 60, 61, 1e6);

    private static readonly IReadOnlyList<Metric> Metrics =
    [
        new("village_workers", MetricType.Gauge, "Back\\slash and\nline.", [new([], 2)]),
        new("village_ends_total", MetricType.Counter, "Ends.", [new([new("agent", "a\"b\\c\nd"), new("result", "failed")], 12)]),
        new("village_seconds", MetricType.Histogram, "Times.", [new([new("agent", "x")], Times.Sum, Times)]),
    ];

    [Fact]
    public void Prometheus_text_escapes_what_must_be_and_has_buckets_that_never_fall() => Assert.Equal(
        """
        # HELP village_workers Back\\slash and\nline.
        # TYPE village_workers gauge
        village_workers 2
        # HELP village_ends_total Ends.
        # TYPE village_ends_total counter
        village_ends_total{agent="a\"b\\c\nd",result="failed"} 12
        # HELP village_seconds Times.
        # TYPE village_seconds histogram
        village_seconds_bucket{agent="x",le="60"} 2
        village_seconds_bucket{agent="x",le="300"} 3
        village_seconds_bucket{agent="x",le="900"} 3
        village_seconds_bucket{agent="x",le="1800"} 3
        village_seconds_bucket{agent="x",le="3600"} 3
        village_seconds_bucket{agent="x",le="7200"} 3
        village_seconds_bucket{agent="x",le="14400"} 3
        village_seconds_bucket{agent="x",le="+Inf"} 4
        village_seconds_sum{agent="x"} 1000151
        village_seconds_count{agent="x"} 4

        """,
        PrometheusText.Format(Metrics));

    [Fact]
    public void StatsD_gets_gauges_and_each_end_as_a_counter_and_a_timer()
    {
        var ends = new AttemptEnd[] { new(TaskState.Completed, "my.agent", null, 1.2345, null, default), new(TaskState.Failed, null, "timeout", null, new(48210, 0, 7, 0, 0.0125m), default) };

        Assert.Equal(
            ["v.a.workers:2|g", "v.a.tasks_finished.my_agent.completed:1|c", "v.a.task_duration.my_agent.completed:1234|ms", "v.a.tasks_finished.other.failed:1|c",
                "v.a.agent_tokens.other.input:48210|c", "v.a.agent_tokens.other.cache_read:7|c", "v.a.agent_cost_usd.other:0.0125|c"],
            StatsdLines.Of(Metrics, ends, "v.a"));
        Assert.Equal(["v.x.a_b_c_d:1|g"], StatsdLines.Of([new("x", MetricType.Gauge, "", [new([new("l", "a:b|c@d")], 1)])], [], "v"));
    }

    [Fact]
    public void Packets_hold_whole_lines_and_as_many_as_fit()
    {
        string[] lines = [.. Enumerable.Range(0, 200).Select(i => $"village.some.name.{i}:{i}|g"), new string('x', 2000), "a:1|c"];

        var packets = StatsdLines.Packets(lines).Select(Encoding.ASCII.GetString).ToList();

        Assert.Equal(lines, packets.SelectMany(packet => packet.Split('\n')));
        Assert.All(packets, packet => Assert.True(packet.Length <= 1432 || packet == lines[200]));
        Assert.All(packets.Zip(packets.Skip(1)), pair => Assert.True(pair.First.Length + 1 + pair.Second.Split('\n')[0].Length > 1432));
        Assert.Empty(StatsdLines.Packets([]));
    }

    [Theory]
    [InlineData("repo=shop team=\"the web\"", "repo=shop team=the web")]
    [InlineData("", "")]
    [InlineData("repo", null)]
    [InlineData("9a=b", null)]
    [InlineData("__a=b", null)]
    [InlineData("a=b a=c", null)]
    [InlineData("agent=x", null)]
    [InlineData("=x", null)]
    [InlineData("a='b", null)]
    public void Labels_of_the_user_are_names_with_values(string text, string? labels) =>
        Assert.Equal(labels, MetricLabels.TryParse(text) is { } found ? string.Join(' ', found.Select(label => $"{label.Name}={label.Value}")) : null);

    [Fact]
    public void Labels_of_the_user_are_on_every_sample() =>
        Assert.All(Metrics.WithLabels([new("repo", "shop")]).SelectMany(metric => metric.Samples), sample => Assert.Equal(new("repo", "shop"), sample.Labels[0]));

    [Theory]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: a", 200, true)]
    [InlineData("GET /metrics HTTP/1.0", 200, true)]
    [InlineData("HEAD /metrics?x=1 HTTP/1.1\r\nhost:a", 200, false)]
    [InlineData("GET http://127.0.0.1:9090/metrics HTTP/1.1\nHost: a", 200, true)]
    [InlineData("GET http://127.0.0.1 HTTP/1.1\nHost: a", 404, true)]
    [InlineData("HEAD / HTTP/1.1\r\nHost: a", 404, false)]
    [InlineData("GET /metrics/ HTTP/1.1\r\nHost: a", 404, true)]
    [InlineData("POST /metrics HTTP/1.1\r\nHost: a", 405, true)]
    [InlineData("GET /metrics HTTP/1.1\r\nAccept: a", 400, true)]
    [InlineData("GET  /metrics HTTP/1.1\r\nHost: a", 400, true)]
    [InlineData("GET /metrics", 400, true)]
    [InlineData("\u0016\u0003\u0001", 400, true)]
    [InlineData("", 400, true)]
    [InlineData("PRI * HTTP/2.0", 505, true)]
    public void A_request_gets_the_status_that_it_deserves(string head, int status, bool hasBody)
    {
        var answer = ScrapeAnswer.To(Encoding.Latin1.GetBytes(head));

        Assert.Equal((status, hasBody, status is 200), (answer.Status, answer.HasBody, answer.Body is null));
        Assert.Equal(status is 405, Encoding.Latin1.GetString(answer.Head(7)).Contains("\r\nAllow: GET, HEAD\r\n", StringComparison.Ordinal));
    }

    [Fact]
    public void The_head_of_an_answer_says_what_follows() => Assert.Equal(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: 7\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n",
        Encoding.Latin1.GetString(new ScrapeAnswer(200, HasBody: true, null).Head(7)));

    private static Histogram Observed(params double[] values)
    {
        var histogram = new Histogram(Histogram.Durations);
        foreach (var value in values)
        {
            histogram.Observe(value);
        }

        return histogram;
    }
}
