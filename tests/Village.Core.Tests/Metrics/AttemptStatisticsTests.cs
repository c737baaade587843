using Village.Agents;
using Village.Events;
using Village.Metrics;
using Village.Tasks;
using static Village.Core.Tests.Events.EventSamples;

namespace Village.Core.Tests.Metrics;

public sealed class AttemptStatisticsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly VillageEvent End = new()
    {
        Ts = Noon,
        Cmd = "worker",
        Task = "bd-1",
        From = TaskState.InProgress,
        To = TaskState.Completed,
        Generation = 2,
        Agent = "build",
        Seconds = 60,
    };

    [Fact]
    public void Ends_add_up_and_those_of_an_older_claim_do_not_count()
    {
        var sums = Ledger(
            End,
            End with { Generation = 1, To = TaskState.Failed },
            End with { Task = "bd-2", To = TaskState.Failed, Reason = "timeout", Seconds = null },
            End with { Task = "b d", To = TaskState.Failed },
            End with { Task = "bd-3", To = TaskState.Failed, Reason = "a reason\nof somebody", Agent = "\u001b[31m" },
            End with { Task = "bd-4", To = TaskState.Queued },
            End with { Task = "bd-4", Cmd = "undo" }).Attempts;

        Assert.Equal(3, Ended(sums));
        Assert.Equal((1, 1, 1), (sums.Agents["build"].Completed.Count, sums.Agents["build"].Failed.Count, sums.Agents["other"].Failed.Count));
        Assert.Equal((1, 1), (sums.Failures["timeout"], sums.Failures["other"]));
        Assert.Equal((1, 0), (sums.Agents["build"].Completed.Durations.Count, sums.Agents["build"].Failed.Durations.Count));
        Assert.Equal(("build", "other", "other"), (sums.LabelOf("build"), sums.LabelOf("\u001b[31m"), sums.LabelOf(null)));
    }

    [Fact]
    public void What_an_interrupted_attempt_has_used_counts_and_it_is_no_end()
    {
        var sums = Ledger(
            End with { To = TaskState.Paused, Usage = new(10, 20, 30, 40, 0.5m) },
            End with { To = null, From = null, Signal = "idle", Usage = new(5, 5) },
            End with { Usage = new(1, 2) }).Attempts;

        Assert.Equal(new AgentUsage(11, 22, 30, 40, 0.5m), sums.Agents["build"].Used);
        Assert.Equal((1, 1), (Ended(sums), sums.Agents["build"].Completed.Durations.Count));
    }

    [Fact]
    public void An_hour_counts_once_when_it_is_over_even_if_a_clock_was_wrong()
    {
        var sums = Ledger(
            End,
            End with { To = TaskState.Failed, Ts = Noon.AddMinutes(59) },
            End with { Ts = Noon.AddYears(99) },
            End with { Ts = Noon.AddHours(1) }).Attempts;

        Assert.Equal((2, 1.5), Rates(Noon.AddHours(1)));
        Assert.Equal((3, 2.5), Rates(Noon.AddHours(2)));
        Assert.Equal((3, 2.5), Rates(Noon.AddHours(2)));
        Assert.Equal(0, new AttemptStatistics().CompletionRates(Noon).Count);
        (long, double) Rates(DateTimeOffset now) => (sums.CompletionRates(now).Count, sums.CompletionRates(now).Sum);
    }

    [Fact]
    public void Names_that_anybody_can_invent_do_not_grow_without_bound()
    {
        var sums = Ledger(Enumerable.Range(0, 1000).Select(i => End with { To = TaskState.Failed, Agent = $"agent-{i}", Reason = $"reason-{i}" })).Attempts;

        Assert.Equal((101, 101), (sums.Agents.Count, sums.Failures.Count));
        Assert.Equal((900, 900), (sums.Agents["other"].Failed.Count, sums.Failures["other"]));
    }

    private static long Ended(AttemptStatistics sums) => sums.Agents.Values.Sum(agent => agent.Completed.Count + agent.Failed.Count);
}
