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
}
