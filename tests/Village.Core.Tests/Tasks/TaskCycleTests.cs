using CsCheck;
using Village.Tasks;

namespace Village.Core.Tests.Tasks;

public sealed class TaskCycleTests
{
    [Theory]
    [InlineData("blocks")]
    [InlineData("conditional-blocks")]
    [InlineData("parent-child")]
    public void A_circle_of_blockers_holds_its_members_and_is_named(string type)
    {
        var graph = Graph(
            TaskSamples.Task("bd-a", "blocks:bd-b"), TaskSamples.Task("bd-b", "blocks:bd-c"), TaskSamples.Task("bd-c", $"{type}:bd-a"),
            TaskSamples.Task("bd-free"));

        Assert.Equal("bd-free", Names(graph.Ready.Select(task => task.Id)));
        Assert.Equal(["bd-a bd-b bd-c"], graph.Cycles.Select(Names));
        Assert.All(graph.Cycles[0], id => Assert.Equal(NotReadyKind.Blocked, graph.WhyNot(id)?.Kind));
    }

    [Fact]
    public void A_circle_of_parents_holds_its_members_and_all_below()
    {
        var graph = Graph(
            TaskSamples.Task("bd-a", "parent-child:bd-b"), TaskSamples.Task("bd-b", "parent-child:bd-a"),
            TaskSamples.Task("bd-c", "parent-child:bd-b"), TaskSamples.Task("bd-free"));

        Assert.Equal("bd-free", Names(graph.Ready.Select(task => task.Id)));
        Assert.Equal(["bd-a bd-b"], graph.Cycles.Select(Names));
        Assert.Equal("bd-a bd-b", Names(graph.Blockers(TaskSamples.Id("bd-c"))));
    }

    [Fact]
    public void A_task_that_blocks_itself_is_a_circle()
    {
        var graph = Graph(TaskSamples.Task("bd-a", "blocks:bd-a"), TaskSamples.Task("bd-b", "parent-child:bd-b"));

        Assert.Empty(graph.Ready);
        Assert.Equal(["bd-a", "bd-b"], graph.Cycles.Select(Names));
        Assert.Equal("bd-b", Names(graph.Blockers(TaskSamples.Id("bd-b"))));
    }

    [Fact]
    public void A_circle_with_a_closed_member_is_open()
    {
        var graph = Graph(TaskSamples.Task("bd-a", "blocks:bd-b"), TaskSamples.Task("bd-b", "blocks:bd-a") with { Status = "closed" });

        Assert.Equal("bd-a", Names(graph.Ready.Select(task => task.Id)));
        Assert.Empty(graph.Cycles);
    }

    [Fact]
    public void A_child_that_waits_for_all_children_of_its_parent_is_a_circle() => Assert.Equal(
        ["bd-a"],
        Graph(TaskSamples.Task("bd-p"), TaskSamples.Task("bd-a", "parent-child:bd-p", "waits-for:bd-p")).Cycles.Select(Names));

    [Theory]
    [InlineData("bd-b", "bd-a", "blocks", "bd-b bd-a")]
    [InlineData("bd-c", "bd-a", "blocks", "bd-c bd-a bd-b")]
    [InlineData("bd-c", "bd-a", "conditional-blocks", "bd-c bd-a bd-b")]
    [InlineData("bd-c", "bd-a", "parent-child", "bd-c bd-a bd-b")]
    [InlineData("bd-c", "bd-a", "related", null)]
    [InlineData("bd-a", "bd-c", "blocks", null)]
    [InlineData("bd-a", "bd-a", "blocks", "bd-a")]
    [InlineData("bd-a", "BD-A", "parent-child", "bd-a")]
    [InlineData("bd-a", "bd-a", "related", null)]
    [InlineData("bd-k", "bd-p", "blocks", "bd-k bd-p")]
    [InlineData("bd-p", "bd-k", "blocks", "bd-p bd-k")]
    [InlineData("bd-p", "bd-k", "parent-child", "bd-p bd-k")]
    [InlineData("bd-d", "bd-k", "blocks", "bd-d bd-k bd-p")]
    [InlineData("bd-k", "bd-d", "blocks", null)]
    [InlineData("bd-d", "bd-p", "waits-for", "bd-d bd-k bd-p")]
    [InlineData("bd-k", "bd-p", "waits-for", "bd-k")]
    [InlineData("bd-c", "bd-p", "waits-for", null)]
    [InlineData("bd-w", "bd-s", "parent-child", "bd-w")]
    [InlineData("bd-v", "bd-s", "parent-child", "bd-v bd-w")]
    [InlineData("bd-a", "bd-b", "parent-child", "bd-a bd-b")]
    [InlineData("bd-a", "bd-c", "parent-child", null)]
    public void An_edge_that_would_close_a_circle_is_found_out(string from, string to, string type, string? circle)
    {
        var graph = Graph(
            TaskSamples.Task("bd-a", "blocks:bd-b"), TaskSamples.Task("bd-b", "blocks:bd-c"), TaskSamples.Task("bd-c") with { Status = "closed" },
            TaskSamples.Task("bd-k", "parent-child:bd-p"), TaskSamples.Task("bd-p", "blocks:bd-d"), TaskSamples.Task("bd-d"),
            TaskSamples.Task("bd-s"), TaskSamples.Task("bd-w", "waits-for:bd-s"), TaskSamples.Task("bd-v", "blocks:bd-w"));

        var found = graph.CycleThrough(TaskSamples.Id(from), TaskSamples.Id(to), type);

        Assert.Equal(circle, found is null ? null : Names(found));
    }

    [Fact]
    public void A_graph_stays_free_of_circles_when_refused_edges_are_left_out() => Edges.Sample(edges =>
    {
        TaskSpec[] all = [.. Enumerable.Range(0, 7).Select(i => TaskSamples.Task($"bd-{i}"))];
        foreach (var (from, to, type) in edges)
        {
            TaskSpec[] more = [.. all];
            more[from] = all[from] with { Dependencies = [.. all[from].Dependencies, new($"bd-{to}", type)] };
            var circle = Graph(all).CycleThrough(TaskSamples.Id($"bd-{from}"), TaskSamples.Id($"bd-{to}"), type);
            var isRefusedAnyway = from == to || all[from].Dependencies.Any(edge => edge.DependsOn == $"bd-{to}");

            Assert.True(isRefusedAnyway || circle is null == Graph(more).Cycles is []);
            all = circle is null ? more : all;
        }

        Assert.Empty(Graph(all).Cycles);
    });

    private static Gen<(int From, int To, string Type)[]> Edges { get; } = Gen.Select(
        Gen.Int[0, 6], Gen.Int[0, 6], Gen.OneOf("blocks", "conditional-blocks", "parent-child", "waits-for", "related")).Array[1, 12];

    private static TaskGraph Graph(params TaskSpec[] all) => new(all, TaskSamples.Now, new HashSet<TaskId>());

    private static string Names(IEnumerable<TaskId> ids) => string.Join(' ', ids);
}
