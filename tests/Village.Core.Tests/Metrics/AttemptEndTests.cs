using System.Text;
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
        isEnd ? new AttemptEnd(Noon, "bd-1", IsCompleted: true, 3, "build", null, 1.5) : null,
        AttemptEnd.TryRead(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void What_the_program_writes_is_read_as_the_log_reads_it()
    {
        foreach (var to in TaskStates.All)
        {
            var e = new VillageEvent { Ts = Noon, Cmd = "worker", Task = "bd-1", From = TaskState.InProgress, To = to, Generation = 2, Agent = "a", Reason = "timeout", Seconds = 7.25, Message = "it said \u001b[31m \"failed\"" };
            var line = EventLine.Format(e).AsSpan()[..^1];

            Assert.Equal(
                to is TaskState.Completed or TaskState.Failed ? new AttemptEnd(Noon, "bd-1", to is TaskState.Completed, 2, "a", "timeout", 7.25) : null,
                AttemptEnd.TryRead(line));
        }
    }

    [Fact]
    public void Ends_add_up_and_those_of_an_older_claim_do_not_count()
    {
        var sums = new AttemptStatistics();
        var end = new AttemptEnd(Noon, "bd-1", IsCompleted: true, 2, "build", null, 60);

        Assert.NotNull(sums.Add(end));
        Assert.Null(sums.Add(end with { Generation = 1, IsCompleted = false }));
        Assert.NotNull(sums.Add(end with { Task = "bd-2", IsCompleted = false, Reason = "timeout", Seconds = null }));
        Assert.NotNull(sums.Add(end with { Task = "bd-3", IsCompleted = false, Reason = "a reason\nof somebody", Agent = "\u001b[31m", Ts = Noon.AddHours(1) }));

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
            sums.Add(new(Noon, "bd-1", IsCompleted: false, 0, $"agent-{i}", $"reason-{i}", 1));
        }

        Assert.Equal((101, 101), (sums.Finished.Count, sums.Failures.Count));
        Assert.Equal((900, 900), (sums.Finished[("other", false)], sums.Failures["other"]));
    }
}
