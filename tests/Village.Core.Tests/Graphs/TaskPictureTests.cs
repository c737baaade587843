using Village.Events;
using Village.Graphs;
using Village.Tasks;
using static Village.Core.Tests.Events.EventSamples;
using static Village.Core.Tests.Tasks.TaskSamples;

namespace Village.Core.Tests.Graphs;

public sealed class TaskPictureTests
{
    private static readonly TaskSpec[] Release =
    [
        Task("bd-e") with { Type = "epic" },
        Task("bd-a", "parent-child:bd-e"),
        Task("bd-b", "parent-child:bd-e", "blocks:bd-a"),
        Task("bd-z", "blocks:bd-b", "related:bd-w") with { Priority = 0 },
        Task("bd-w", "waits-for:bd-e"),
        Task("bd-c") with { Status = "closed" },
    ];

    [Fact]
    public void Open_tasks_are_shown_by_priority_and_id_and_closed_ones_when_they_are_asked_for()
    {
        Assert.Equal("bd-z bd-a bd-b bd-e bd-w", Names(Picture(Release)));
        Assert.Equal("bd-z bd-a bd-b bd-c bd-e bd-w", Names(Picture(Release, all: true)));
    }

    [Theory]
    [InlineData("bd-b", "bd-a bd-b")]
    [InlineData("bd-e", "bd-a bd-b bd-e")]
    [InlineData("bd-w", "bd-a bd-b bd-e bd-w")]
    [InlineData("bd-c bd-a", "bd-a bd-c")]
    public void Of_named_tasks_all_is_shown_that_must_be_done_before_them(string wanted, string shown) => Assert.Equal(shown, Names(Picture(Release, wanted)));

    [Theory]
    [InlineData("""{"id":"bd-a","title":"T"}""", null, "ready")]
    [InlineData("""{"id":"bd-a","title":"T"}""", TaskState.InProgress, "in_progress")]
    [InlineData("""{"id":"bd-a","title":"T"}""", TaskState.Failed, "failed")]
    [InlineData("""{"id":"bd-a","title":"T","status":"closed"}""", TaskState.Completed, "closed")]
    [InlineData("""{"id":"bd-a","title":"T","dependencies":[{"depends_on_id":"bd-b","type":"blocks"}]}""", null, "waiting")]
    [InlineData("""{"id":"bd-a","title":"T","defer_until":"2099-01-01T00:00:00Z"}""", null, "deferred")]
    [InlineData("""{"id":"bd-a","title":"T","status":"blocked"}""", null, "blocked")]
    [InlineData("""{"id":"bd-a","title":"T","status":"pinned"}""", null, "pinned")]
    [InlineData("""{"id":"bd-a","title":"T","issue_type":"epic"}""", null, "epic")]
    [InlineData("""{"id":"bd-a","title":"T","ephemeral":true}""", null, "kept")]
    public void A_task_stands_in_one_word(string line, TaskState? state, string standing) => Assert.Equal(
        standing, Picture([Parse(line), Task("bd-b")], "bd-a", log: state is { } to ? [To("bd-a", to)] : []).Nodes.Single(node => node.Task.Id == Id("bd-a")).Standing);

    [Fact]
    public void A_tree_shows_what_comes_first_below_and_nothing_twice() => Assert.Equal(
        """
        bd-z waiting
        └── bd-b waiting
            └── bd-a ready
        bd-w waiting
        └── children of bd-e epic
            ├── bd-a ready Above
            └── bd-b waiting Above
        """,
        Tree(Picture(Release)));

    [Fact]
    public void Who_waits_in_a_circle_is_shown_last_and_marked() => Assert.Equal(
        """
        bd-b waiting
        └── bd-x waiting
            └── bd-y waiting
                └── bd-x waiting Circle
        bd-s waiting
        └── bd-s waiting Circle
        """,
        Tree(Picture([Task("bd-x", "blocks:bd-y"), Task("bd-y", "blocks:bd-x"), Task("bd-b", "blocks:bd-x"), Task("bd-s", "blocks:bd-s")])));

    [Fact]
    public void Named_tasks_are_the_roots_in_the_order_they_were_named() => Assert.Equal(
        """
        bd-b waiting
        └── bd-a ready
        bd-z waiting
        └── bd-b waiting Above
        """,
        Tree(Picture(Release, "bd-b bd-a bd-z")));

    [Fact]
    public void Of_a_long_chain_the_near_end_of_the_branches_is_drawn()
    {
        var chain = Enumerable.Range(0, 3000).Select(i => i is 0 ? Task("bd-0") : Task($"bd-{i}", $"blocks:bd-{i - 1}")).ToArray();

        var lines = PictureTree.Lines(Picture(chain), width: 20).ToList();

        Assert.Equal(3000, lines.Count);
        Assert.Equal("└── ", lines[1].Branches);
        Assert.All(lines, line => Assert.InRange(line.Branches.Length, 0, 20));
        Assert.Equal("…               └── ", lines[^1].Branches);
    }

    private static TaskPicture Picture(TaskSpec[] tasks, string wanted = "", bool all = false, params VillageEvent[] log) => TaskPicture.Of(
        new TaskGraph(tasks, Now, new HashSet<TaskId>()), Ledger(log), _ => "build", [.. wanted.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Id)], all);

    private static string Names(TaskPicture picture) => string.Join(' ', picture.Nodes.Select(node => node.Task.Id));

    private static string Tree(TaskPicture picture) => string.Join('\n', PictureTree.Lines(picture, width: 80).Select(line =>
        $"{line.Branches}{(line.IsForChildren ? "children of " : "")}{line.Node.Task.Id} {line.Node.Standing}{(line.Mark is TreeMark.None ? "" : $" {line.Mark}")}"));
}
