using Village.Configuration;
using Village.Core.Tests.Observation;
using Village.Core.Tests.Tasks;
using Village.Events;
using Village.Explaining;
using Village.Leases;
using Village.Observation;
using Village.Reports;
using Village.Tasks;
using static Village.Core.Tests.Events.EventSamples;

namespace Village.Core.Tests.Explaining;

/// <summary>Why a task stands as it stands.</summary>
public sealed class ExplainTests
{
    [Fact]
    public void A_task_that_may_start_has_nothing_against_it() =>
        Assert.Equal(("", true), Short(Why(SnapshotSamples.With(TaskSamples.Task("bd-a")), "bd-a")));

    [Fact]
    public void Every_rule_that_objects_is_told_with_what_to_type()
    {
        var seen = SnapshotSamples.With([TaskSamples.Task("bd-a", "blocks:bd-b"), TaskSamples.Task("bd-b"), TaskSamples.Task("bd-c"), TaskSamples.Task("bd-d")], [Failed("bd-a")])
            .Leased(SnapshotSamples.Lease("bd-c", LeaseStatus.Active), SnapshotSamples.Lease("bd-d", LeaseStatus.Active));

        var why = Why(seen, "bd-a");

        Assert.Equal(("failed dependencies concurrency_limit", false), Short(why));
        Assert.Equal(["village retry bd-a", "village why bd-b", "village status"], why.Objections.Select(row => row.Next));
    }

    [Fact]
    public void What_it_waits_for_leads_down_to_the_root()
    {
        var why = Why(
            SnapshotSamples.With(
                [TaskSamples.Task("bd-a", "blocks:bd-b"), TaskSamples.Task("bd-b", "blocks:bd-c", "blocks:bd-d"), TaskSamples.Task("bd-c"), TaskSamples.Task("bd-d")],
                [Failed("bd-c")]),
            "bd-a");

        Assert.Equal(
            ["bd-b dependencies village why bd-c", "bd-c failed village retry bd-c", "bd-d  village queue 1"],
            why.WaitsFor.Select(row => $"{row.Task} {row.Reason} {row.Next}"));
        Assert.Equal(["bd-a"], Why(SnapshotSamples.With(TaskSamples.Task("bd-a", "blocks:bd-b"), TaskSamples.Task("bd-b")), "bd-b").WaitedForBy);
    }

    [Fact]
    public void Tasks_that_wait_for_each_other_are_told_of_once()
    {
        var why = Why(SnapshotSamples.With(TaskSamples.Task("bd-a", "blocks:bd-b"), TaskSamples.Task("bd-b", "blocks:bd-a")), "bd-a");

        Assert.Equal(["bd-b"], why.WaitsFor.Select(row => row.Task));
    }

    [Fact]
    public void A_closed_task_and_one_that_is_gone_say_so()
    {
        Assert.Equal(("task_closed", false), Short(Why(SnapshotSamples.With(TaskSamples.Task("bd-a") with { Status = "closed" }), "bd-a")));
        Assert.Equal(("task_gone", false), Short(Why(SnapshotSamples.With([], [Failed("bd-a")]), "bd-a")));
    }

    [Fact]
    public void Its_attempts_are_told_with_their_ends()
    {
        VillageEvent[] events =
        [
            To("bd-a", TaskState.Claimed, 1, 1), To("bd-a", TaskState.InProgress, 1, 1, 1),
            To("bd-a", TaskState.Failed, 1, 1, 60) with { Reason = "agent_exit", Message = "exit code 3" },
            To("bd-a", TaskState.Queued, 1), To("bd-a", TaskState.InProgress, 2, 2, 100) with { Agent = "build" },
        ];

        var why = Why(SnapshotSamples.With([TaskSamples.Task("bd-a")], events), "bd-a", events);

        Assert.Equal(["1 failed agent_exit exit code 3 60", "2 in_progress    build"], why.Attempts.Select(row =>
            $"{row.Attempt} {row.State} {row.Reason} {row.Message} {(row.Ended is { } end ? (end - row.Started!.Value).TotalSeconds : null)}{(row.Agent is { } agent ? $" {agent}" : "")}"));
    }

    private static VillageEvent Failed(string task) => To(task, TaskState.Failed, 1, 1) with { Reason = "checks_failed" };

    private static (string Reasons, bool CanStart) Short(WhyReport why) => (string.Join(' ', why.Objections.Select(row => row.Reason)), why.CanStart);

    private static WhyReport Why(Snapshot seen, string task, params VillageEvent[] history) =>
        new Explain(seen, VillageConfig.Of([], IniFile.Parse("[DEFAULT]\nMAX_WORKERS=2\n", "config", out _), new Dictionary<string, string>())).Of(TaskSamples.Id(task), history);
}
