using System.Text;
using Village.Agents;
using Village.Events;
using Village.Metrics;
using Village.Tasks;

namespace Village.Core.Tests.Metrics;

public sealed class AttemptEndTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 22, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("""{"ts":"2026-01-22T12:00:00.000Z","cmd":"worker","task":"bd-1","to":"completed","generation":3,"agent":"build","seconds":1.5}""", true)]
    [InlineData("""{"ts":"2026-01-22T13:00:00+01:00","cmd":"worker","task_id":"bd-1","to": "COMPLETED","generation":3,"agent":"build","seconds":1.5}  """, true)]
    [InlineData("""{"agent":"b\u0075ild","seconds":1.5,"generation":3,"to":"compl\u0065ted","task":"bd-1","cmd":"ci","ts":"2026-01-22T12:00:00"}""", true)]
    [InlineData("""{"ts":"2026-01-22T12:00:00.000Z","cmd":"undo","task":"bd-1","to":"completed","generation":3,"agent":"build","seconds":1.5}""", false)]
    [InlineData("""{"ts":"2026-01-22T12:00:00.000Z","cmd":"worker","task":"bd-1","from":"completed","to":"queued","generation":3}""", false)]
    [InlineData("""{"ts":"2026-01-22T12:00:00.000Z","cmd":"worker","task":"b d","to":"completed"}""", false)]
    [InlineData("""{"ts":"2026-01-22T12:00:00.000Z","cmd":"worker","to":"completed"}""", false)]
    [InlineData("""{"ts":"noon","cmd":"worker","task":"bd-1","to":"completed"}""", false)]
    [InlineData("""{"ts":"2026-01-22T12:00:00.000Z","task":"bd-1","to":"completed"}""", false)]
    [InlineData("""{"ts":"2026-01-22T12:00:00.000Z","cmd":"worker","task":"bd-1","to":"completed"} more""", false)]
    [InlineData("""{"ts":"2026-01-22T12:00:00.000Z","cmd":"worker","task":"bd-1","to":"comple""", false)]
    [InlineData("completed", false)]
    [InlineData("", false)]
    public void A_line_is_the_end_of_an_attempt_or_none(string line, bool isEnd) => Assert.Equal(
        isEnd ? new AttemptEnd(Noon, "bd-1", TaskState.Completed, 3, "build", null, 1.5, null) : null,
        AttemptEnd.TryRead(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void What_the_program_writes_is_read_as_the_log_reads_it()
    {
        foreach (var to in TaskStates.All)
        {
            var e = new VillageEvent { Ts = Noon, Cmd = "worker", Task = "bd-1", From = TaskState.InProgress, To = to, Generation = 2, Agent = "a", Reason = "timeout", Seconds = 7.25, Message = "it said \u001b[31m \"failed\"" };
            var line = EventLine.Format(e).AsSpan()[..^1];

            Assert.Equal(
                to is TaskState.Completed or TaskState.Failed ? new AttemptEnd(Noon, "bd-1", to, 2, "a", "timeout", 7.25, null) : null,
                AttemptEnd.TryRead(line));
        }
    }

    [Fact]
    public void What_an_interrupted_attempt_has_used_counts_and_it_is_no_end()
    {
        var e = new VillageEvent { Ts = Noon, Cmd = "worker", Task = "bd-1", From = TaskState.InProgress, To = TaskState.Paused, Agent = "a", Seconds = 7, Usage = new(10, 20, 30, 40, 0.5m) };
        var sums = new AttemptStatistics();

        foreach (var line in new[] { e, e with { Cmd = "undo" }, e with { To = null, From = null, Signal = "idle" }, e with { To = TaskState.Completed, Usage = new(1, 2) } })
        {
            if (AttemptEnd.TryRead(EventLine.Format(line).AsSpan()[..^1]) is { } read)
            {
                sums.Add(read);
            }
        }

        Assert.Equal(new AgentUsage(11, 22, 30, 40, 0.5m), sums.Used["a"]);
        Assert.Equal((1, 1), (sums.Finished.Values.Sum(), sums.Durations[("a", true)].Count));
    }

    [Fact]
    public void Ends_add_up_and_those_of_an_older_claim_do_not_count()
    {
        var sums = new AttemptStatistics();
        var end = new AttemptEnd(Noon, "bd-1", TaskState.Completed, 2, "build", null, 60, null);

        Assert.NotNull(sums.Add(end));
        Assert.Null(sums.Add(end with { Generation = 1, To = TaskState.Failed }));
        Assert.NotNull(sums.Add(end with { Task = "bd-2", To = TaskState.Failed, Reason = "timeout", Seconds = null }));
        Assert.NotNull(sums.Add(end with { Task = "bd-3", To = TaskState.Failed, Reason = "a reason\nof somebody", Agent = "\u001b[31m", Ts = Noon.AddHours(1) }));

        Assert.Equal(3, sums.Finished.Values.Sum());
        Assert.Equal((1, 1, 1), (sums.Finished[("build", true)], sums.Finished[("build", false)], sums.Finished[("other", false)]));
        Assert.Equal((1, 1), (sums.Failures["timeout"], sums.Failures["other"]));
        Assert.False(sums.Durations.ContainsKey(("build", false)));
        Assert.Equal((1, 0.5), Rates(Noon.AddHours(1)));
        Assert.Equal((2, 0.5), Rates(Noon.AddHours(2)));
        (long, double) Rates(DateTimeOffset now) => (sums.CompletionRates(now).Count, sums.CompletionRates(now).Sum);
    }

    [Fact]
    public void Names_that_anybody_can_invent_do_not_grow_without_bound()
    {
        var sums = new AttemptStatistics();
        for (var i = 0; i < 1000; i++)
        {
            sums.Add(new(Noon, "bd-1", TaskState.Failed, 0, $"agent-{i}", $"reason-{i}", 1, null));
        }

        Assert.Equal((101, 101), (sums.Finished.Count, sums.Failures.Count));
        Assert.Equal((900, 900), (sums.Finished[("other", false)], sums.Failures["other"]));
    }
}
