using System.Text;
using System.Text.Json;
using Village.Tasks;

namespace Village.Core.Tests.Tasks;

public sealed class TaskLineTests
{
    // Lines of `bd export` 0.49.6.
    private const string Classic = """
        {"id":"bd-aaa","title":"A3","status":"open","priority":2,"issue_type":"task","owner":"ann@example.com","created_at":"2026-11-22T11:04:38.78968336Z","created_by":"Ann Dev","updated_at":"2026-11-22T11:04:43.537258904Z","due_at":"2099-01-02T00:00:00Z","labels":["l1","l2"],"dependencies":[{"issue_id":"bd-aaa","depends_on_id":"bd-bbb","type":"blocks","created_at":"2026-11-22T11:04:39.787558237Z","created_by":"Ann Dev"}],"comments":[{"id":1,"issue_id":"bd-aaa","author":"Ann Dev","text":"c1","created_at":"2026-11-22T11:04:40Z"}]}
        {"id":"bd-dng","title":"dangling","status":"open","priority":2,"issue_type":"task","created_at":"2020-01-01T00:00:00Z","updated_at":"2020-01-01T00:00:00Z","dependencies":[{"issue_id":"bd-dng","depends_on_id":"external:p:c","type":"blocks","created_at":"2020-01-01T00:00:00Z","created_by":"import"}]}
        {"id":"bd-new","title":"New","spec_id":"S-1","status":"open","priority":0,"issue_type":"task","created_at":"2020-01-01T00:00:00.123456789+02:00","updated_at":"2020-01-01T00:00:00Z","metadata":{"village":{"s":1}},"labels":["q"],"dependencies":[{"issue_id":"bd-new","depends_on_id":"bd-aaa","type":"waits-for","created_at":"2020-01-01T00:00:00Z","created_by":"zed","metadata":"{\"gate\":\"any-children\"}"}],"comments":[{"id":2,"issue_id":"bd-new","author":"x","text":"hi","created_at":"2020-01-02T00:00:00Z"}]}
        {"id":"bd-tmb","title":"dead","status":"tombstone","priority":2,"issue_type":"task","created_at":"2020-01-01T00:00:00Z","updated_at":"2020-01-01T00:00:00Z","deleted_at":"2026-11-01T00:00:00Z"}
        {"id":"vil-a3f","title":"A \u003cx\u003e","description":"d","acceptance_criteria":"ac","status":"in_progress","priority":1,"issue_type":"task","assignee":"host/w1","created_at":"2026-11-01T10:00:00Z","created_by":"v","updated_at":"2026-11-02T10:00:00Z","metadata":{"village_state":"PAUSED"},"labels":["village:paused","z"]}
        {"id":"vil-b7c","title":"B","status":"closed","priority":0,"issue_type":"bug","created_at":"2026-11-01T09:00:00Z","updated_at":"2026-11-01T12:00:00Z","closed_at":"2026-11-01T12:00:00Z","close_reason":"done"}
        """;

    // Lines of `bd export` at its newest.
    private const string Modern = """
        {"_type":"issue","id":"bd-aaa","title":"A \u003c\u0026\u003e","description":"d","design":"des","acceptance_criteria":"ac","notes":"n","status":"open","priority":2,"issue_type":"task","owner":"ann@example.com","estimated_minutes":30,"created_at":"2026-11-22T11:03:16Z","created_by":"Ann Dev","updated_at":"2026-11-22T11:03:16Z","due_at":"2099-01-02T00:00:00Z","external_ref":"gh-9","labels":["l1","l2"],"dependencies":[{"issue_id":"bd-aaa","depends_on_id":"bd-bbb","type":"blocks","created_at":"2026-11-22T11:03:16Z","created_by":"Ann Dev","metadata":"{}"}],"comments":[{"id":"01a202ec-b3ff-7d03-b0c5-951fd39e3d3e","issue_id":"bd-aaa","author":"Ann Dev","text":"c1","created_at":"2026-11-22T11:03:16Z"}],"dependency_count":1,"dependent_count":0,"comment_count":1}
        {"_type":"issue","id":"vil-e1.1","title":"child","status":"deferred","priority":2,"issue_type":"task","created_at":"2026-11-01T09:00:00Z","updated_at":"2026-11-01T12:00:00Z","due_at":"2099-02-01T00:00:00Z","defer_until":"2099-01-01T00:00:00Z","dependencies":[{"issue_id":"vil-e1.1","depends_on_id":"vil-b7c","type":"discovered-from","created_at":"2026-11-01T09:00:00Z","created_by":"Ann Dev","metadata":"{}"},{"issue_id":"vil-e1.1","depends_on_id":"vil-e1","type":"parent-child","created_at":"2026-11-01T09:00:00Z","created_by":"Ann Dev","metadata":"{}"}],"dependency_count":0,"dependent_count":0,"comment_count":0}
        """;

