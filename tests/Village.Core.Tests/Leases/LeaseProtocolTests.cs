using Village.Core.Tests.Tasks;
using Village.Events;
using Village.Leases;
using Village.Observation;
using Village.Scheduling;
using Village.Tasks;
using static Village.Core.Tests.Events.EventSamples;
using static Village.Core.Tests.Leases.LeaseSamples;

namespace Village.Core.Tests.Leases;

public sealed class LeaseProtocolTests
{
    private static readonly TaskId Task = TaskId.Parse("bd-a");
    private static readonly ClaimSite Site = new(TaskSamples.Now, "fresh", "/repo/.worktrees/bd-a", "village/bd-a", "here", "boot", "10:1000");
    private static readonly ClaimRequest Request = new("queue", Task, "build", [TaskState.Queued, TaskState.Claimed, TaskState.InProgress, TaskState.Paused], 2);
    private static readonly VillageEvent About = new() { Ts = default, Cmd = "worker" };

    [Theory]
    [InlineData(LeaseStatus.Active, TaskState.InProgress, 0, SkipReason.ActiveLease)]
    [InlineData(LeaseStatus.Unknown, TaskState.Queued, 0, SkipReason.ActiveLease)]
    [InlineData(LeaseStatus.Stale, TaskState.Completed, 0, SkipReason.WrongState)]
    [InlineData(LeaseStatus.Ended, TaskState.Failed, 0, SkipReason.WrongState)]
    [InlineData(LeaseStatus.Stale, TaskState.InProgress, 2, SkipReason.ConcurrencyLimit)]
    [InlineData(LeaseStatus.Stale, TaskState.InProgress, 1, null)]
    [InlineData(LeaseStatus.Parked, TaskState.Paused, 1, null)]
    public void A_claim_is_refused_for_a_typed_reason(LeaseStatus status, TaskState state, int held, SkipReason? reason) => Assert.Equal(
        reason, LeaseProtocol.Refusal(Request, Entry(state, 3), new LeaseView("bd-a", status, Lease("bd-a"), null), held)?.Reason);

    [Fact]
    public void A_lock_file_that_is_no_lease_refuses_the_claim_and_says_why()
    {
        var refusal = LeaseProtocol.Refusal(Request, Entry(TaskState.Queued, 3), new("bd-a", LeaseStatus.Corrupt, null, "is empty"), held: 0);

        Assert.Equal((SkipReason.CorruptLease, "its lock file is empty"), (refusal?.Reason, refusal?.Message));
    }

    [Fact]
    public void A_task_without_a_lease_is_free() => Assert.Null(LeaseProtocol.Refusal(Request, Entry(TaskState.Queued, 0), found: null, held: 1));

    [Theory]
    [InlineData(0, null, 1)]
    [InlineData(7, null, 8)]
    [InlineData(7, 7L, 8)]
    [InlineData(3, 9L, 10)]
    [InlineData(9, 3L, 10)]
    public void The_generation_rises_above_log_and_lease(int logged, long? leased, int next)
    {
        var (lease, change) = LeaseProtocol.Claim(Request, Entry(TaskState.InProgress, logged), leased is { } g ? Lease("bd-a") with { Generation = g } : null, Site);

        Assert.Equal((next, "fresh", TaskState.Claimed), (lease.Generation, lease.Nonce, lease.State));
        Assert.Equal((next, lease), (change.Events[^1].Generation, change.Lease));
    }

    [Theory]
    [InlineData(TaskState.Queued, "queued>claimed", null)]
    [InlineData(TaskState.Paused, "paused>claimed", "resumed")]
    [InlineData(TaskState.InProgress, "in_progress>claimed", "take_over")]
    [InlineData(TaskState.Claimed, "claimed>queued queued>claimed", null)]
    public void A_claim_says_what_it_took_over(TaskState state, string steps, string? reason)
    {
        var (_, change) = LeaseProtocol.Claim(Request, Entry(state, 3), previous: null, Site);

        Assert.Equal((steps, reason), (Steps(change), change.Events[^1].Reason));
    }

    [Fact]
    public void Keys_of_others_outlive_the_holder() => Assert.Equal(
        [new("their", "own")],
        LeaseProtocol.Claim(Request, Entry(TaskState.InProgress, 7), Lease("bd-a") with { Foreign = [new("their", "own")] }, Site).Lease.Foreign);

