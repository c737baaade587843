using Village.Agents;
using Village.Configuration;
using Village.Core.Tests.Observation;
using Village.Core.Tests.Tasks;
using Village.Explaining;
using Village.Leases;
using Village.Observation;
using Village.Tasks;
using static Village.Core.Tests.Events.EventSamples;

namespace Village.Core.Tests.Explaining;

/// <summary>What needs a person.</summary>
public sealed class InboxTests
{
    [Fact]
    public void A_quiet_village_needs_nobody() => Assert.Empty(Rows(SnapshotSamples.With(TaskSamples.Task("bd-a"))));

    [Fact]
    public void What_is_oldest_comes_first_and_what_has_no_time_last()
    {
        var seen = SnapshotSamples.With(
            [TaskSamples.Task("bd-a"), TaskSamples.Task("bd-b"), TaskSamples.Task("bd-c")],
            [To("bd-a", TaskState.Failed, seconds: 20) with { Reason = "timeout" }, To("bd-b", TaskState.Paused, seconds: 10), To("bd-c", TaskState.Paused, seconds: 30) with { Reason = "interrupted" }])
            .Leased(SnapshotSamples.Lease("bd-x", LeaseStatus.Corrupt)).Holding("stray");

        Assert.Equal(
            [
                "paused bd-b village resume-task bd-b", "failed bd-a village logs bd-a, then village retry bd-a", "interrupted bd-c village resume bd-c",
                "orphan_workspace  village cleanup --plan", "corrupt_lock bd-x village unlock bd-x --force",
            ],
            Rows(seen));
    }

    [Theory]
    [InlineData("waiting", true)]
    [InlineData("blocked", true)]
    [InlineData("idle", false)]
    [InlineData("working", false)]
    public void An_agent_that_asks_is_in_it(string signal, bool isThere)
    {
        var seen = SnapshotSamples.With([TaskSamples.Task("bd-a")], [To("bd-a", TaskState.InProgress), Signal("bd-a", signal)]).Leased(SnapshotSamples.Lease("bd-a", LeaseStatus.Active));

        Assert.Equal(isThere ? [$"{signal} bd-a village attach bd-a"] : [], Rows(seen));
    }

    [Fact]
    public void A_failure_that_is_tried_again_by_itself_is_not() =>
        Assert.Empty(Rows(SnapshotSamples.With([TaskSamples.Task("bd-a")], [To("bd-a", TaskState.Failed)]), "RETRIES=1"));

    [Fact]
    public void A_limit_in_force_and_a_spent_budget_are()
    {
        var now = TaskSamples.Now;
        var seen = SnapshotSamples.With([TaskSamples.Task("bd-a")], [To("bd-a", TaskState.Completed) with { Agent = "dear", Usage = AgentUsage.None with { Usd = 2 } }]) with
        {
            Limits = new Dictionary<string, ProviderLimit> { ["one"] = new("one", now.AddHours(1), "", "bd-a", "dear"), ["two"] = new("two", now.AddHours(-1), "", "bd-a", "dear") },
        };

        Assert.Equal(["budget_spent  village usage --by agent", "provider_limit bd-a village queue --drain --agent NAME, for agents of others"], Rows(seen, "[agent.dear]\ncommand=x\nbudget_usd=1"));
    }

    [Fact]
    public void A_worker_that_is_gone_is()
    {
        var seen = SnapshotSamples.With([TaskSamples.Task("bd-a")], [To("bd-a", TaskState.InProgress)]).Leased(SnapshotSamples.Lease("bd-a", LeaseStatus.Stale));

        Assert.Equal(["stale_lock bd-a village resume bd-a"], Rows(seen));
    }

    private static IReadOnlyList<string> Rows(Snapshot seen, string config = "") =>
        [.. Inbox.Of(seen, VillageConfig.Of([], IniFile.Parse($"[DEFAULT]\n{config}\n", "config", out _), new Dictionary<string, string>())).Rows.Select(row => $"{row.Kind} {row.Task} {row.Next}")];
}
