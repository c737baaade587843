using Village.Configuration;
using Village.Scheduling;
using Village.Tasks;
using static Village.Core.Tests.Tasks.TaskSamples;

namespace Village.Core.Tests.Scheduling;

public sealed class PremiseTests
{
    private static readonly VillageConfig Config = VillageConfig.Of([], IniFile.Parse("[DEFAULT]\nDEFAULT_AGENT=build\n[agent.build]\ncommand=x\n", "config", out _), new Dictionary<string, string>());
    private static readonly TaskSpec Planned = Task("bd-a") with { Description = "Do it", Labels = ["ui"] };

    [Fact]
    public void What_is_as_it_was_is_started() => Assert.Null(Objection(Planned));

    [Fact]
    public void What_only_people_look_at_may_change() => Assert.Empty(
        Premise.Of(Planned, isReady: true).Changes(Planned with { Priority = 0, Labels = ["other"], UpdatedAt = "2026-11-22T00:00:00Z", Assignee = "ada" }));

    [Fact]
    public void A_task_that_is_gone_is_not_started() => Assert.Equal(
        new Skip("bd-a", SkipReason.TaskGone, "it is not in the task store any more"), Objection(Task("bd-b")));

    [Fact]
    public void A_task_that_was_closed_is_not_started() => Assert.Equal(
        new Skip("bd-a", SkipReason.TaskClosed, "it was closed before its agent started"), Objection(Planned with { Status = "closed" }));

    public static TheoryData<TaskSpec, SkipReason, string> Waiting => new()
    {
        { Planned with { Dependencies = [new("bd-b", "blocks")] }, SkipReason.Dependencies, "now it is blocked by bd-b" },
        { Planned with { Status = "blocked" }, SkipReason.TaskStatus, "now it has the status 'blocked'" },
        { Planned with { Status = "pinned" }, SkipReason.Pinned, "now it is pinned" },
        { Planned with { DeferUntil = "2026-12-24T00:00:00Z" }, SkipReason.Deferred, "now it is deferred until 2026-12-24T00:00:00Z" },
        { Planned with { Type = "epic" }, SkipReason.TaskType, "now it is of the type 'epic'" },
    };

    [Theory]
    [MemberData(nameof(Waiting))]
    public void A_task_that_waits_by_now_is_not_started_unless_it_waited_before(TaskSpec now, SkipReason reason, string message)
    {
        var objection = Objection(now, Task("bd-b"));

        Assert.Equal((reason, message), (objection?.Reason, objection?.Message));
        Assert.Equal(reason is SkipReason.Dependencies ? ["bd-b"] : [], objection!.BlockedBy.Select(id => id.Value));
        Assert.Null(Objection(now, Task("bd-b"), wasReady: false));
    }

    [Fact]
    public void Nobody_overrules_that_a_task_is_over() => Assert.Equal(
        SkipReason.TaskClosed, Objection(Planned with { Status = "closed" }, wasReady: false)?.Reason);

    [Fact]
    public void A_task_that_was_given_to_another_agent_is_not_started_by_the_first()
    {
        var now = Planned with { Labels = ["agent:test"] };

        Assert.Equal(new Skip("bd-a", SkipReason.WrongAgent, "now it is for the agent 'test'"), Objection(now));
        Assert.Null(Premise.Of(Planned, isReady: true).Objection(Planned.Id, "test", Graph(now), Config));
        Assert.Null(Premise.Of(now, isReady: true).Objection(Planned.Id, "build", Graph(now), Config)); // A person chose that one.
    }

    public static TheoryData<string, TaskSpec> Edits => new()
    {
        { "title", Planned with { Title = "Other" } },
        { "description", Planned with { Description = "Do it well" } },
        { "acceptance criteria", Planned with { Acceptance = "It works" } },
        { "design", Planned with { Design = "Small" } },
        { "notes", Planned with { Notes = "Was hard" } },
        { "dependencies", Planned with { Dependencies = [new("bd-c", "blocks"), new("bd-d", "related")] } },
        { "agent", Planned with { Labels = ["agent:test"] } },
    };

    [Theory]
    [MemberData(nameof(Edits))]
    public void What_the_agent_is_told_is_compared_part_by_part(string part, TaskSpec now) =>
        Assert.Equal([part], Premise.Parse(Premise.Of(Planned, isReady: true).Format()).Changes(now));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_survives_the_way_to_the_supervisor_as_one_word(bool isReady)
    {
        var premise = Premise.Of(Planned, isReady);

        var read = Premise.Parse(premise.Format());

        Assert.Equal((isReady, premise.Format()), (read.WasReady, read.Format()));
        Assert.DoesNotContain(' ', premise.Format());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ready:")]
    [InlineData("ready:a.b")]
    [InlineData("a:b:c")]
    public void Of_what_an_older_program_says_only_the_present_counts(string? text)
    {
        var premise = Premise.Parse(text);

        Assert.Empty(premise.Changes(Planned with { Title = "Other" }));
        Assert.Null(premise.Objection(Planned.Id, "build", Graph(Planned with { Labels = ["agent:test"], Status = "blocked" }), Config));
    }

    private static Skip? Objection(TaskSpec now, TaskSpec? other = null, bool wasReady = true) =>
        Premise.Of(Planned, wasReady).Objection(Planned.Id, "build", Graph([now, .. other is null ? [] : new[] { other }]), Config);

    private static TaskGraph Graph(params TaskSpec[] tasks) => new(tasks, Now, new HashSet<TaskId>());
}
