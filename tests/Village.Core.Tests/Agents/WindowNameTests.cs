using CsCheck;
using Village.Agents;
using Village.Core.Tests.Tasks;

namespace Village.Core.Tests.Agents;

public sealed class WindowNameTests
{
    [Theory]
    [InlineData("build", 1, "bd-a3f8", "build-1-bd-a3f8")]
    [InlineData("front.end_2-x", 12, "bd-a3f8.1", "front.end_2-x-12-bd-a3f8.1")]
    [InlineData("a b:c#{pane_id}\n", 1, "bd-1", "a_b_c__pane_id__-1-bd-1")]
    [InlineData("é😀", 1, "bd-1", "___-1-bd-1")]
    public void A_window_is_named_after_agent_attempt_and_task(string agent, int attempt, string task, string name) =>
        Assert.Equal(name, WindowName.For(agent, attempt, TaskSamples.Id(task)));

    [Fact]
    public void A_window_name_means_nothing_to_tmux() => Gen.String.Sample(agent =>
        Assert.Matches(@"\A[A-Za-z0-9._-]*-1-bd-1\z", WindowName.For(agent, 1, TaskSamples.Id("bd-1"))));
}
