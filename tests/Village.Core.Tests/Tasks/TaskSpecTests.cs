using Village.Tasks;

namespace Village.Core.Tests.Tasks;

public sealed class TaskSpecTests
{
    private static readonly TaskSpec Task = TaskSamples.Task("bd-1");

    [Theory]
    [InlineData("agent:build", "build")]
    [InlineData("agent=front-end", "front-end")]
    [InlineData("agent/qa", "qa")]
    [InlineData("AGENT:Build", "Build")]
    [InlineData("zz,agent:two,agent:one", "one")]
    [InlineData("agent:,agent/x", "x")]
    [InlineData("agent", null)]
    [InlineData("agents:x", null)]
    [InlineData("my-agent:x", null)]
    [InlineData("", null)]
    public void A_label_names_the_agent(string labels, string? agent) =>
        Assert.Equal(agent, (Task with { Labels = labels.Split(',') }).AgentLabel);

    [Fact]
    public void Labels_are_a_sorted_set() =>
        Assert.Equal(["B", "a", "b"], (Task with { Labels = ["b", "a", "", "B", "a"] }).Labels);

    [Fact]
    public void Edges_are_sorted_by_target_then_by_type()
    {
        var task = TaskSamples.Task("bd-1", "blocks:bd-z", "related:bd-a", "blocks:bd-a");

        Assert.Equal(["bd-a blocks", "bd-a related", "bd-z blocks"], task.Dependencies.Select(edge => $"{edge.DependsOn} {edge.Type}"));
    }

    [Fact]
    public void A_field_can_be_set_changed_and_taken_away()
    {
        var task = Task.WithField("zz", "1").WithField("owner", TaskLine.Quote("<ann>")).WithField("zz", "2");

        Assert.Equal([new("owner", "\"\\u003cann\\u003e\""), new("zz", "2")], task.Other);
        Assert.Equal("<ann>", task.FieldText("owner"));
        Assert.Null(task.FieldText("zz"));
        Assert.Null(task.FieldText("nothing"));
        Assert.Equal(Task, task.WithField("zz", null).WithField("owner", null));
    }

    [Fact]
    public void A_field_with_half_a_character_is_no_text() => Assert.Null(Task.WithField("owner", "\"\\ud800\"").FieldText("owner"));

    [Theory]
    [InlineData("""{"id":"bd-1","title":"T","pinned":true}""", true, false)]
    [InlineData("""{"id":"bd-1","title":"T","status":"pinned"}""", true, false)]
    [InlineData("""{"id":"bd-1","title":"T","ephemeral":true}""", false, true)]
    [InlineData("""{"id":"bd-1","title":"T","wisp":true}""", false, true)]
    [InlineData("""{"id":"bd-1","title":"T","pinned":false,"wisp":false}""", false, false)]
    public void Flags_are_read_from_where_beads_keeps_them(string line, bool pinned, bool ephemeral)
    {
        var task = TaskSamples.Parse(line);

        Assert.Equal((pinned, ephemeral), (task.IsPinned, task.IsEphemeral));
    }

    [Fact]
    public void Tasks_that_are_written_alike_are_equal()
    {
        var line = """{"id":"bd-1","title":"T","labels":["a"],"dependencies":[{"depends_on_id":"bd-2","type":"blocks","zz":1}],"zz":1}""";

        Assert.Equal(TaskSamples.Parse(line), TaskSamples.Parse(line));
        Assert.NotEqual(TaskSamples.Parse(line), TaskSamples.Parse(line) with { Notes = "n" });
    }

    [Theory]
    [InlineData("waits-for", """{"gate":"any-children"}""", true)]
    [InlineData("waits-for", """{"gate":"all-children"}""", false)]
    [InlineData("waits-for", """{"gate":7}""", false)]
    [InlineData("waits-for", "[]", false)]
    [InlineData("waits-for", "not JSON", false)]
    [InlineData("waits-for", "", false)]
    [InlineData("blocks", """{"gate":"any-children"}""", false)]
    public void The_gate_of_an_edge_is_all_unless_it_says_any(string type, string metadata, bool any) =>
        Assert.Equal(any, new TaskDependency("bd-2", type) { Metadata = metadata }.WaitsForAny);

    [Theory]
    [InlineData("task bug feature chore docs spike", true)]
    [InlineData("epic gate molecule message merge-request agent role rig", false)]
    public void Some_types_are_work_and_some_are_books(string types, bool isWork) => Assert.All(types.Split(' '), type =>
    {
        Assert.Equal(isWork, (Task with { Type = type }).IsWork);
        Assert.Equal(type is "epic", (Task with { Type = type }).IsEpic);
    });

    [Fact]
    public void Equal_tasks_have_one_hash_and_nothing_equals_no_task()
    {
        Assert.Single(new HashSet<TaskSpec> { Task, Task with { Title = Task.Title }, TaskSamples.Task("bd-1") });
        Assert.False(Task.Equals(null));
    }

    [Fact]
    public void Edges_are_equal_in_all_or_not_at_all()
    {
        TaskDependency edge = new("bd-2", "blocks") { CreatedAt = "2026", CreatedBy = "ann", Metadata = "{}", Other = [new("k", "1")] };
        TaskDependency[] others =
        [
            edge with { DependsOn = "bd-3" }, edge with { Type = "related" }, edge with { CreatedAt = "" }, edge with { CreatedBy = "" }, edge with { Metadata = "" },
            edge with { Other = [] }, edge with { Other = [new("k", "2")] },
        ];

        Assert.Single(new HashSet<TaskDependency> { edge, edge with { Other = [new("k", "1")] } });
        Assert.All(others, other => Assert.NotEqual(edge, other));
        Assert.False(edge.Equals(null));
    }

    [Fact]
    public void Edges_are_sorted_by_their_characters_and_nothing_comes_first()
    {
        TaskDependency edge = new("bd-b", "blocks");

        Assert.True(edge.CompareTo(new("bd-a", "related")) > 0);
        Assert.True(edge.CompareTo(new("bd-b", "related")) < 0);
        Assert.Equal(0, edge.CompareTo(edge with { CreatedBy = "ann" }));
        Assert.True(edge.CompareTo(null) > 0);
    }
}
