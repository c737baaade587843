using System.Text;
using Village.Errors;
using Village.Tasks;

namespace Village.Core.Tests.Tasks;

/// <summary>Filters, trees, metadata, deleted tasks and the words that people type.</summary>
public sealed class TaskWordsTests
{
    [Theory]
    [InlineData("2026-12-24", "2026-12-24T00:00:00Z")]
    [InlineData("2026-12-24T18:00:00+02:00", "2026-12-24T16:00:00Z")]
    [InlineData("3d", "2026-11-25T12:00:00Z")]
    [InlineData("+2h", "2026-11-22T14:00:00Z")]
    [InlineData("tomorrow", "2026-11-23T00:00:00Z")]
    [InlineData("", "")]
    public void A_time_may_be_said_in_several_ways(string text, string time) => Assert.Equal(time, TaskWords.Time("--due", text, TaskSamples.Now));

    [Theory]
    [InlineData("nonsense")]
    [InlineData("90")]
    [InlineData("2026-13-01")]
    public void What_is_no_time_is_refused(string text) => Assert.Throws<VillageException>(() => TaskWords.Time("--due", text, TaskSamples.Now));

    [Theory]
    [InlineData("feat", "feature")]
    [InlineData("ADR", "decision")]
    [InlineData("Bug", "bug")]
    public void A_type_may_be_said_shortly(string text, string type) => Assert.Equal(type, TaskWords.Type(text));

    [Fact]
    public void A_mistaken_status_names_the_nearest() =>
        Assert.Equal("did you mean 'deferred'?", Assert.Throws<VillageException>(() => TaskWords.Status("defered")).Hint);

    [Theory]
    [InlineData("a", "3", "{\"a\":3}")]
    [InlineData("a", "-1.5e3", "{\"a\":-1.5e3}")]
    [InlineData("a", "true", "{\"a\":true}")]
    [InlineData("a", "0x3", "{\"a\":\"0x3\"}")]
    [InlineData("a", "x", "{\"a\":\"x\"}")]
    public void Metadata_is_typed_as_Beads_does(string key, string value, string json) =>
        Assert.Equal(json, TaskMetadata.Set(TaskSamples.Task("bd-1"), key, value).Field("metadata"));

    [Fact]
    public void One_key_of_the_metadata_changes_alone()
    {
        var task = TaskMetadata.Set(TaskSamples.Task("bd-1").WithField("metadata", "{\"a\":{\"n\": 1.50},\"b\":1}"), "b", "2");

        Assert.Equal("{\"a\":{\"n\": 1.50},\"b\":2}", task.Field("metadata"));
        Assert.Equal("{\"b\":2}", TaskMetadata.Unset(task, "a").Field("metadata"));
        Assert.Null(TaskMetadata.Unset(TaskMetadata.Unset(task, "a"), "b").Field("metadata"));
    }

    [Theory]
    [InlineData("a.b_1", true)]
    [InlineData("bad-key", false)]
    [InlineData("1a", false)]
    [InlineData("", false)]
    public void A_key_of_metadata_is_one_of_Beads(string key, bool isKey) => Assert.Equal(isKey, TaskMetadata.IsKey(key));

    [Fact]
    public void A_comment_is_added_and_kept_as_it_was()
    {
        const string old = """{"id":7,"issue_id":"bd-1","author":"x","text":"hi","created_at":"2026-11-01T00:00:00Z","zz": [1]}""";

        var task = TaskComments.Add(TaskSamples.Task("bd-1").WithField("comments", $"[{old}]"), new("u", "ann", "<b>", "2026-11-02T00:00:00Z"));

        Assert.Equal(
            $$"""[{{old}},{"id":"u","issue_id":"bd-1","author":"ann","text":"\u003cb\u003e","created_at":"2026-11-02T00:00:00Z"}]""", task.Field("comments"));
        Assert.Equal([new("7", "x", "hi", "2026-11-01T00:00:00Z"), new("u", "ann", "<b>", "2026-11-02T00:00:00Z")], TaskComments.Of(task));
        Assert.Equal(
            $$"""[{{old}},{"id":9,"issue_id":"bd-1","author":"ann","text":"\u003cb\u003e","created_at":"2026-11-02T00:00:00Z"}]""",
            TaskComments.Numbered(task, _ => 9).Field("comments"));
    }