    // Written by hand: blanks, fields in a foreign order, edges and labels unsorted, keys that nobody knows.
    private const string Mixed = """
        {"title": "New", "village": {"k": 1}, "comments": [], "id": "bd-new", "labels": ["q", "b", "q"], "deleted_at": null, "metadata": {"village": {"s": 1}}, "priority": 0, "dependencies": [{"depends_on_id": "bd-z", "zz": [1], "issue_id": "bd-new", "type": "blocks", "thread_id": "t"}, {"depends_on_id": "bd-a", "type": "waits-for", "metadata": "{\"gate\":\"any-children\"}"}], "owner": "ann", "description": null}
        """;

    public static TheoryData<string> ClassicLines => [.. Classic.Split('\n')];

    public static TheoryData<string> ModernLines => [.. Modern.Split('\n')];

    [Theory]
    [MemberData(nameof(ClassicLines))]
    public void A_classic_line_is_written_as_it_was(string line) => Assert.Equal(line + "\n", TaskSamples.Format(TaskSamples.Parse(line)));

    [Theory]
    [MemberData(nameof(ModernLines))]
    public void A_modern_line_loses_only_its_type_and_its_counts(string line)
    {
        var expected = line.Replace("\"_type\":\"issue\",", "", StringComparison.Ordinal);
        expected = expected[..expected.IndexOf(",\"dependency_count\"", StringComparison.Ordinal)] + "}\n";

        Assert.Equal(expected, TaskSamples.Format(TaskSamples.Parse(line)));
    }

    [Fact]
    public void A_foreign_line_is_put_in_order_and_loses_nothing() => Assert.Equal(
        """
        {"id":"bd-new","title":"New","status":"open","priority":0,"issue_type":"task","owner":"ann","metadata":{"village": {"s": 1}},"labels":["b","q"],"dependencies":[{"issue_id":"bd-new","depends_on_id":"bd-a","type":"waits-for","metadata":"{\"gate\":\"any-children\"}"},{"issue_id":"bd-new","depends_on_id":"bd-z","type":"blocks","zz":[1],"thread_id":"t"}],"village":{"k": 1},"deleted_at":null}

        """,
        TaskSamples.Format(TaskSamples.Parse(Mixed)));

