using Village.Dashboard;

namespace Village.Core.Tests.Dashboard;

/// <summary>What is selected while the list changes.</summary>
public sealed class SelectionTests
{
    private static readonly string[] Tasks = ["a", "b", "c", "d", "e"];

    [Fact]
    public void A_task_stays_selected_when_it_moves() => Assert.Equal(new Selection(0, "c"), new Selection(2, "c").In(["c", "a"]));

    [Fact]
    public void One_that_has_gone_gives_way_to_its_successor() => Assert.Equal(new Selection(2, "d"), new Selection(2, "c").In(["a", "b", "d"]));

    [Fact]
    public void The_last_one_gone_leaves_the_one_before() => Assert.Equal(new Selection(1, "b"), new Selection(2, "c").In(["a", "b"]));

    [Fact]
    public void In_an_empty_list_nothing_is_selected() => Assert.Equal(new Selection(0, null), new Selection(2, "c").In([]));

    [Theory]
    [InlineData(DashboardKey.Up, "b")]
    [InlineData(DashboardKey.Down, "d")]
    [InlineData(DashboardKey.PageUp, "a")]
    [InlineData(DashboardKey.PageDown, "e")]
    [InlineData(DashboardKey.Home, "a")]
    [InlineData(DashboardKey.End, "e")]
    [InlineData(DashboardKey.Log, "c")]
    public void Keys_move_it_within_the_list(DashboardKey key, string task) => Assert.Equal(task, new Selection(2, "c").After(key, Tasks, 3).Task);
}