    // The lease as the fence knows it, with another generation, another nonce, gone; and a log that knows of a later claim.
    [Theory]
    [InlineData(7L, Nonce, 7, true)]
    [InlineData(8L, Nonce, 7, false)]
    [InlineData(7L, "other", 7, false)]
    [InlineData(null, null, 7, false)]
    [InlineData(7L, Nonce, 8, false)]
    public void Whoever_is_fenced_changes_nothing(long? generation, string? nonce, int logged, bool holds)
    {
        var mine = Lease("bd-a");
        var now = generation is { } g ? mine with { Generation = g, Nonce = nonce } : null;
        var entry = Entry(TaskState.InProgress, logged);

        Assert.Equal(holds, LeaseProtocol.Holds(mine.Fence, entry, now));
        Assert.Equal(holds, LeaseProtocol.Move(mine.Fence, entry, now, TaskState.Completed, About, l => l) is not null);
        Assert.Equal(holds, LeaseProtocol.Release(mine.Fence, entry, now) is not null);
        Assert.Equal(holds, LeaseProtocol.GiveUp(mine, Entry(TaskState.Claimed, logged), now, "queue", "start_failed", null) is not null);
        Assert.Equal(holds, LeaseProtocol.GiveBack(mine, entry, now, "task_closed", "it was closed") is not null);
    }

    [Fact]
    public void Only_moves_of_the_table_are_made() => Assert.All(
        from before in TaskStates.All from after in TaskStates.All select (before, after),
        pair =>
        {
            var change = LeaseProtocol.Move(Lease("bd-a").Fence, Entry(pair.before, 7), Lease("bd-a"), pair.after, About with { Pane = "%9" }, l => l with { Base = "new" });

            Assert.Equal(pair.before.CanBecome(pair.after), change is not null);
            if (change is not null)
            {
                Assert.Equal((pair.after, "new"), (change.Lease!.State, change.Lease.Base));
                Assert.Equal((pair.before, pair.after, 7, "build", "%9"), (change.Events[0].From, change.Events[0].To, change.Events[0].Generation, change.Events[0].Agent, change.Events[0].Pane));
                Assert.Equal(pair.after is TaskState.Completed or TaskState.Failed ? 7 : null, change.RemovesLive);
            }
        });

    [Fact]
    public void A_parked_worker_holds_nothing_alive()
    {
        var change = LeaseProtocol.Move(Lease("bd-a").Fence, Entry(TaskState.InProgress, 7), Lease("bd-a"), TaskState.Paused, About, l => l with { Parked = TaskSamples.Now });

        Assert.Equal((7, "%12"), (change!.RemovesLive, change.Events[0].Pane));
    }

    [Fact]
    public void A_start_that_is_given_up_queues_the_task_unless_its_worker_came_up_after_all()
    {
        var given = LeaseProtocol.GiveUp(Lease("bd-a"), Entry(TaskState.Claimed, 7), Lease("bd-a"), "queue", "worker_lost", "too late");

        Assert.Equal(("claimed>queued", true, 7L), (Steps(given!), given!.RemovesLease, given.RemovesLive));
        Assert.Equal(("worker_lost", "too late", "error"), (given.Events[0].Reason, given.Events[0].Message, given.Events[0].Result));
        Assert.Null(LeaseProtocol.GiveUp(Lease("bd-a"), Entry(TaskState.InProgress, 7), Lease("bd-a"), "queue", "worker_lost", "too late"));
    }

    [Fact]
    public void What_is_given_back_before_its_agent_has_started_is_queued_and_has_not_failed()
    {
        var given = LeaseProtocol.GiveBack(Lease("bd-a"), Entry(TaskState.InProgress, 7), Lease("bd-a"), "task_closed", "it was closed");

        Assert.Equal(("in_progress>claimed claimed>queued", true, 7L), (Steps(given!), given!.RemovesLease, given.RemovesLive));
        Assert.All(given.Events, e => Assert.Equal((7L, "task_closed", "it was closed", "ok"), (e.Generation, e.Reason, e.Message, e.Result)));
        var after = Ledger([To("bd-a", TaskState.InProgress, 7, 1), .. given.Events]).Of(Task);
        Assert.Equal((TaskState.Queued, 0, 1, "task_closed"), (after.State, after.FailuresInARow, after.Attempt, after.GivenBack?.Reason));
        Assert.Null(LeaseProtocol.GiveBack(Lease("bd-a"), Entry(TaskState.Claimed, 7), Lease("bd-a"), "task_closed", "it was closed"));
    }

