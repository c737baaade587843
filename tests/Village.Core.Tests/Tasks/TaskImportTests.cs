using System.Text;
using Village.Tasks;

namespace Village.Core.Tests.Tasks;

/// <summary>Two copies of a task, and which of their fields is left.</summary>
public sealed class TaskImportTests
{
    private const string Early = "2026-11-01T00:00:00Z", Late = "2026-11-02T00:00:00Z";

    [Fact]
    public void The_copy_that_was_changed_later_wins()
    {
        Assert.Equal(("New", "bug", 0), Fields(Import(Line(Early, "Old"), Line(Late, "New", ",\"issue_type\":\"bug\",\"priority\":0"))));
        Assert.Equal("Old", Import(Line(Late, "Old"), Line(Early, "New")).Title);
        Assert.Equal("Old", Import(Line(Late, "Old"), Line(Late, "New")).Title);
    }

    [Fact]
    public void Whole_seconds_are_no_change()
    {
        var import = Merge(Line("2026-11-01T00:00:00.123Z", "T"), Line(Early, "T"));

        Assert.False(import.IsChange);
        Assert.Equal(["bd-1"], import.Unchanged.Select(id => id.Value));
    }

    [Theory]
    [InlineData(Early, Late, "b")]
    [InlineData(Late, Late, "a b")]
    [InlineData(Late, Early, "a")]
    public void Labels_are_those_of_the_later_copy_or_of_both(string mine, string theirs, string labels) => Assert.Equal(
        labels, string.Join(' ', Import(Line(mine, "T", ",\"labels\":[\"a\"]"), Line(theirs, "T", ",\"labels\":[\"b\"]")).Labels));

    [Theory]
    [InlineData(Early, Late)]
    [InlineData(Late, Late)]
    [InlineData(Late, Early)]
    public void Comments_and_edges_of_both_are_kept(string mine, string theirs)
    {
        var task = Import(
            Line(mine, "T", ",\"dependencies\":[{\"depends_on_id\":\"bd-2\",\"type\":\"blocks\"}],\"comments\":[{\"id\":1,\"author\":\"a\",\"text\":\"one\",\"created_at\":\"2026-11-01T00:00:00.5Z\"}]"),
            Line(theirs, "T", ",\"dependencies\":[{\"depends_on_id\":\"bd-3\",\"type\":\"related\"}],\"comments\":[{\"id\":\"x\",\"author\":\"a\",\"text\":\"one\",\"created_at\":\"2026-11-01T00:00:00Z\"},{\"id\":\"y\",\"author\":\"b\",\"text\":\"two\",\"created_at\":\"2026-10-01T00:00:00Z\"}]"));

        Assert.Equal(["bd-2", "bd-3"], task.Dependencies.Select(edge => edge.DependsOn));
        Assert.Equal(["two", "one"], TaskComments.Of(task).Select(comment => comment.Text));
    }

    [Theory]
    [InlineData(",\"metadata\":{\"a\":1,\"b\":2}", "", "{\"a\":1,\"b\":2}")]
    [InlineData(",\"metadata\":{\"a\":1,\"b\":2}", ",\"metadata\":{\"b\": 3}", "{\"a\":1,\"b\":3}")]
    [InlineData("", ",\"metadata\":{ \"b\": 3 }", "{ \"b\": 3 }")]
    public void Metadata_is_merged_and_never_wiped(string mine, string theirs, string merged) =>
        Assert.Equal(merged, Import(Line(Early, "T", mine), Line(Late, "T", theirs)).Field("metadata"));

    [Fact]
    public void A_gate_that_Beads_forgot_is_kept_and_unknown_fields_too()
    {
        const string edge = ",\"dependencies\":[{\"depends_on_id\":\"bd-2\",\"type\":\"waits-for\",\"created_by\":\"ann\",\"metadata\":";
        var task = Import(Line(Early, "T", edge + "\"{\\\"gate\\\":\\\"any-children\\\"}\"}],\"own\":[1],\"owner\":\"ann\""), Line(Late, "T", edge + "\"{}\"}]"));

        Assert.True(task.Dependencies[0].WaitsForAny);
        Assert.Equal("[1]", task.Field("own"));
        Assert.Null(task.Field("owner"));
    }

