using Village.Core.Tests.Leases;
using Village.Core.Tests.Observation;
using Village.Core.Tests.Tasks;
using Village.Leases;
using Village.Observation;
using Village.Reports;
using Village.Tasks;
using static Village.Core.Tests.Events.EventSamples;
using static Village.Core.Tests.Observation.SnapshotSamples;

namespace Village.Core.Tests.Reports;

public sealed class StatusReportTests
{
    private static readonly Snapshot Seen = With(
        [
            TaskSamples.Task("bd-ready"), TaskSamples.Task("bd-blocked", "blocks:bd-ready"), TaskSamples.Task("bd-failed"), TaskSamples.Task("bd-run"),
            TaskSamples.Task("bd-old", "blocks:bd-ready") with { Status = "closed" }, TaskSamples.Task("bd-older") with { Status = "closed" },
        ],
        [To("bd-failed", TaskState.Failed) with { Reason = "no_changes" }, To("bd-run", TaskState.InProgress, 1, 1), To("bd-older", TaskState.Failed)])
        .Leased(
            Lease("bd-bad", LeaseStatus.Corrupt), Lease("bd-failed", LeaseStatus.Ended),
            Lease("bd-gone", LeaseStatus.Stale), Lease("bd-run", LeaseStatus.Active), Lease("bd-there", LeaseStatus.Unknown))
        .Holding("bd-run", "bd-x", "my files");

    [Fact]
    public void The_numbers_are_those_of_the_snapshot() => Assert.Equal(
        new()
        {
            TmuxRunning = true,
            TmuxSession = "village",
            LocksCount = 5,
            LocksActive = 2,
            LocksStale = 1,
            LocksCorrupt = 1,
            AgentsWaiting = 0,
            MaxWorkers = 4,
            TasksReady = 1,
            TasksBlocked = 1,
            TasksClosed = 2,
            TasksFailed = 1,
            WorktreesCount = 3,
            ConfigExists = true,
            OrphansCount = 4,
        },
        StatusReport.For(Seen, maxWorkers: 4, ".worktrees").Summary);

    [Fact]
    public void What_is_not_there_is_said_to_be_missing()
    {
        var summary = StatusReport.For(With().Stopped() with { ConfigExists = false }, maxWorkers: 1, "w").Summary;

        Assert.Equal((false, false, 0, 0), (summary.TmuxRunning, summary.ConfigExists, summary.LocksCount, summary.OrphansCount));
    }

    [Fact]
    public void Every_orphan_says_where_it_is_and_why_it_is_one() => Assert.Equal(
        [
            new("CORRUPT_LOCK", "bd-bad", ".village/locks/bd-bad.lock", "has no 'id'"),
            new("STALE_LOCK", "bd-gone", ".village/locks/bd-gone.lock", "worker_gone"),
            new("UNTRACKED_WORKTREE", null, "trees/bd-x", "no_matching_lock"),
            new("UNTRACKED_WORKTREE", null, "trees/my files", "no_matching_lock"),
        ],
        StatusReport.For(Seen, maxWorkers: 4, "trees").Orphans);

    [Fact]
    public void There_is_a_row_for_every_lease_in_their_order() => Assert.Equal(
        ["bd-bad CORRUPT", "bd-failed ENDED", "bd-gone STALE", "bd-run ACTIVE", "bd-there UNKNOWN"],
        StatusReport.For(Seen, maxWorkers: 4, "trees").Workers.Select(row => $"{row.Task} {row.Status}"));

    [Fact]
    public void A_row_tells_the_lease_the_log_and_what_the_agent_said()
    {
        var seen = With([], [To("bd-a", TaskState.InProgress, 7, 1), Signal("bd-a", "waiting", 7)]);

        Assert.Equal(
            new()
            {
                Task = "bd-a",
                Status = "ACTIVE",
                State = "in_progress",
                Agent = "build",
                PaneId = "%12",
                Window = "build-1-bd-a",
                ClaimedAt = LeaseSamples.Lease("bd-a").ClaimedAt,
                Attempt = 1,
                Signal = "waiting",
                SignalMessage = "waiting!",
                SignalSource = "agent",
                SignalAt = TaskSamples.Now,
            },
            LeaseRow.Of(Lease("bd-a", LeaseStatus.Active), seen));
    }

    [Fact]
    public void Where_lease_and_log_differ_the_log_wins() => Assert.Equal(
        "completed", LeaseRow.Of(Lease("bd-a", LeaseStatus.Ended), With([], [To("bd-a", TaskState.Completed)])).State);

    [Theory]
    [InlineData(TaskState.Failed, "why")]
    [InlineData(TaskState.Paused, "why")]
    [InlineData(TaskState.InProgress, null)]
    [InlineData(TaskState.Completed, null)]
    public void A_reason_is_given_for_what_needs_one(TaskState state, string? reason) => Assert.Equal(
        reason, LeaseRow.Of(Lease("bd-a", LeaseStatus.Ended), With([], [To("bd-a", state) with { Reason = "why" }])).Reason);

    [Fact]
    public void A_corrupt_lease_has_a_name_and_a_problem_and_nothing_else() => Assert.Equal(
        new() { Task = "bd-a", Status = "CORRUPT", Reason = "has no 'id'" },
        LeaseRow.Of(Lease("bd-a", LeaseStatus.Corrupt), With([], [To("bd-a", TaskState.Failed)])));

    [Fact]
    public void A_lease_that_the_log_never_heard_of_is_of_a_queued_task()
    {
        var row = LeaseRow.Of(Lease("bd-a", LeaseStatus.Active), With());

        Assert.Equal(("queued", null, null), (row.State, row.Signal, row.Reason));
    }
}
