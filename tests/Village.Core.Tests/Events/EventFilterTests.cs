using Village.Events;
using Village.Tasks;

namespace Village.Core.Tests.Events;

public sealed class EventFilterTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly VillageEvent Failed = new()
    {
        Ts = Noon, Cmd = "worker", Task = "bd-a3f", Result = "error", From = TaskState.InProgress, To = TaskState.Failed, Agent = "build",
    };

    public static TheoryData<string, EventFilter> Hits() => new()
    {
        { "nothing asked", new() },
        { "task", new() { Task = TaskId.Parse("BD-A3F") } },
        { "cmd", new() { Cmd = "Worker" } },
        { "result", new() { Status = "ERROR" } },
        { "state", new() { Status = "Failed" } },
        { "agent", new() { Agent = "Build" } },
        { "since its own time", new() { Since = Noon } },
        { "until later", new() { Until = Noon.AddTicks(1) } },
        { "all of it", new() { Task = TaskId.Parse("bd-a3f"), Cmd = "worker", Status = "failed", Agent = "build", Since = Noon, Until = Noon.AddHours(1) } },
    };

    public static TheoryData<string, EventFilter> Misses() => new()
    {
        { "task", new() { Task = TaskId.Parse("bd-a3f.1") } },
        { "cmd", new() { Cmd = "work" } },
        { "state before", new() { Status = "in_progress" } },
        { "agent", new() { Agent = "builder" } },
        { "since", new() { Since = Noon.AddTicks(1) } },
        { "until its own time", new() { Until = Noon } },
        { "one of several", new() { Task = TaskId.Parse("bd-a3f"), Status = "ok" } },
    };

    [Theory]
    [MemberData(nameof(Hits))]
    public void An_event_is_shown_when_all_that_is_asked_holds(string what, EventFilter filter) => Assert.True(filter.Matches(Failed), what);

    [Theory]
    [MemberData(nameof(Misses))]
    public void An_event_is_left_out_when_one_thing_does_not_hold(string what, EventFilter filter) => Assert.False(filter.Matches(Failed), what);

    [Fact]
    public void A_group_of_commands_means_all_of_them()
    {
        var e = Failed with { Cmd = "task dep add" };

        Assert.All(new[] { "task", "task dep", "task dep add", "TASK" }, cmd => Assert.True(new EventFilter { Cmd = cmd }.Matches(e), cmd));
        Assert.All(new[] { "tas", "task d", "dep" }, cmd => Assert.False(new EventFilter { Cmd = cmd }.Matches(e), cmd));
    }

    [Fact]
    public void An_event_that_lacks_what_is_asked_for_is_left_out()
    {
        var bare = new VillageEvent { Ts = Noon, Cmd = "up" };

        Assert.All(
            new EventFilter[] { new() { Task = TaskId.Parse("up") }, new() { Status = "ok" }, new() { Agent = "up" } },
            filter => Assert.False(filter.Matches(bare)));
    }

    [Theory]
    [InlineData("2026-01-22", "2026-01-22T00:00:00.0000000+00:00")]
    [InlineData("2026-01-22T10:41", "2026-01-22T10:41:00.0000000+00:00")]
    [InlineData(" 2026-01-22 10:41:12 ", "2026-01-22T10:41:12.0000000+00:00")]
    [InlineData("2026-01-22t10:41:12.5z", "2026-01-22T10:41:12.5000000+00:00")]
    [InlineData("2026-01-22T10:41+01:30", "2026-01-22T09:11:00.0000000+00:00")]
    [InlineData("2026-01-22T10:41:12.123456789Z", "2026-01-22T10:41:12.1234567+00:00")]
    [InlineData("2026-02-30", null)]
    [InlineData("2026-01-22T25:00", null)]
    [InlineData("2026-01-22Z", null)]
    [InlineData("yesterday", null)]
    [InlineData("1h", null)]
    [InlineData("", null)]
    public void Times_are_read_as_people_type_them_and_are_UTC_without_a_zone(string text, string? time) =>
        Assert.Equal(time, EventFilter.ParseTime(text)?.ToString("O"));
}