    [Fact]
    public void Every_field_lands_where_it_belongs()
    {
        var task = TaskSamples.Parse(
            """
            {"id":"bd-1","title":"T","description":"D","design":"E","acceptance_criteria":"A","notes":"N","status":"closed","priority":1,"issue_type":"bug","assignee":"S","owner":"O","created_at":"2026-01-01T00:00:00Z","created_by":"C","updated_at":"2026-01-02T00:00:00Z","closed_at":"2026-01-03T00:00:00Z","close_reason":"R","due_at":"2026-01-04T00:00:00Z","defer_until":"2026-01-05T00:00:00Z","labels":["l"],"dependencies":[{"issue_id":"bd-1","depends_on_id":"bd-2","type":"blocks","created_at":"2026-01-06T00:00:00Z","created_by":"B","metadata":"{}","thread_id":"t"}]}
            """);

        Assert.Equal(("bd-1", "T", "D", "E", "A", "N"), (task.Id.Value, task.Title, task.Description, task.Design, task.Acceptance, task.Notes));
        Assert.Equal(("closed", 1, "bug", "S", "C", "R"), (task.Status, task.Priority, task.Type, task.Assignee, task.CreatedBy, task.CloseReason));
        Assert.Equal((1, 2, 3), (task.CreatedTime?.Day, task.UpdatedTime?.Day, task.ClosedTime?.Day));
        Assert.Equal((4, 5), (task.DueTime?.Day, task.DeferTime?.Day));
        Assert.Equal(["l"], task.Labels);
        Assert.Equal([KeyValuePair.Create("owner", "\"O\"")], task.Other);
        Assert.Equal(
            [new("bd-2", "blocks") { CreatedAt = "2026-01-06T00:00:00Z", CreatedBy = "B", Metadata = "{}", Other = [new("thread_id", "\"t\"")] }],
            task.Dependencies);
    }

    [Fact]
    public void What_a_line_does_not_say_is_what_beads_takes_for_granted()
    {
        var task = TaskSamples.Parse("""{"id":"bd-1","title":"T"}""");

        Assert.Equal(("open", 0, "task"), (task.Status, task.Priority, task.Type));
        Assert.Null(task.CreatedTime);
    }

    [Fact]
    public void An_own_line_says_the_least_that_is_needed() => Assert.Equal(
        """
        {"id":"bd-1","title":"T","status":"open","priority":2,"issue_type":"task"}

        """,
        TaskSamples.Format(new() { Id = TaskSamples.Id("bd-1"), Title = "T" }));

    [Theory]
    [InlineData("""{"id":"bd-1","title":"T","status":"tombstone"}""", TaskLineKind.Tombstone)]
    [InlineData("""{"_type":"memory","key":"k","value":"v"}""", TaskLineKind.Foreign)]
    [InlineData("""{"title":7,"_type":"molecule"}""", TaskLineKind.Foreign)]
    [InlineData("""{"_type":7}""", TaskLineKind.Foreign)]
    [InlineData("""{"_schema":"beads-jsonl/1"}""", TaskLineKind.Nothing)]
    [InlineData(" \r\n", TaskLineKind.Nothing)]
    [InlineData("", TaskLineKind.Nothing)]
    [InlineData("\uFEFF{\"id\":\"bd-1\",\"title\":\"T\"}\r\n", TaskLineKind.Task)]
    public void A_line_is_of_a_kind(string line, TaskLineKind kind) => Assert.Equal(kind, TaskLine.Parse(Encoding.UTF8.GetBytes(line)).Kind);