    [Fact]
    public void What_is_not_named_is_left_alone()
    {
        var import = Merge(Line(Early, "T") + "\n{\"id\":\"bd-2\",\"title\":\"Other\"}", Line(Late, "U"));

        Assert.Equal(["bd-1", "bd-2"], import.Store.Tasks.Select(task => task.Id.Value).Order());
    }

    [Fact]
    public void A_deleted_task_stays_deleted_unless_a_copy_was_changed_later()
    {
        const string grave = """{"id":"bd-1","title":"T","status":"tombstone","updated_at":"2026-10-01T00:00:00Z","deleted_at":"2026-11-01T12:00:00Z"}""";

        var deleted = Merge(Line(Early, "T"), grave);
        Assert.Equal(("bd-1", 0, 1), (deleted.Deleted.Single().Value, deleted.Store.Tasks.Count, deleted.Store.Deleted.Count));
        Assert.Equal(("bd-1", 1, 0), (Merge(Line(Late, "T"), grave) is var kept ? kept.Older.Single().Value : "", kept.Store.Tasks.Count, kept.Store.Deleted.Count));
        Assert.Equal("bd-1", Merge(grave, Line(Early, "T")).Older.Single().Value);
        Assert.Equal(("bd-1", 0), (Merge(grave, Line(Late, "T")) is var back ? back.Created.Single().Value : "", back.Store.Deleted.Count));
    }

    [Fact]
    public void What_a_worker_has_is_neither_deleted_nor_closed()
    {
        var held = new HashSet<TaskId> { TaskSamples.Id("bd-1") };

        var closed = Merge(Line(Early, "T"), Line(Late, "T", ",\"status\":\"closed\""), held);
        var deleted = Merge(Line(Early, "T"), """{"id":"bd-1","title":"T","status":"tombstone","deleted_at":"2026-11-03T00:00:00Z"}""", held);

        Assert.Equal("open", closed.Store.Tasks.Single().Status);
        Assert.Single(deleted.Store.Tasks);
        Assert.All([closed, deleted], import => Assert.Contains(import.Warnings, line => line.Contains("a worker has it", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_is_odd_comes_in_and_is_named()
    {
        var import = Merge("", """
            {"id":"zz-1","title":"T","status":"closed","updated_at":"2026-11-01T00:00:00Z"}
            {"id":"bd-x.1","title":"Child"}
            {"id":"bd-2","title":"Edge","closed_at":"2026-11-01T00:00:00Z","dependencies":[{"depends_on_id":"bd-none","type":"blocks"},{"depends_on_id":"external:p:c","type":"blocks"}]}
            {"id":"bd-2","title":"Again","dependencies":[{"depends_on_id":"bd-none","type":"blocks"}]}
            """);

        Assert.Equal(3, import.Created.Count);
        Assert.Equal(Early, import.Store.Tasks.Single(task => task.Id == TaskSamples.Id("zz-1")).ClosedAt);
        Assert.Equal(
            [
                "bd-2 comes more than once; the last line counts",
                "zz-1 does not begin with 'bd-'",
                "bd-x.1 has the id of a child, but there is no bd-x",
                "bd-2 depends on bd-none, which is not there; the edge is kept and holds nothing back",
            ],
            import.Warnings);
    }

    private static string Line(string updated, string title, string more = "") =>
        $$"""{"id":"bd-1","title":"{{title}}","created_at":"2026-10-01T00:00:00Z","updated_at":"{{updated}}"{{more}}}""";

    private static (string, string, int) Fields(TaskSpec task) => (task.Title, task.Type, task.Priority);

    private static TaskSpec Import(string mine, string theirs) => Merge(mine, theirs).Store.Tasks.Single();

    private static TaskImport Merge(string mine, string theirs, HashSet<TaskId>? held = null) => new(Read(mine), Read(theirs), held ?? [], "bd");

    private static TaskStore Read(string lines) => TaskStore.Read(Encoding.UTF8.GetBytes(lines));
}
