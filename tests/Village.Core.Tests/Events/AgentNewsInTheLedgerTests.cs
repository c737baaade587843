using Village.Events;
using Village.Reports;
using Village.Tasks;
using static Village.Core.Tests.Events.EventSamples;

namespace Village.Core.Tests.Events;

/// <summary>What the log says of agents: what they do, their conversations, what they cost.</summary>
public sealed class AgentNewsInTheLedgerTests
{
    private static readonly TaskId Task = TaskId.Parse("bd-a");

    [Theory]
    [InlineData("waiting", "idle", "waiting")]
    [InlineData("done", "idle", "done")]
    [InlineData("working", "idle", "idle")]
    [InlineData("waiting", "working", "working")]
    public void That_a_turn_is_over_does_not_take_back_what_the_agent_said_itself(string said, string told, string known)
    {
        var entry = Ledger(To("bd-a", TaskState.InProgress), Signal("bd-a", said), Signal("bd-a", told) with { Source = "opencode" }).Of(Task);

        Assert.Equal((said, known), (entry.LastSignal?.Signal, entry.LastNews?.Signal));
    }

    [Fact]
    public void A_conversation_outlives_its_attempt_and_what_the_agent_did_does_not()
    {
        var entry = Ledger(
            To("bd-a", TaskState.InProgress), Signal("bd-a", "working") with { Source = "opencode", Session = "ses_1", Agent = "build" }, To("bd-a", TaskState.Claimed)).Of(Task);

        Assert.Equal(new("build", "ses_1"), entry.Conversation);
        Assert.Null(entry.LastNews);
    }

    [Fact]
    public void A_conversation_that_only_the_end_of_an_attempt_tells_of_is_known_too()
    {
        var entry = Ledger(To("bd-a", TaskState.InProgress), To("bd-a", TaskState.Paused) with { Session = "s1", Agent = "build" }, To("bd-a", TaskState.Claimed) with { Agent = "build" }).Of(Task);

        Assert.Equal(new("build", "s1"), entry.Conversation);
    }

    [Fact]
    public void A_providers_limit_is_no_failure_that_counts()
    {
        var limited = Ledger(To("bd-a", TaskState.Failed) with { Reason = FailureReason.UsageLimit }).Of(Task);

        Assert.Equal((0, true), (limited.FailuresInARow, limited.WasLimited));
        Assert.False(Ledger(To("bd-a", TaskState.Failed)).Of(Task).WasLimited);
    }

    [Fact]
    public void Ends_of_attempts_add_up_and_what_was_told_on_the_way_does_not()
    {
        VillageEvent[] events =
        [
            To("bd-a", TaskState.Failed) with { Agent = "build", Usage = new(10, 2, 3, 4, 0.5m) },
            Signal("bd-a", "idle") with { Agent = "build", Usage = new(10, 2, 3, 4, 0.5m) },
            To("bd-b", TaskState.Completed, seconds: 86400) with { Agent = "Build", Usage = new(1, 1, Usd: 0.25m) },
            To("bd-b", TaskState.Completed) with { Agent = "other", Usage = new(5, 5) },
        ];

        Assert.Equal(0.75m, Ledger(events).Spent["BUILD"]);
        Assert.False(Ledger(events).Spent.ContainsKey("other"));
        Assert.Equal(["Build 1 1 0.25", "build 1 10 0.5", "other 1 5 "], UsageReport.For(events, "agent").Rows.Select(Text));
        Assert.Equal(["bd-a 1 10 0.5", "bd-b 2 6 0.25"], UsageReport.For(events, "task").Rows.Select(Text));
        Assert.Equal(["2026-11-22 2 15 0.5", "2026-11-23 1 1 0.25"], UsageReport.For(events, "day").Rows.Select(Text));
        Assert.Equal("total 3 16 0.75", Text(UsageReport.For(events, "task").Total));
    }

    [Fact]
    public void All_of_it_comes_back_from_a_line_and_from_a_checkpoint()
    {
        var told = Signal("bd-a", "working", 1) with
        {
            Source = "claude",
            Session = "s\t1",
            Model = "m",
            Provider = "p",
            Until = Tasks.TaskSamples.Now,
            Agent = "build",
            Usage = new(1, 2, 3, 4, 0.123456m),
        };
        var end = To("bd-a", TaskState.InProgress, 1) with { Agent = "build", Usage = new(1, 1, Usd: 2m) };
        var ledger = Ledger(end, end with { Agent = "no\tagent" }, told);

        Assert.Equal(told, EventLine.TryRead(EventLine.Format(told).AsSpan()[..^1]));
        var again = Checkpoint.TryParse(new Checkpoint(ledger, 1, 2, 3).Format())!.Ledger;
        Assert.Equal((new Conversation("build", "s 1"), told), (again.Of(Task).Conversation, again.Of(Task).LastNews));
        Assert.Equal([new("build", 2m)], again.Spent);
    }

    private static string Text(UsageRow row) => $"{row.Name} {row.Attempts} {row.InputTokens} {row.CostUsd}";
}
