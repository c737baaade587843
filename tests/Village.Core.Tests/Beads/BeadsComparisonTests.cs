using Village.Beads;
using Village.Tasks;
using static Village.Core.Tests.Tasks.TaskSamples;

namespace Village.Core.Tests.Beads;

/// <summary>Whether a task has arrived.</summary>
public sealed class BeadsComparisonTests
{
    private static readonly TaskSpec Sample = Parse(
        """
        {"id":"bd-1","title":"T","description":"d","design":"s","acceptance_criteria":"a","notes":"n","status":"closed","priority":1,"issue_type":"bug","assignee":"ann","owner":"ann@example.com","estimated_minutes":30,"created_at":"2026-11-22T11:03:16.123456789Z","created_by":"Ann","updated_at":"2026-11-22T11:03:16Z","closed_at":"2026-11-22T11:03:17Z","close_reason":"done","due_at":"2099-01-02T00:00:00Z","defer_until":"2026-11-23T00:00:00Z","metadata":{"a":1,"b":{"c":[1,2]}},"labels":["l1","l2"],"dependencies":[{"issue_id":"bd-1","depends_on_id":"bd-2","type":"blocks","created_by":"Ann"}],"comments":[{"id":1,"author":"Ann","text":"c","created_at":"2026-11-22T11:03:16Z"}]}
        """.Trim());

    [Fact]
    public void A_task_is_like_itself() => Assert.Empty(Differences(Sample));

    [Fact]
    public void What_Beads_makes_anew_is_no_difference() => Assert.Empty(Differences((Sample with
    {
        CreatedAt = "2026-11-22T12:03:16+01:00",
        UpdatedAt = "2027-01-01T00:00:00Z",
        CreatedBy = "somebody",
        Dependencies = [new("BD-2", DependencyType.Blocks) { CreatedBy = "import", Metadata = "{}" }],
    }).WithField("owner", null).WithField("started_at", "\"2026-11-22T11:03:16Z\"").WithField("metadata", """{ "b": {"c":[1,2]}, "a": 1 }""")
        .WithField("comments", """[{"id":"01a2","issue_id":"bd-1","author":"Ann","text":"c","created_at":"2026-11-22T11:03:16Z"}]""")));

    public static TheoryData<string> Fields => [.. Changes.Keys];

    private static readonly Dictionary<string, Func<TaskSpec, TaskSpec>> Changes = new()
    {
        ["title"] = task => task with { Title = "U" },
        ["description"] = task => task with { Description = "" },
        ["acceptance"] = task => task with { Acceptance = "x" },
        ["design"] = task => task with { Design = "x" },
        ["notes"] = task => task with { Notes = "x" },
        ["status"] = task => task with { Status = "open" },
        ["priority"] = task => task with { Priority = 0 },
        ["type"] = task => task with { Type = "task" },
        ["assignee"] = task => task with { Assignee = "" },
        ["labels"] = task => task with { Labels = ["l1"] },
        ["dependencies"] = task => task with { Dependencies = [new("bd-2", "related")] },
        ["comments"] = task => task.WithField("comments", null),
        ["metadata"] = task => task.WithField("metadata", """{"a":1}"""),
        ["created_at"] = task => task with { CreatedAt = "2026-11-22T11:03:17Z" },
        ["closed_at"] = task => task with { ClosedAt = "" },
        ["due_at"] = task => task with { DueAt = "" },
        ["defer_until"] = task => task with { DeferUntil = "2026-11-24T00:00:00Z" },
        ["close_reason"] = task => task with { CloseReason = "Closed" },
        ["estimated_minutes"] = task => task.WithField("estimated_minutes", "31"),
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public void Every_other_field_counts(string field) => Assert.Equal([field], Differences(Changes[field](Sample)));

    [Fact]
    public void What_is_not_there_differs_in_all() => Assert.Equal(["all of it"], BeadsComparison.Differences(Sample, null, _ => true));

    [Fact]
    public void An_edge_to_what_is_not_there_is_not_missed() =>
        Assert.Empty(BeadsComparison.Differences(Sample, Sample with { Dependencies = [] }, id => id is not "bd-2"));

    [Fact]
    public void A_field_that_Beads_does_not_know_is_not_missed() =>
        Assert.Empty(BeadsComparison.Differences(Sample.WithField("moon", "1"), Sample, _ => true));

    [Fact]
    public void Metadata_that_say_nothing_are_none()
    {
        Assert.Empty(BeadsComparison.Differences(Sample.WithField("metadata", null), Sample.WithField("metadata", "{}"), _ => true));
        Assert.Equal(["metadata"], BeadsComparison.Differences(Sample.WithField("metadata", null), Sample, _ => true));
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""", """{"a":1,"a":2} """)]
    [InlineData("""{"a":1,"a":2}""", """{"a":1}""")]
    public void Metadata_with_a_key_twice_are_compared_without_a_crash(string mine, string theirs) =>
        Assert.Equal(mine == theirs.Trim() ? [] : ["metadata"], BeadsComparison.Differences(Sample.WithField("metadata", mine), Sample.WithField("metadata", theirs), _ => true));

    [Fact]
    public void Metadata_may_be_deep()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 200)) + "1" + new string('}', 200);

        Assert.Empty(BeadsComparison.Differences(Sample.WithField("metadata", deep), Sample.WithField("metadata", deep.Replace(":", ": ", StringComparison.Ordinal)), _ => true));
    }

    [Fact]
    public void What_Beads_will_lose_is_said_before()
    {
        var task = (Sample with { Dependencies = [new("bd-2", "blocks"), new("bd-3", "waits-for") { Metadata = """{"gate":"any-children"}""" }] }).WithField("moon", "1");

        Assert.Equal(
            [
                "bd-1 depends on bd-2, which is not there; Beads may drop that",
                "bd-1 waits for one child of bd-3; Beads may make that all of them",
                "bd-1 has a field 'moon', which Beads does not know",
            ],
            BeadsComparison.Losses(task, id => id is "bd-3"));
        Assert.Empty(BeadsComparison.Losses(Sample, _ => true));
    }

    private static IReadOnlyList<string> Differences(TaskSpec theirs) => BeadsComparison.Differences(Sample, theirs, _ => true);
}
