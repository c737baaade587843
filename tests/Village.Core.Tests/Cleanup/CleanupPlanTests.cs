using Village.Cleanup;
using Village.Core.Tests.Observation;
using Village.Core.Tests.Tasks;
using Village.Leases;
using Village.Tasks;
using static Village.Core.Tests.Events.EventSamples;
using static Village.Core.Tests.Observation.SnapshotSamples;

namespace Village.Core.Tests.Cleanup;

public sealed class CleanupPlanTests
{
    [Fact]
    public void In_a_tidy_village_there_is_nothing_to_do()
    {
        var plan = CleanupPlan.For(With(TaskSamples.Task("bd-a")), includeWorktrees: true);

        Assert.Equal(("cleanup", 1, 0, 0), (plan.Command, plan.Version, plan.Remove.Count, plan.Keep.Count));
    }

    [Fact]
    public void Only_dead_leases_go()
    {
        var seen = With().Leased([.. from status in Enum.GetValues<LeaseStatus>() select Lease($"bd-{status}", status)]);

        Assert.Equal(
            [new("lock", "bd-Stale", "its worker is gone"), new("lock", "bd-Corrupt", "corrupt: has no 'id'")],
            CleanupPlan.For(seen, includeWorktrees: true).Remove);
    }

    [Theory]
    [InlineData(TaskState.Completed, null)]
    [InlineData(TaskState.Failed, "its task failed; `village retry bd-a` goes on there")]
    [InlineData(TaskState.Paused, "its task is paused; `village resume bd-a` goes on there")]
    [InlineData(TaskState.InProgress, "its task is not completed; `village resume bd-a` goes on there")]
    [InlineData(TaskState.Claimed, "its task is not completed; `village resume bd-a` goes on there")]
    [InlineData(TaskState.Queued, "its task is not completed; `village resume bd-a` goes on there")]
    public void A_workspace_goes_only_when_its_task_is_completed(TaskState state, string? kept)
    {
        var plan = CleanupPlan.For(With([TaskSamples.Task("bd-a")], [To("bd-a", state)]).Holding("bd-a"), includeWorktrees: true);

        Assert.Equal(kept is null ? [new("worktree", "bd-a", "its task is completed")] : [], plan.Remove);
        Assert.Equal(kept is null ? [] : [new("worktree", "bd-a", kept)], plan.Keep);
    }

    [Theory]
    [InlineData(LeaseStatus.Active, false)]
    [InlineData(LeaseStatus.Unknown, false)]
    [InlineData(LeaseStatus.Stale, true)]
    [InlineData(LeaseStatus.Ended, true)]
    [InlineData(LeaseStatus.Parked, true)]
    public void A_workspace_with_a_worker_in_it_stays_whatever_the_log_says(LeaseStatus status, bool goes)
    {
        var seen = With([], [To("bd-a", TaskState.Completed)]).Leased(Lease("bd-a", status)).Holding("BD-A");

        var plan = CleanupPlan.For(seen, includeWorktrees: true);

        Assert.Equal(goes ? "worktree BD-A its task is completed" : "", Worktrees(plan.Remove));
        Assert.Equal(goes ? "" : "worktree BD-A a worker is in it", Worktrees(plan.Keep));
    }

    [Fact]
    public void What_is_named_after_no_task_stays() => Assert.Equal(
        [new("worktree", "my files", "it is named after no task"), new("worktree", "bd-new", "its task is not completed; `village resume bd-new` goes on there")],
        CleanupPlan.For(With().Holding("my files", "bd-new"), includeWorktrees: true).Keep);

    [Fact]
    public void Workspaces_are_looked_at_only_when_asked_for()
    {
        var plan = CleanupPlan.For(
            With([], [To("bd-a", TaskState.Completed)]).Holding("bd-a", "bd-b").Leased(Lease("bd-c", LeaseStatus.Stale)), includeWorktrees: false);

        Assert.Equal(["bd-c"], plan.Remove.Select(item => item.Name));
        Assert.Empty(plan.Keep);
    }

    [Fact]
    public void Locks_come_before_workspaces_and_each_in_its_order()
    {
        var seen = With([], [To("bd-a", TaskState.Completed), To("bd-b", TaskState.Completed)])
            .Leased(Lease("bd-a", LeaseStatus.Stale), Lease("bd-b", LeaseStatus.Corrupt)).Holding("bd-a", "bd-b");

        Assert.Equal(
            ["lock bd-a", "lock bd-b", "worktree bd-a", "worktree bd-b"],
            CleanupPlan.For(seen, includeWorktrees: true).Remove.Select(item => $"{item.Kind} {item.Name}"));
    }

    private static string Worktrees(IReadOnlyList<CleanupItem> items) =>
        string.Join('\n', items.Where(item => item.Kind is "worktree").Select(item => $"{item.Kind} {item.Name} {item.Reason}"));
}
