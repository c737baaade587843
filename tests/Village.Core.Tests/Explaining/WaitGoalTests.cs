using Village.Core.Tests.Tasks;
using Village.Events;
using Village.Explaining;
using Village.Tasks;
using static Village.Core.Tests.Events.EventSamples;

namespace Village.Core.Tests.Explaining;

/// <summary>When waiting has an end.</summary>
public sealed class WaitGoalTests
{
    [Theory]
    [InlineData(WaitGoal.Ended, TaskState.Queued, "open")]
    [InlineData(WaitGoal.Ended, TaskState.InProgress, "open")]
    [InlineData(WaitGoal.Ended, TaskState.Paused, "open")]
    [InlineData(WaitGoal.Ended, TaskState.Completed, "reached")]
    [InlineData(WaitGoal.Ended, TaskState.Failed, "reached")]
    [InlineData(WaitGoal.Completed, TaskState.Completed, "reached")]
    [InlineData(WaitGoal.Completed, TaskState.Failed, "unreachable")]
    [InlineData(WaitGoal.Failed, TaskState.Failed, "reached")]
    [InlineData(WaitGoal.Failed, TaskState.Completed, "unreachable")]
    [InlineData(WaitGoal.Waiting, TaskState.Completed, "unreachable")]
    [InlineData(WaitGoal.Waiting, TaskState.Failed, "unreachable")]
    [InlineData(WaitGoal.Waiting, TaskState.InProgress, "open")]
    public void By_its_state(WaitGoal goal, TaskState state, string outcome) => Assert.Equal(outcome, Outcome(goal, [To("bd-a", state)]));

    [Fact]
    public void An_agent_that_asks_is_waiting() => Assert.Equal("reached", Outcome(WaitGoal.Waiting, [To("bd-a", TaskState.InProgress), Signal("bd-a", "waiting")]));

    [Theory]
    [InlineData(WaitGoal.Ended)]
    [InlineData(WaitGoal.Completed)]
    public void A_failure_that_is_tried_again_is_no_end(WaitGoal goal) => Assert.Equal("open", Outcome(goal, [To("bd-a", TaskState.Failed)], retries: 1));

    [Fact]
    public void What_a_limit_ended_goes_on_by_itself() =>
        Assert.Equal("open", Outcome(WaitGoal.Completed, [To("bd-a", TaskState.Failed) with { Reason = FailureReason.UsageLimit }]));

    [Theory]
    [InlineData(WaitGoal.Ended, "reached")]
    [InlineData(WaitGoal.Completed, "reached")]
    [InlineData(WaitGoal.Failed, "unreachable")]
    public void A_closed_task_is_done(WaitGoal goal, string outcome) => Assert.Equal(outcome, Outcome(goal, [], isClosed: true));

    private static string Outcome(WaitGoal goal, VillageEvent[] events, int retries = 0, bool isClosed = false) =>
        goal.Of(Ledger(events).Of(TaskSamples.Id("bd-a")), isClosed, retries).Outcome;
}