    [Theory]
    [InlineData("<<<<<<< HEAD", "is a merge conflict marker")]
    [InlineData("||||||| 1234567", "is a merge conflict marker")]
    [InlineData("=======", "is a merge conflict marker")]
    [InlineData(">>>>>>> theirs", "is a merge conflict marker")]
    [InlineData("nonsense", "is not a JSON object")]
    [InlineData("[]", "is not a JSON object")]
    [InlineData("""{"id":"bd-1","title":"T" """, "is not a JSON object")]
    [InlineData("""{"id":"bd-1","title":"T"}{"id":"bd-2","title":"U"}""", "is not a JSON object")]
    [InlineData("""{"title":"T"}""", "has no 'id'")]
    [InlineData("""{"id":"../x","title":"T"}""", "has an 'id' that is no task id")]
    [InlineData("""{"id":"bd-1"}""", "has no 'title'")]
    [InlineData("""{"id":"bd-1","title":["T"]}""", "has a 'title' that is no text")]
    [InlineData("""{"id":"bd-1","title":"\ud800"}""", "has an escape that is half a character")]
    [InlineData("""{"id":"bd-1","title":"T","priority":"P1"}""", "has a 'priority' that is not 0 to 4")]
    [InlineData("""{"id":"bd-1","title":"T","priority":5}""", "has a 'priority' that is not 0 to 4")]
    [InlineData("""{"id":"bd-1","title":"T","defer_until":"tomorrow"}""", "has a 'defer_until' that is no time")]
    [InlineData("""{"id":"bd-1","title":"T","labels":{"a":1}}""", "has 'labels' that are no list")]
    [InlineData("""{"id":"bd-1","title":"T","labels":[["a"]]}""", "has a 'label' that is no text")]
    [InlineData("""{"id":"bd-1","title":"T","dependencies":["bd-2"]}""", "has a dependency that is no object")]
    [InlineData("""{"id":"bd-1","title":"T","dependencies":[{"type":"blocks"}]}""", "has a dependency without 'depends_on_id'")]
    [InlineData("""{"id":"bd-1","title":"T","dependencies":[{"depends_on_id":"bd-2"}]}""", "has a dependency without 'type'")]
    [InlineData("""{"id":"bd-1","title":"T","dependencies":[{"issue_id":"bd-3","depends_on_id":"bd-2","type":"blocks"}]}""", "has a dependency of another task")]
    [InlineData("""{"dependencies":[{"issue_id":"bd-3","depends_on_id":"bd-2","type":"blocks"}],"id":"bd-1","title":"T"}""", "has a dependency of another task")]
    public void A_line_that_cannot_be_understood_says_why(string line, string problem) => Assert.Equal(problem, TaskSamples.Problem(line));

    [Theory]
    [InlineData("""{"id":"bd-1","title":"T","priority":1.5}""", "has a 'priority' that is not 0 to 4")]
    [InlineData("""{"id":"bd-1","title":"T","priority":-1}""", "has a 'priority' that is not 0 to 4")]
    [InlineData("""{"id":"bd-1","title":"T","priority":99999999999}""", "has a 'priority' that is not 0 to 4")]
    [InlineData("""{"id":"bd-1","title":"T","dependencies":{}}""", "has 'dependencies' that are no list")]
    [InlineData("""{"id":"bd-1","title":"T","dependencies":"bd-2"}""", "has 'dependencies' that are no list")]
    [InlineData("""{"dependencies":[{"issue_id":"bd-1","depends_on_id":"bd-2","type":"blocks"},{"issue_id":"bd-4","depends_on_id":"bd-3","type":"blocks"}],"id":"bd-1","title":"T"}""", "has dependencies of different tasks")]
    [InlineData("""{"id":"bd-1","title":"T","dependencies":[{"issue_id":7,"depends_on_id":"bd-2","type":"blocks"}]}""", "has a 'issue_id' that is no text")]
    [InlineData("""{"id":"bd-1","title":"T","dependencies":[{"depends_on_id":["bd-2"],"type":"blocks"}]}""", "has a 'depends_on_id' that is no text")]
    [InlineData("""{"id":7,"title":8,"priority":9}""", "has a 'id' that is no text")] // The first of several.
    public void The_first_thing_that_is_wrong_is_said(string line, string problem) => Assert.Equal(problem, TaskSamples.Problem(line));

    [Theory]
    [InlineData("\"dependencies\":null,\"labels\":null,\"priority\":null,\"created_at\":null,\"defer_until\":\"\"")]
    [InlineData("\"dependencies\":[],\"labels\":[],\"owner\":\"\",\"pinned\":false,\"comments\":[],\"metadata\":null")]
    [InlineData("\"_type\":\"issue\",\"dependency_count\":1,\"dependent_count\":[2],\"comment_count\":{\"a\":3}")]
    public void Nothing_is_as_good_as_an_absent_field(string fields) => Assert.Equal(
        TaskSamples.Parse("""{"id":"bd-1","title":"T"}"""), TaskSamples.Parse($$"""{"id":"bd-1","title":"T",{{fields}}}"""));

