using Village.Core.Tests.Observation;
using Village.Core.Tests.Tasks;
using Village.Leases;
using Village.Observation;
using Village.Reports;
using Village.Tasks;
using static Village.Core.Tests.Events.EventSamples;
using static Village.Core.Tests.Observation.SnapshotSamples;

namespace Village.Core.Tests.Reports;

public sealed class ReadyReportTests
{
    private static readonly Snapshot Idle = With();
    private static readonly Snapshot Busy = With(TaskSamples.Task("bd-1"), TaskSamples.Task("bd-2"));

    [Fact]
    public void Without_a_village_only_up_helps()
    {
        var report = ReadyReport.For(null);

        Assert.Equal("not_ready environment=False runtime=False work=False orphans=0 stale=0 untracked=0 active=0 ready=0", Text(report.Assessment));
        Assert.Equal([new("village up", "there is no village here yet", Blocking: true)], report.Actions);
    }

    [Fact]
    public void Without_a_session_only_up_helps_but_what_is_there_is_counted()
    {
        var report = ReadyReport.For(Busy.Stopped().Holding("bd-x")
            .Leased(Lease("bd-s", LeaseStatus.Stale), Lease("bd-u", LeaseStatus.Unknown)));

        Assert.Equal("not_ready environment=True runtime=False work=True orphans=2 stale=1 untracked=1 active=1 ready=2", Text(report.Assessment));
        Assert.Equal([new("village up", "the tmux session 'village' is not running", Blocking: true)], report.Actions);
    }

    [Fact]
    public void With_work_and_nothing_else_it_is_ready()
    {
        var report = ReadyReport.For(Busy);

        Assert.Equal("ready environment=True runtime=True work=True orphans=0 stale=0 untracked=0 active=0 ready=2", Text(report.Assessment));
        Assert.Equal([new("village queue 2", "2 tasks may start", Blocking: false)], report.Actions);
    }

    [Fact]
    public void Without_work_it_says_so()
    {
        var report = ReadyReport.For(Idle);

        Assert.Equal("ready_no_work environment=True runtime=True work=False orphans=0 stale=0 untracked=0 active=0 ready=0", Text(report.Assessment));
        Assert.Equal([new("village task add \"what to do\"", "no task is ready", Blocking: false)], report.Actions);
    }

    [Fact]
    public void Without_work_a_paused_task_is_what_to_go_on_with() => Assert.Equal(
        [new("village resume bd-p", "it is paused", Blocking: false)],
        ReadyReport.For(With([TaskSamples.Task("bd-p")], [To("bd-q", TaskState.Completed), To("bd-p", TaskState.Paused)])).Actions);

    [Fact]
    public void What_is_to_be_tidied_comes_first_then_work_then_a_look()
    {
        var report = ReadyReport.For(Busy.Holding("bd-x", "bd-1")
            .Leased(Lease("bd-c", LeaseStatus.Corrupt), Lease("bd-s", LeaseStatus.Stale), Lease("bd-a", LeaseStatus.Active)));

        Assert.Equal("ready_with_actions environment=True runtime=True work=True orphans=3 stale=2 untracked=1 active=1 ready=2", Text(report.Assessment));
        Assert.Equal(
            [
                new("village cleanup", "2 dead locks", Blocking: false),
                new("village doctor", "1 untracked workspace", Blocking: false),
                new("village queue 2", "2 tasks may start", Blocking: false),
                new("village status --workers", "1 worker is active", Blocking: false),
            ],
            report.Actions);
    }

    [Fact]
    public void One_is_not_many_and_many_are_not_one() => Assert.Equal(
        ["1 dead lock", "2 untracked workspaces", "1 task may start", "2 workers are active"],
        ReadyReport.For(With(TaskSamples.Task("bd-1")).Holding("x", "y")
            .Leased(Lease("bd-a", LeaseStatus.Active), Lease("bd-b", LeaseStatus.Active), Lease("bd-c", LeaseStatus.Stale))).Actions.Select(action => action.Reason));

    [Fact]
    public void Something_to_tidy_is_said_even_without_work()
    {
        var report = ReadyReport.For(Idle.Leased(Lease("bd-s", LeaseStatus.Stale)));

        Assert.Equal(("ready_with_actions", false), (report.Assessment.Overall, report.Assessment.WorkAvailable));
    }

    [Theory]
    [InlineData(TaskState.Queued, null, true)]
    [InlineData(TaskState.Queued, LeaseStatus.Active, false)]
    [InlineData(TaskState.Queued, LeaseStatus.Ended, false)]
    [InlineData(TaskState.Failed, null, false)]
    [InlineData(TaskState.Completed, null, false)]
    [InlineData(TaskState.Paused, LeaseStatus.Parked, false)]
    public void A_task_that_somebody_has_or_had_is_no_work(TaskState state, LeaseStatus? lease, bool isWork)
    {
        var seen = With([TaskSamples.Task("bd-1")], [To("bd-1", state)]);

        Assert.Equal(isWork, ReadyReport.For(lease is { } status ? seen.Leased(Lease("bd-1", status)) : seen).Assessment.WorkAvailable);
    }

    private static string Text(ReadyAssessment a) =>
        $"{a.Overall} environment={a.EnvironmentReady} runtime={a.RuntimeReady} work={a.WorkAvailable} orphans={a.OrphansCount} stale={a.StaleLocksCount} "
        + $"untracked={a.UntrackedWorktreesCount} active={a.ActiveWorkersCount} ready={a.ReadyTasksCount}";
}
