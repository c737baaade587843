using Village.Beads;
using Village.Tasks;
using static Village.Core.Tests.Tasks.TaskSamples;

namespace Village.Core.Tests.Beads;

/// <summary>Tasks in bd's answers, in every shape that a version has had.</summary>
public sealed class BeadsIssueTests
{
    private const string One = """{"id":"bd-1","title":"A","status":"open","priority":1,"issue_type":"bug","created_at":"2026-11-22T11:00:57Z","updated_at":"2026-11-22T11:00:57Z"}""";

    [Theory]
    [InlineData($"[{One}]")]
    [InlineData(One)]
    [InlineData($$"""{"schema_version":1,"data":[{{One}}]}""")]
    [InlineData($$"""{"schema_version":1,"data":{{One}}}""")]
    [InlineData($$"""{"items":[{{One}}],"schema_version":1}""")]
    [InlineData($$"""{"closed":[{{One}}],"unblocked":[{"id":"bd-2"}]}""")]
    [InlineData($"\n  [ {One} ]\n")]
    public void Every_shape_is_the_same_task(string answer)
    {
        var issue = Assert.Single(BeadsIssue.ParseAll(answer)!);

        Assert.Equal(Parse(One), issue.Task);
        Assert.Empty(issue.OpenBlockers);
    }

    [Theory]
    [InlineData("")]
    [InlineData("No updates specified\n")]
    [InlineData("""{"error":"no issues found matching the provided IDs","schema_version":1}""")]
    [InlineData("""{"data":null}""")]
    [InlineData("""{"items":"none"}""")]
    [InlineData("3")]
    [InlineData("null")]
    [InlineData("\"bd-1\"")]
    [InlineData("[{\"id\":\"bd-1\"")]
    [InlineData("""{"schema_version":1,"status":"added","issue_id":"bd-1","depends_on_id":"bd-2"}""")]
    public void What_is_no_list_of_tasks_is_none(string answer) => Assert.Null(BeadsIssue.ParseAll(answer));

    [Fact]
    public void An_empty_list_is_a_list() => Assert.Empty(BeadsIssue.ParseAll("[]")!);

    [Theory]
    [InlineData("[1,null,\"bd-1\",[]]")]
    [InlineData("""[{"id":"","title":"A"}]""")]
    [InlineData("""[{"id":"../x","title":"A"}]""")]
    [InlineData("""[{"id":5,"title":"A"}]""")]
    [InlineData("""{"id":1,"issue_id":"bd-1","author":"Ann","text":"a remark"}""")]
    public void What_cannot_be_a_task_is_left_out(string answer) => Assert.Empty(BeadsIssue.ParseAll(answer)!);

    [Fact]
    public void Unknown_keys_are_kept_and_those_of_the_answer_are_not()
    {
        var issue = Assert.Single(BeadsIssue.ParseAll(
            """{"id":"bd-1","title":"A","schema_version":1,"parent":"bd-e","dependents":[{"id":"bd-2"}],"epic_total_children":2,"epic_closed_children":1,"epic_closeable":false,"moon":{"phase":1}}""")!);

        Assert.Equal([new("moon", """{"phase":1}""")], issue.Task.Other);
    }

    [Theory]
    [InlineData("1", "1")]
    [InlineData("\"01a202ee-1e7e-70f3-a793-20ca05a53328\"", "01a202ee-1e7e-70f3-a793-20ca05a53328")]
    public void The_id_of_a_comment_may_be_a_number_or_a_text(string json, string id)
    {
        var answer = $$"""[{"id":"bd-1","title":"A","comments":[{"id":{{json}},"issue_id":"bd-1","author":"Ann","text":"c1","created_at":"2026-11-22T11:04:49Z"}]}]""";
        var issue = Assert.Single(BeadsIssue.ParseAll(answer)!);

        Assert.Equal([new(id, "Ann", "c1", "2026-11-22T11:04:49Z")], TaskComments.Of(issue.Task));
        Assert.Contains($"\"id\":{json}", issue.Task.Field("comments")!, StringComparison.Ordinal);
    }

    [Fact]
    public void Whole_tasks_among_the_dependencies_become_edges_and_those_not_over_block()
    {
        static string Edge(string id, string status, string type) =>
            $$"""{"id":"{{id}}","title":"T","status":"{{status}}","priority":2,"issue_type":"task","dependency_type":"{{type}}"}""";

        var issue = Assert.Single(BeadsIssue.ParseAll(
            $$"""
            [{"id":"bd-1","title":"A","dependencies":[{{string.Join(',', new[]
            {
                Edge("bd-z", "open", "blocks"), Edge("bd-b", "in_progress", "conditional-blocks"), Edge("bd-c", "closed", "blocks"), Edge("bd-d", "pinned", "blocks"),
                Edge("bd-e", "tombstone", "blocks"), Edge("bd-f", "open", "related"), Edge("bd-g", "open", "parent-child"), Edge("bd-h", "deferred", "blocks"),
                Edge("bd-i", "blocked", "blocks"), Edge("bd-j", "hooked", "blocks"),
            })}}]}]
            """)!);

        Assert.Equal(["bd-b", "bd-h", "bd-i", "bd-j", "bd-z"], issue.OpenBlockers);
        Assert.Equal(10, issue.Task.Dependencies.Count);
        Assert.Contains(new("bd-f", "related"), issue.Task.Dependencies);
    }

    [Fact]
    public void Raw_edges_stay_as_they_are()
    {
        var issue = Assert.Single(BeadsIssue.ParseAll(
            """[{"id":"bd-1","title":"A","dependencies":[{"issue_id":"bd-1","depends_on_id":"bd-2","type":"waits-for","metadata":"{\"gate\":\"any-children\"}"}],"dependency_count":1}]""")!);

        Assert.True(Assert.Single(issue.Task.Dependencies).WaitsForAny);
        Assert.Empty(issue.OpenBlockers);
    }

    [Theory]
    [InlineData("head", 6, "dup id", "x,y")]
    [InlineData("v1.0.3", 6, "dup id", "x,y")]
    [InlineData("v0.49.6", 6, "Alpha", "x,y")]
    public void Shown_tasks_have_their_labels(string file, int number, string title, string labels)
    {
        var task = Transcript.Of(file, number).One().Task;

        Assert.Equal((title, labels), (task.Title, string.Join(',', task.Labels)));
    }

    [Theory]
    [InlineData("head")]
    [InlineData("v1.0.3")]
    [InlineData("v0.49.6")]
    public void What_is_shown_as_blocked_is_blocked(string file)
    {
        var issue = Transcript.Of(file, 79).One();

        Assert.Equal(["bd-bbb"], issue.OpenBlockers);
        Assert.Equal([new("bd-bbb", DependencyType.Blocks)], issue.Task.Dependencies);
    }

    [Theory]
    [InlineData("head", 1)]
    [InlineData("v1.0.3", 1)]
    [InlineData("v0.49.6", 1)]
    public void A_made_task_is_an_object(string file, int number)
    {
        var task = Transcript.Of(file, number).One().Task;

        Assert.Equal(("bd-aaa", "Alpha", "feature", 1, "ann", "Desc", "AC"), (task.Id.Value, task.Title, task.Type, task.Priority, task.Assignee, task.Description, task.Acceptance));
        Assert.Null(task.Field("schema_version"));
    }

    [Fact]
    public void The_envelope_that_was_recorded_is_opened() =>
        Assert.Equal(["bd-ac2", "bd-ac3", "bd-act"], BeadsIssue.ParseAll(Transcript.Of("head-2", 62).Out)!.Select(issue => issue.Task.Id.Value));
}
