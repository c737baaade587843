using Village.Core.Tests.Leases;
using Village.Core.Tests.Tasks;
using Village.Events;
using Village.Leases;
using Village.Tasks;
using Village.Undo;

namespace Village.Core.Tests.Undo;

public sealed class StepsTests
{
    private static readonly UndoGround All = new(
        new HashSet<string> { "t1", "t2", "t3", "s1" }, new HashSet<string> { "trash/a/1-1" }, new HashSet<string>(), new Dictionary<string, string>(), new HashSet<string>());

    private int second;

    [Fact]
    public void Steps_are_undone_once_and_the_last_one_first()
    {
        List<VillageEvent> log = [Rollback("a", "t1"), Rollback("b", "t2"), Rollback("a", "t3")];

        Assert.Equal("t3", Last(log)!.Event.Trash);
        Assert.Equal("t2", Last(log, "b")!.Event.Trash);
        log.Add(Undone(log[2]));
        Assert.Equal("t2", Last(log)!.Event.Trash);
        Assert.Equal("t1", Last(log, "a")!.Event.Trash);
        log.AddRange([Undone(log[1]), Undone(log[0])]);
        Assert.Null(Last(log));
    }

    [Fact]
    public void What_an_undo_put_aside_is_a_step_once_the_undo_is_done_and_not_before()
    {
        List<VillageEvent> log = [Rollback("a", "t1")];
        log.Add(Undone(log[0]) with { Reason = "put_aside", Trash = "s1" });

        Assert.Equal("t1", Last(log)!.Event.Trash);
        log.Add(Undone(log[0]));
        Assert.Equal("s1", Last(log)!.Event.Trash);
        log.Add(Undone(log[1]));
        Assert.Null(Last(log));
    }

    [Fact]
    public void What_is_no_longer_in_the_trash_cannot_be_undone() =>
        Assert.Equal("t1", Last([Rollback("a", "t1"), Rollback("a", "dropped")])!.Event.Trash);

    [Theory]
    [InlineData(null, null, false, true)]
    [InlineData(null, null, true, false)]
    [InlineData("t1", null, true, true)]
    [InlineData("dropped", null, false, false)]
    [InlineData("dropped", "trash/a/1-1", false, false)]
    [InlineData("t1", "trash/a/1-1", true, true)]
    public void A_workspace_comes_back_when_it_is_gone_or_held_something(string? trash, string? kept, bool isThere, bool canBeUndone)
    {
        var removed = new VillageEvent { Ts = Now(), Cmd = "cleanup", Task = "a", Result = "ok", Reason = "workspace", Trash = trash, Kept = kept, Commit = "c" };

        Assert.Equal(canBeUndone, Steps.Last(Steps.Of([removed]), null, All with { Workspaces = isThere ? new HashSet<string> { "a" } : [] }) is not null);
        Assert.Empty(Steps.Of([removed with { Result = "error" }]));
    }

    [Fact]
    public void A_lease_comes_back_with_the_state_that_the_task_had_until_the_task_goes_on()
    {
        var lease = LeaseSamples.Lease("a");
        List<VillageEvent> log = [To("a", TaskState.Claimed, 7), To("a", TaskState.InProgress, 7), To("a", TaskState.Paused, 7)];
        var entry = Fold(log).Of(TaskId.Parse("a"));
        log.AddRange(LeaseProtocol.PutBack(TaskId.Parse("a"), entry, lease, "unlock", "stale_lease", null).Events.Select(e => e with { Ts = Now() }));

        var step = Last(log)!;
        Assert.Equal((StepKind.Lease, TaskState.Paused), (step.Kind, step.Before));
        Assert.Null(Steps.Last(Steps.Of(log), null, All with { Leases = new HashSet<string> { "a" } }));

        var (e, text) = LeaseProtocol.BringBack(TaskId.Parse("a"), Fold(log).Of(TaskId.Parse("a")), step.Event.Lease!, step.Before);
        List<VillageEvent> undone = [.. log, e with { Ts = Now(), Undid = step.Id }];
        var after = Fold(undone).Of(TaskId.Parse("a"));
        Assert.Equal((TaskState.Paused, 9L), (after.State, after.Generation));
        var restored = LeaseSamples.Parse(text);
        Assert.Equal((9L, TaskState.Paused, lease.Nonce), (restored.Generation, restored.State, restored.Nonce));
        Assert.False(LeaseProtocol.Holds(lease.Fence, after, restored), "the worker that had it stays fenced");
        Assert.True(LeaseProtocol.Holds(restored.Fence, after, restored));
        Assert.Null(Last(undone));
        Assert.Equal("a", Assert.Single(Steps.LeasesOnTheWay(undone)).Task);
        Assert.Empty(Steps.LeasesOnTheWay([.. undone, Rollback("a", "t1")]));

        Assert.Null(Last([.. log, To("a", TaskState.Claimed, 9)]));
    }