    [Theory]
    [InlineData(TaskState.InProgress, "in_progress>claimed claimed>queued")]
    [InlineData(TaskState.Paused, "paused>claimed claimed>queued")]
    [InlineData(TaskState.Claimed, "claimed>queued")]
    [InlineData(TaskState.Queued, ">")]
    [InlineData(TaskState.Completed, ">")]
    [InlineData(TaskState.Failed, ">")]
    public void Taking_a_lease_away_bumps_the_generation_and_queues_what_was_not_ended(TaskState state, string steps)
    {
        var change = LeaseProtocol.PutBack(Task, Entry(state, 7), Lease("bd-a"), "unlock", "forced", "it was ACTIVE");

        Assert.Equal((steps, true, 7L), (Steps(change), change.RemovesLease, change.RemovesLive));
        Assert.All(change.Events, e => Assert.Equal((e.To is null ? null : 8L, "forced", "it was ACTIVE"), (e.Generation, e.Reason, e.Message)));
    }

    [Fact]
    public void A_lock_file_that_is_no_lease_is_taken_away_too()
    {
        var change = LeaseProtocol.PutBack(Task, Entry(TaskState.InProgress, 7), now: null, "unlock", "forced", null);

        Assert.Equal((8, true, null), (change.Events[^1].Generation, change.RemovesLease, change.RemovesLive));
    }

    [Theory]
    [InlineData(LeaseStatus.Ended, true)]
    [InlineData(LeaseStatus.Stale, false)]
    [InlineData(LeaseStatus.Active, false)]
    public void Reopening_removes_an_ended_lease_only(LeaseStatus status, bool removes)
    {
        var change = LeaseProtocol.Reopen(Task, Entry(TaskState.Failed, 3), new("bd-a", status, Lease("bd-a"), null), "retry", "forced");

        Assert.Equal(("failed>queued", 7, removes, removes ? 7L : null), (Steps(change), change.Events[0].Generation, change.RemovesLease, change.RemovesLive));
        Assert.Equal(3, LeaseProtocol.Reopen(Task, Entry(TaskState.Failed, 3), null, "retry", null).Events[0].Generation);
    }

    [Fact]
    public void Where_lease_and_log_differ_the_log_wins()
    {
        var lease = Lease("bd-a");
        var parked = To("bd-a", TaskState.Paused, 7, 1, 5) with { Reason = "interrupted" };

        Assert.Equal(TaskState.Completed, LeaseProtocol.AsLogged(lease, Entry(TaskState.Completed, 7)).State);
        Assert.Equal((TaskState.Paused, parked.Ts), (LeaseProtocol.AsLogged(lease, Ledger(parked).Of(Task)).State, LeaseProtocol.AsLogged(lease, Ledger(parked).Of(Task)).Parked));
        Assert.Null(LeaseProtocol.AsLogged(lease, Entry(TaskState.Paused, 7)).Parked);
        Assert.Null(LeaseProtocol.AsLogged(lease, Ledger(parked with { To = TaskState.Failed }).Of(Task)).Parked);
        Assert.Same(lease, LeaseProtocol.AsLogged(lease, Entry(TaskState.Completed, 8)));
        Assert.Same(lease, LeaseProtocol.AsLogged(lease, Entry(TaskState.InProgress, 7)));
        Assert.Same(lease, LeaseProtocol.AsLogged(lease, Ledger(new VillageEvent { Ts = default, Cmd = "x", Task = "bd-a", Generation = 7 }).Of(Task)));
        var original = Original("bd-a");
        Assert.Same(original, LeaseProtocol.AsLogged(original, Entry(TaskState.Completed, 0)));
    }

    private static TaskEntry Entry(TaskState state, int generation) => Ledger(To("bd-a", state, generation, 1)).Of(Task);

    private static string Steps(LeaseChange change) => string.Join(' ', change.Events.Select(e => $"{e.From?.Name()}>{e.To?.Name()}"));
}
