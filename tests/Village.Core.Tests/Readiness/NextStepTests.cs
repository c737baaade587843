using Village.Core.Tests.Observation;
using Village.Core.Tests.Tasks;
using Village.Leases;
using Village.Observation;
using Village.Readiness;
using Village.Tasks;
using static Village.Core.Tests.Events.EventSamples;
using static Village.Core.Tests.Observation.SnapshotSamples;

namespace Village.Core.Tests.Readiness;

public sealed class NextStepTests
{
    private static readonly LeaseView[] Active = [Lease("bd-a", LeaseStatus.Active)];
    private static readonly LeaseView[] Dead = [Lease("bd-s", LeaseStatus.Stale), Lease("bd-c", LeaseStatus.Corrupt)];
    private static readonly Snapshot Seen = With(TaskSamples.Task("bd-1"), TaskSamples.Task("bd-2"));

    // Everything is to be done; then one thing after the other is.
    [Fact]
    public void The_next_step_is_up_then_attach_then_cleanup_then_queue_then_resume_then_ready()
    {
        Snapshot?[] steps =
        [
            null, Seen.Leased([.. Active, .. Dead]).Stopped(), Seen.Leased([.. Active, .. Dead]), Seen.Leased(Dead), Seen,
            With([], [To("bd-q", TaskState.Queued), To("bd-p", TaskState.Paused)]), With(),
        ];

        Assert.Equal(
            [
                "up: There is no village here yet. village up",
                "up: The tmux session 'village' is not running. village up",
                "attach: 1 worker is active. village attach",
                "cleanup: 2 workers have died. village cleanup",
                "queue: 2 tasks are ready. village queue 2",
                "ready: bd-p is paused. village resume bd-p",
                "ready: Nothing is ready to start. village ready",
            ],
            steps.Select(Text));
    }

    [Fact]
    public void One_is_not_many_and_many_are_not_one()
    {
        Assert.Equal("attach: 2 workers are active. village attach", Text(Seen.Leased([.. Active, Lease("bd-u", LeaseStatus.Unknown)])));
        Assert.Equal("cleanup: 1 worker has died. village cleanup", Text(Seen.Leased(Dead[..1])));
        Assert.Equal("queue: 1 task is ready. village queue 1", Text(With(TaskSamples.Task("bd-1"))));
    }

    [Fact]
    public void Kept_leases_of_ended_and_parked_tasks_are_no_step() =>
        Assert.StartsWith("queue", Text(Seen.Leased(Lease("bd-e", LeaseStatus.Ended), Lease("bd-p", LeaseStatus.Parked))), StringComparison.Ordinal);

    [Theory]
    [InlineData(TaskState.Queued, "queue")]
    [InlineData(TaskState.Failed, "ready")]
    [InlineData(TaskState.Paused, "ready")]
    [InlineData(TaskState.Completed, "ready")]
    [InlineData(TaskState.InProgress, "ready")]
    public void Only_queued_tasks_count_as_ready(TaskState state, string action) =>
        Assert.Equal(action, NextStep.For(With([TaskSamples.Task("bd-1")], [To("bd-1", state)])).Action);

    private static string Text(Snapshot? seen) => NextStep.For(seen) is var step ? $"{step.Action}: {step.Reason} {step.Run}" : "";
}
