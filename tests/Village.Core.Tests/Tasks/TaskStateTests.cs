using Village.Tasks;

namespace Village.Core.Tests.Tasks;

public sealed class TaskStateTests
{
    // Design, section 5, row by row; every pair that is not here is forbidden.
    private const string Allowed = """
        queued → claimed
        claimed → in_progress
        claimed → failed
        claimed → queued
        in_progress → paused
        in_progress → completed
        in_progress → failed
        in_progress → claimed
        paused → in_progress
        paused → failed
        paused → claimed
        completed → queued
        completed → failed
        failed → queued
        """;

    public static TheoryData<TaskState, TaskState, bool> Pairs =>
    [
        .. from a in TaskStates.All
           from b in TaskStates.All
           select new TheoryDataRow<TaskState, TaskState, bool>(a, b, Allowed.Split('\n').Contains($"{a.Name()} → {b.Name()}")),
    ];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_state_may_follow_another_or_not(TaskState from, TaskState to, bool allowed)
    {
        Assert.Equal(allowed, from.CanBecome(to));
        Assert.Equal(allowed, from.Targets().Contains(to));
    }

    [Fact]
    public void No_target_is_named_twice() => Assert.All(TaskStates.All, state => Assert.Distinct(state.Targets()));

    [Fact]
    public void The_list_of_states_is_complete() => Assert.Equal(Enum.GetValues<TaskState>(), TaskStates.All);

    [Theory]
    [InlineData(TaskState.Queued, "queued")]
    [InlineData(TaskState.Claimed, "claimed")]
    [InlineData(TaskState.InProgress, "in_progress")]
    [InlineData(TaskState.Paused, "paused")]
    [InlineData(TaskState.Completed, "completed")]
    [InlineData(TaskState.Failed, "failed")]
    public void A_state_has_one_name(TaskState state, string name)
    {
        Assert.Equal(name, state.Name());
        Assert.Equal(state, TaskStates.Parse(name));
        Assert.Equal(state, TaskStates.Parse(name.ToUpperInvariant()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("inprogress")]
    [InlineData("in-progress")]
    [InlineData(" queued")]
    [InlineData("done")]
    [InlineData("0")]
    public void Any_other_name_is_no_state(string? name) => Assert.Null(TaskStates.Parse(name));
}