    [Fact]
    public void A_filter_lets_pass_what_is_asked_for()
    {
        TaskSpec[] tasks =
        [
            TaskSamples.Task("bd-a") with { Labels = ["ui", "agent:build"], Priority = 3 },
            TaskSamples.Task("bd-b", "parent-child:bd-a") with { Type = "bug", Assignee = "ann", Description = "Login" },
            TaskSamples.Task("bd-b.1") with { Status = "closed" },
            TaskSamples.Task("bd-c") with { Status = "pinned" },
        ];
        string Of(TaskFilter filter) => string.Join(' ', filter.Of(tasks).Select(task => task.Id.Value[3..]));

        Assert.Equal("b a", Of(new()));
        Assert.Equal("b c a b.1", Of(new() { All = true }));
        Assert.Equal("b.1", Of(new() { Statuses = ["closed"] }));
        Assert.Equal("b", Of(new() { Types = ["bug"] }));
        Assert.Equal("a", Of(new() { Priorities = [3] }));
        Assert.Equal("a", Of(new() { Labels = ["ui", "agent:build"] }));
        Assert.Equal("", Of(new() { Labels = ["ui", "x"] }));
        Assert.Equal("a", Of(new() { Agent = "BUILD" }));
        Assert.Equal("b", Of(new() { Agent = "" }));
        Assert.Equal("b", Of(new() { Assignee = "ann" }));
        Assert.Equal("a", Of(new() { Assignee = "" }));
        Assert.Equal("b", Of(new() { Text = "LOGIN" }));
        Assert.Equal("b b.1", Of(new() { All = true, Parent = TaskSamples.Id("bd-a") }));
    }

    [Fact]
    public void A_tree_shows_what_is_below_a_task_once_and_ends_in_a_circle()
    {
        TaskSpec[] tasks =
        [
            TaskSamples.Task("bd-a", "blocks:bd-b", "blocks:bd-c", "blocks:bd-none"), TaskSamples.Task("bd-b", "blocks:bd-d"),
            TaskSamples.Task("bd-c", "related:bd-d"), TaskSamples.Task("bd-d", "blocks:bd-a"),
        ];
        static string Text(TaskTreeLine branch) => $"{branch.Depth}{branch.Task.Id.Value[3..]}{(branch.IsRepeated ? "!" : "")}{branch.Edge?[0]}";

        Assert.Equal("0a 1bb 2db 3a!b 1cb 2d!r", string.Join(' ', TaskTree.Of(tasks, TaskSamples.Id("bd-a"), up: false).Select(Text)));
        Assert.Equal("0d 1bb 2ab 3d!b 1cr 2a!b", string.Join(' ', TaskTree.Of(tasks, TaskSamples.Id("bd-d"), up: true).Select(Text)));
    }

    [Fact]
    public void What_is_left_of_a_deleted_task_is_its_line()
    {
        var store = new TaskStore([TaskSamples.Task("bd-a") with { Type = "bug", Notes = "N" }, TaskSamples.Task("bd-b", "blocks:BD-A", "related:bd-c"), TaskSamples.Task("bd-c")], [], []);

        var after = TaskGraves.Delete(store, store.Tasks[0], "ann", "a copy", "2026-11-22T12:00:00Z");

        Assert.Equal(["bd-b"], TaskGraves.Dependents(store.Tasks, TaskSamples.Id("bd-a")).Select(id => id.Value));
        Assert.Equal(["bd-c"], after.Tasks[0].Dependencies.Select(edge => edge.DependsOn));
        Assert.Same(store.Tasks[2], after.Tasks[1]);
        Assert.Equal(
            """
            {"id":"bd-a","title":"bd-a","notes":"N","status":"tombstone","priority":2,"issue_type":"bug","created_at":"2026-11-01T00:00:00Z","updated_at":"2026-11-22T12:00:00Z","deleted_at":"2026-11-22T12:00:00Z","deleted_by":"ann","delete_reason":"a copy","original_type":"bug"}

            """,
            TaskSamples.Format(after.Deleted.Single()));
        Assert.Equal(TaskLineKind.Tombstone, TaskLine.Parse(TaskLine.Format(after.Deleted[0])).Kind);
    }

    [Fact]
    public void A_store_has_each_id_once_and_knows_which_came_twice()
    {
        var store = TaskStore.Read(Encoding.UTF8.GetBytes("""
            {"id":"bd-1","title":"A"}
            {"id":"bd-2","title":"B"}
            {"id":"bd-1","title":"C"}
            {"id":"bd-2","title":"B","status":"tombstone"}
            nonsense
            """));

        Assert.Equal(["C"], store.Tasks.Select(task => task.Title));
        Assert.Equal(["bd-2"], store.Deleted.Select(task => task.Id.Value));
        Assert.Equal(["bd-1", "bd-2"], store.Repeated.Select(id => id.Value));
        Assert.Equal((5, "is not a JSON object"), (store.BadLines.Single().Number, store.BadLines.Single().Problem));
    }
}