    [Fact]
    public void The_lease_of_an_ended_task_comes_back_as_it_was_without_a_change_of_state()
    {
        var lease = LeaseSamples.Lease("a") with { State = TaskState.Failed };
        List<VillageEvent> log = [To("a", TaskState.InProgress, 7), To("a", TaskState.Failed, 7)];
        log.AddRange(LeaseProtocol.PutBack(TaskId.Parse("a"), Fold(log).Of(TaskId.Parse("a")), lease, "unlock", "stale_lease", null).Events.Select(e => e with { Ts = Now() }));
        var step = Last(log)!;

        var (e, text) = LeaseProtocol.BringBack(TaskId.Parse("a"), Fold(log).Of(TaskId.Parse("a")), step.Event.Lease!, step.Before);

        Assert.Equal((null, LeaseFile.Format(lease)), (e.To, text));
        Assert.Equal(TaskState.Failed, Fold([.. log, e]).Of(TaskId.Parse("a")).State);
    }

    [Fact]
    public void An_undo_of_a_state_is_no_start_and_no_failure()
    {
        List<VillageEvent> log = [To("a", TaskState.InProgress, 1) with { Attempt = 1 }, To("a", TaskState.Failed, 1)];
        var before = Fold(log).Of(TaskId.Parse("a"));

        var after = Fold([.. log, To("a", TaskState.InProgress, 2) with { Cmd = "undo", Attempt = 9 }, To("a", TaskState.Failed, 3) with { Cmd = "undo" }]).Of(TaskId.Parse("a"));

        Assert.Equal((before.Attempt, before.LastStart, before.FailuresInARow, 3L), (after.Attempt, after.LastStart, after.FailuresInARow, after.Generation));
    }

    [Fact]
    public void A_branch_comes_back_while_there_is_none()
    {
        var removed = new VillageEvent { Ts = Now(), Cmd = "cleanup", Task = "a", Result = "ok", Reason = "branch", Commit = "c1" };

        Assert.Equal(StepKind.Branch, Last([removed])!.Kind);
        Assert.Null(Steps.Last(Steps.Of([removed]), null, All with { Branches = new Dictionary<string, string> { ["village/a"] = "c2" } }));
    }

    private static Step? Last(IReadOnlyList<VillageEvent> log, string? task = null) => Steps.Last(Steps.Of(log), task is null ? null : TaskId.Parse(task), All);

    private static Ledger Fold(IEnumerable<VillageEvent> log) => Events.EventSamples.Ledger(log);

    private VillageEvent Rollback(string task, string trash) => new() { Ts = Now(), Cmd = "rollback", Task = task, Result = "ok", Reason = "agent_exit", Trash = trash };

    private VillageEvent Undone(VillageEvent step) => new() { Ts = Now(), Cmd = "undo", Task = step.Task, Result = "ok", Reason = "work", Undid = Steps.IdOf(step) };

    private VillageEvent To(string task, TaskState to, long generation) => new() { Ts = Now(), Cmd = "worker", Task = task, To = to, Generation = generation, Attempt = 1 };

    private DateTimeOffset Now() => TaskSamples.Now.AddSeconds(second++);
}
