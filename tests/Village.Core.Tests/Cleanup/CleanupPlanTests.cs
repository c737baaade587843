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
        var plan = CleanupPlan.For(With(TaskSamples.Task("bd-a")), Waste.None, includeWorktrees: true);

        Assert.Equal(("cleanup", 1, 0, 0), (plan.Command, plan.Version, plan.Remove.Count, plan.Keep.Count));
    }

    [Fact]
    public void Only_dead_leases_go()
    {
        var seen = With().Leased([.. from status in Enum.GetValues<LeaseStatus>() select Lease($"bd-{status}", status)]);

        Assert.Equal(
            [new("lock", "bd-Stale", "its worker is gone"), new("lock", "bd-Corrupt", "corrupt: has no 'id'")],
            CleanupPlan.For(seen, Waste.None, includeWorktrees: true).Remove);
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
        var plan = CleanupPlan.For(With([TaskSamples.Task("bd-a")], [To("bd-a", state)]).Holding("bd-a"), Waste.None, includeWorktrees: true);

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

        var plan = CleanupPlan.For(seen, Waste.None, includeWorktrees: true);

        Assert.Equal(goes ? "worktree BD-A its task is completed" : "", Worktrees(plan.Remove));
        Assert.Equal(goes ? "" : "worktree BD-A a worker is in it", Worktrees(plan.Keep));
    }

    [Fact]
    public void What_is_named_after_no_task_stays() => Assert.Equal(
        [new("worktree", "my files", "it is named after no task"), new("worktree", "bd-new", "its task is not completed; `village resume bd-new` goes on there")],
        CleanupPlan.For(With().Holding("my files", "bd-new"), Waste.None, includeWorktrees: true).Keep);

    [Fact]
    public void Workspaces_are_looked_at_only_when_asked_for()
    {
        var plan = CleanupPlan.For(
            With([], [To("bd-a", TaskState.Completed)]).Holding("bd-a", "bd-b").Leased(Lease("bd-c", LeaseStatus.Stale)), Waste.None, includeWorktrees: false);

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
            CleanupPlan.For(seen, Waste.None, includeWorktrees: true).Remove.Select(item => $"{item.Kind} {item.Name}"));
    }

    [Theory]
    [InlineData("closed", true, null, "branch village/bd-a its task is over, and main contains its work", "")]
    [InlineData("unknown", true, null, "branch village/bd-a its task is over, and main contains its work", "")]
    [InlineData("closed", false, null, "", "branch village/bd-a main does not contain its work; `git merge village/bd-a`, or `git branch -D village/bd-a` if nobody wants it")]
    [InlineData("open", true, null, "", "branch village/bd-a its task is open; `village resume bd-a` goes on there")]
    [InlineData("closed", true, "/else", "", "branch village/bd-a it is checked out in '/else'")]
    public void A_branch_goes_only_when_its_task_is_over_and_its_work_is_in_the_base(string task, bool isContained, string? place, string goes, string stays)
    {
        var spec = TaskSamples.Task("bd-a");
        var seen = task is "unknown" ? With() : With(task is "closed" ? spec with { Status = "closed" } : spec);

        var plan = CleanupPlan.For(seen, Branch(isContained, place), includeWorktrees: true);

        Assert.Equal((goes, stays), (All(plan.Remove), All(plan.Keep)));
    }

    [Theory]
    [InlineData(LeaseStatus.Active)]
    [InlineData(LeaseStatus.Ended)]
    [InlineData(LeaseStatus.Stale)]
    public void A_branch_with_a_lease_is_in_use(LeaseStatus status) =>
        Assert.DoesNotContain("branch", All(CleanupPlan.For(With().Leased(Lease("bd-a", status)), Branch(isContained: true, null), includeWorktrees: true).Remove), StringComparison.Ordinal);

    [Fact]
    public void A_branch_goes_with_its_workspace_or_stays_with_it()
    {
        var done = With([], [To("bd-a", TaskState.Completed)]).Holding("bd-a");
        var failed = With([], [To("bd-a", TaskState.Failed)]).Holding("bd-a");

        Assert.Equal(["worktree", "branch"], CleanupPlan.For(done, Branch(isContained: true, null), includeWorktrees: true).Remove.Select(item => item.Kind));
        Assert.Empty(CleanupPlan.For(failed, Branch(isContained: true, null), includeWorktrees: true).Remove);
    }

    [Fact]
    public void Processes_of_a_dead_lease_go_with_it_and_others_by_themselves()
    {
        var stale = Lease("bd-a", LeaseStatus.Stale);
        var waste = new Waste { Processes = [new(5, stale.Lease!.Nonce!, "bd-a"), new(7, "gone", "bd-b"), new(8, "gone", "bd-b")] };

        var plan = CleanupPlan.For(With().Leased(stale), waste, includeWorktrees: false);

        Assert.Equal("lock bd-a its worker is gone\nprocesses bd-b an ended worker left them: 7, 8", All(plan.Remove));
    }

    [Fact]
    public void A_pane_that_somebody_uses_again_stays()
    {
        var plan = CleanupPlan.For(With(), new() { Panes = [new("%1", null), new("%2", 42)] }, includeWorktrees: false);

        Assert.Equal("pane %1 its worker is gone", All(plan.Remove));
        Assert.Equal("pane %2 its worker is gone, and process 42 runs in it that is no worker; it goes when that has ended", All(plan.Keep));
    }

    private static Waste Branch(bool isContained, string? place) => new() { Base = "main", Branches = [new("village/bd-a", "bd-a", "3f2a", isContained, place)] };

    private static string All(IEnumerable<CleanupItem> items) => string.Join('\n', items.Select(item => $"{item.Kind} {item.Name} {item.Reason}"));

    private static string Worktrees(IReadOnlyList<CleanupItem> items) =>
        string.Join('\n', items.Where(item => item.Kind is "worktree").Select(item => $"{item.Kind} {item.Name} {item.Reason}"));
}