    [Theory]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("\"BD-1\"")]
    public void An_edge_may_leave_out_whose_it_is(string owner) => Assert.Equal(
        [new("bd-2", "blocks")],
        TaskSamples.Parse($$"""{"id":"bd-1","title":"T","dependencies":[{"issue_id":{{owner}},"depends_on_id":"bd-2","type":"blocks"}]}""").Dependencies);

    [Fact]
    public void Every_field_that_Beads_knows_comes_back_in_its_place()
    {
        string[] ours =
        [
            "id", "title", "description", "design", "acceptance_criteria", "notes", "status", "priority", "issue_type", "assignee", "created_at", "created_by",
            "updated_at", "closed_at", "close_reason", "due_at", "defer_until", "labels", "dependencies",
        ];
        string[] others =
        [
            "spec_id", "owner", "estimated_minutes", "started_at", "closed_by_session", "external_ref", "source_system", "metadata", "compaction_level", "compacted_at",
            "compacted_at_commit", "original_size", "comments", "sender", "ephemeral", "no_history", "wisp_type", "pinned", "is_template", "bonded_from", "await_type",
            "await_id", "timeout", "waiters", "source_formula", "source_location", "mol_type", "work_type", "event_kind", "actor", "target", "payload",
        ];
        var fields = ours.Select(name => (name, value: name switch
        {
            "id" => "\"bd-1\"",
            "priority" => "1",
            "labels" => "[\"l\"]",
            "dependencies" => """[{"issue_id":"bd-1","depends_on_id":"bd-2","type":"blocks"}]""",
            _ when name.EndsWith("_at", StringComparison.Ordinal) || name is "defer_until" => "\"2026-01-01T00:00:00Z\"",
            _ => $"\"{name}\"",
        })).Concat(others.Select(name => (name, value: $"[\"{name}\"]"))).ToList();

        var line = TaskSamples.Format(TaskSamples.Parse($$"""{{{string.Join(',', fields.AsEnumerable().Reverse().Select(field => $"\"{field.name}\":{field.value}"))}}}"""));

        using var json = JsonDocument.Parse(line);
        Assert.Equal(fields.OrderBy(field => field.name, StringComparer.Ordinal), json.RootElement.EnumerateObject()
            .Select(field => (field.Name, field.Value.GetRawText())).OrderBy(field => field.Name, StringComparer.Ordinal));
        Assert.Equal(line, TaskSamples.Format(TaskSamples.Parse(line)));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_a_problem() =>
        Assert.Equal("is not UTF-8", TaskLine.Parse([.. "{\"id\":\"bd-1\",\"title\":\""u8, 0xff, .. "\"}"u8]).Problem);

    [Fact]
    public void Edges_may_come_before_the_id()
    {
        var task = TaskSamples.Parse(
            """
            {"dependencies":[{"issue_id":"bd-1","depends_on_id":"bd-2","type":"blocks"},{"issue_id":"bd-1","depends_on_id":"bd-3","type":"blocks"}],"id":"bd-1","title":"T"}
            """);

        Assert.Equal(["bd-2", "bd-3"], task.Dependencies.Select(edge => edge.DependsOn));
    }

    [Fact]
    public void An_escape_is_not_taken_for_the_text_that_looks_like_it()
    {
        var task = TaskSamples.Parse(
            """
            {"id":"bd-1","t\u0069tle":"T","created_by":"a\\nb","dependencies":[{"depends_on_id":"bd-2","typ\u0065":"blocks","created_by":"a\nb"}]}
            """);

        Assert.Equal(("T", "a\\nb", "a\nb"), (task.Title, task.CreatedBy, task.Dependencies[0].CreatedBy));
    }

    [Fact]
    public void A_value_over_several_lines_becomes_one_line()
    {
        var task = TaskSamples.Parse("{\"id\":\"bd-1\",\"title\":\"T\",\"metadata\":{\n  \"a\": \"x\\ny\"\r\n}}");

        Assert.Equal("""{  "a": "x\ny"}""", task.Field("metadata"));
    }
}
