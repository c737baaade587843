using Village.Agents;
using Village.Configuration;
using Village.Conflicts;
using Village.Core.Tests.Observation;
using Village.Core.Tests.Tasks;
using Village.Events;
using Village.Leases;
using Village.Observation;
using Village.Scheduling;
using Village.Tasks;
using static Village.Core.Tests.Events.EventSamples;

namespace Village.Core.Tests.Scheduling;

public sealed class AdmissionRulesTests
{
    private static readonly TaskSpec Task = TaskSamples.Task("bd-a");
    private static readonly QueueRequest Any = new(null, null, 2, Force: false, new Dictionary<string, Skip>());

    [Fact]
    public void Nothing_speaks_against_a_ready_task() => Assert.Null(Objection(SnapshotSamples.With(Task)));

    [Theory]
    [InlineData(LeaseStatus.Active, "active_lease: build has it in window build-1-bd-a")]
    [InlineData(LeaseStatus.Unknown, "active_lease: build has it in window build-1-bd-a")]
    [InlineData(LeaseStatus.Corrupt, "corrupt_lease: its lock file has no 'id'; `village unlock bd-a --force` removes it")]
    [InlineData(LeaseStatus.Stale, null)]
    [InlineData(LeaseStatus.Ended, null)]
    [InlineData(LeaseStatus.Parked, null)]
    public void A_lease_keeps_others_away_while_it_is_held_or_unreadable(LeaseStatus status, string? objection) =>
        Assert.Equal(objection, Objection(SnapshotSamples.With(Task).Leased(SnapshotSamples.Lease("bd-a", status))));

    [Fact]
    public void The_lease_of_another_task_keeps_nobody_away() =>
        Assert.Null(Objection(SnapshotSamples.With(Task).Leased(SnapshotSamples.Lease("bd-b", LeaseStatus.Active))));

    [Fact]
    public void A_completed_task_is_not_done_again_even_if_its_store_lags() => Assert.Equal(
        "completed: it is completed; `village retry bd-a --force` runs it again", After(To("bd-a", TaskState.Completed)));

    [Theory]
    [InlineData(null, null, "paused: it was paused; `village resume bd-a` goes on with it")]
    [InlineData("interrupted", null, "paused: it was interrupted; `village resume bd-a` goes on with it")]
    [InlineData("interrupted", LeaseStatus.Parked, "paused: it was interrupted; `village resume bd-a` goes on with it")]
    [InlineData(null, LeaseStatus.Ended, "paused: it was paused; `village resume bd-a` goes on with it")]
    [InlineData(null, LeaseStatus.Stale, null)]
    public void A_paused_task_waits_for_a_person_unless_its_worker_died(string? reason, LeaseStatus? lease, string? objection)
    {
        var seen = SnapshotSamples.With([Task], [To("bd-a", TaskState.Paused) with { Reason = reason }]);

        Assert.Equal(objection, Objection(lease is { } status ? seen.Leased(SnapshotSamples.Lease("bd-a", status)) : seen));
    }

    [Theory]
    [InlineData(0, 1, 9999, "failed: it failed (no_changes); `village retry bd-a` runs it again")]
    [InlineData(1, 1, 59, "failed_backoff: it failed (no_changes) and starts again in 1.0s")]
    [InlineData(1, 1, 60, null)]
    [InlineData(1, 2, 9999, "failed: it failed (no_changes); `village retry bd-a` runs it again")]
    [InlineData(2, 2, 119, "failed_backoff: it failed (no_changes) and starts again in 1.0s")]
    [InlineData(2, 2, 120, null)]
    [InlineData(3, 3, 120, "failed_backoff: it failed (no_changes) and starts again in 2m00s")]
    [InlineData(100, 12, 2048 * 60, null)]
    [InlineData(100, 40, 2048 * 60 - 1, "failed_backoff: it failed (no_changes) and starts again in 1.0s")]
    [InlineData(100, 40, 2048 * 60, null)]
    [InlineData(100, 101, 999_999, "failed: it failed (no_changes); `village retry bd-a` runs it again")]
    public void A_failed_task_starts_again_as_often_as_RETRIES_says_and_later_each_time(int retries, int failures, int secondsAgo, string? objection) =>
        Assert.Equal(objection, Objection(
            SnapshotSamples.With([Task], [.. Enumerable.Repeat(To("bd-a", TaskState.Failed, seconds: -secondsAgo) with { Reason = "no_changes" }, failures)]),
            config: $"RETRIES={retries}"));

    [Fact]
    public void A_success_in_between_forgives_all_failures() => Assert.Null(Objection(
        SnapshotSamples.With([Task], [To("bd-a", TaskState.Failed), To("bd-a", TaskState.Completed), To("bd-a", TaskState.Failed, seconds: -60)]), config: "RETRIES=1"));

    [Fact]
    public void A_task_that_was_retried_by_hand_starts_however_often_it_failed() =>
        Assert.Null(After(To("bd-a", TaskState.Failed), To("bd-a", TaskState.Failed), To("bd-a", TaskState.Queued)));

    [Theory]
    [InlineData("""{"id":"bd-a","title":"T","dependencies":[{"depends_on_id":"bd-b","type":"blocks"}]}""", "dependencies: it is blocked by bd-b")]
    [InlineData("""{"id":"bd-a","title":"T","status":"deferred"}""", "task_status: it has the status 'deferred'")]
    [InlineData("""{"id":"bd-a","title":"T","status":"pinned"}""", "pinned: it is pinned")]
    [InlineData("""{"id":"bd-a","title":"T","defer_until":"2099-01-01T00:00:00Z"}""", "deferred: it is deferred until 2099-01-01T00:00:00Z")]
    [InlineData("""{"id":"bd-a","title":"T","dependencies":[{"depends_on_id":"bd-c","type":"parent-child"}]}""", "deferred: it has the deferred parent bd-c")]
    [InlineData("""{"id":"bd-a","title":"T","ephemeral":true}""", "task_type: it is ephemeral")]
    [InlineData("""{"id":"bd-a","title":"T","issue_type":"epic"}""", "task_type: it is of the type 'epic'")]
    [InlineData("""{"id":"bd-a","title":"T","dependencies":[{"depends_on_id":"bd-b","type":"related"}]}""", null)]
    public void A_task_that_is_not_ready_waits(string line, string? objection)
    {
        var task = TaskSamples.Parse(line);

        Assert.Equal(objection, Objection(SnapshotSamples.With(task, TaskSamples.Task("bd-b"), TaskSamples.Task("bd-c") with { DeferUntil = "2099-01-01T00:00:00Z" }), task));
    }

    [Fact]
    public void A_task_that_the_graph_does_not_object_to_but_that_is_said_not_to_be_ready_waits_too() => Assert.Equal(
        "dependencies: it is not ready", Text(AdmissionRules.FirstObjection(Candidate(SnapshotSamples.With(Task), Task, Any, "") with { IsReady = false })));

    [Theory]
    [InlineData(null, null)]
    [InlineData("front", null)]
    [InlineData("FRONT", null)]
    [InlineData("worker", "wrong_agent: it is for the agent 'front'")]
    public void Of_one_agent_only_its_tasks_start(string? wanted, string? objection)
    {
        var task = Task with { Labels = ["agent:front"] };

        Assert.Equal(objection, Objection(SnapshotSamples.With(task), task, Any with { Agent = wanted }));
    }

    [Theory]
    [InlineData("type=command", "agent_config: agent 'worker' has type=command and no command=")]
    [InlineData("type=command\ncommand=x", null)]
    public void A_task_whose_agent_cannot_start_waits(string lines, string? objection) =>
        Assert.Equal(objection, Objection(SnapshotSamples.With(Task), config: $"[agent.worker]\n{lines}"));

    [Theory]
    [InlineData(299, TaskState.InProgress, "recently_started: it was started 4m59s ago; --force starts it all the same")]
    [InlineData(0, TaskState.InProgress, "recently_started: it was started 0.0s ago; --force starts it all the same")]
    [InlineData(300, TaskState.InProgress, null)]
    [InlineData(299, TaskState.Claimed, "recently_started: it was started 4m59s ago; --force starts it all the same")]
    [InlineData(0, TaskState.Queued, null)]
    public void A_task_that_was_just_started_waits_unless_it_was_given_back(int secondsAgo, TaskState now, string? objection) =>
        Assert.Equal(objection, After(To("bd-a", TaskState.InProgress, seconds: -secondsAgo), To("bd-a", now, seconds: now is TaskState.InProgress ? -secondsAgo : 0)));

    // A clock that went wrong once, or a foreign line: the log keeps it for ever, and it must not stop the queue for ever.
    [Theory]
    [InlineData(TaskState.InProgress)]
    [InlineData(TaskState.Failed)]
    public void A_start_at_the_end_of_time_is_no_obstacle(TaskState state)
    {
        var seen = SnapshotSamples.With([Task], [To("bd-a", TaskState.InProgress) with { Ts = DateTimeOffset.MaxValue }, To("bd-a", state) with { Ts = DateTimeOffset.MaxValue }]);

        Assert.Null(Objection(seen, config: "RETRIES=5"));
    }

    [Theory]
    [InlineData(299, "recently_started: it was started 4m59s ago; --force starts it all the same")]
    [InlineData(300, null)]
    public void A_start_a_little_in_the_future_is_as_recent_as_one_in_the_past(int seconds, string? objection) =>
        Assert.Equal(objection, After(To("bd-a", TaskState.InProgress, seconds: seconds)));

    [Fact]
    public void A_claim_alone_is_no_start() => Assert.Null(After(To("bd-a", TaskState.Claimed)));

    [Fact]
    public void Force_starts_a_task_that_was_just_started() => Assert.Null(
        Objection(SnapshotSamples.With([Task], [To("bd-a", TaskState.InProgress)]), request: Any with { Force = true }));

    [Fact]
    public void With_a_time_of_zero_nothing_counts_as_just_started() => Assert.Null(
        Objection(SnapshotSamples.With([Task], [To("bd-a", TaskState.InProgress)]), config: "QUEUE_TTL_MINUTES=0"));

    [Fact]
    public void What_was_tried_in_vain_is_not_tried_again()
    {
        var known = new Dictionary<string, Skip> { ["bd-a"] = new("bd-a", SkipReason.Workspace, "no room") };

        Assert.Equal("workspace: no room", Objection(SnapshotSamples.With(Task), request: Any with { Known = known }));
        Assert.Null(Objection(SnapshotSamples.With(Task, TaskSamples.Task("bd-b")), TaskSamples.Task("bd-b"), Any with { Known = known }));
    }

    [Theory]
    [InlineData(0, 2, null)]
    [InlineData(1, 2, null)]
    [InlineData(2, 2, "concurrency_limit: 3 of 3 workers are taken")]
    [InlineData(0, 0, "concurrency_limit: 1 of 3 workers are taken")]
    public void No_more_start_than_there_are_slots(int admitted, int free, string? objection) => Assert.Equal(
        objection,
        Text(AdmissionRules.FirstObjection(
            Candidate(SnapshotSamples.With(Task).Leased(SnapshotSamples.Lease("bd-z", LeaseStatus.Active)), Task, Any with { MaxWorkers = 3 }, "")
                with
            { Admitted = admitted, SlotsFree = free })));

    [Theory]
    [InlineData(null, 5, null)]
    [InlineData(1, 0, null)]
    [InlineData(1, 1, "count_limit: 1 was asked for")]
    [InlineData(2, 1, null)]
    [InlineData(2, 2, "count_limit: 2 were asked for")]
    [InlineData(0, 0, "count_limit: 0 were asked for")]
    public void No_more_start_than_were_asked_for(int? count, int admitted, string? objection) => Assert.Equal(
        objection,
        Text(AdmissionRules.FirstObjection(Candidate(SnapshotSamples.With(Task), Task, Any with { Count = count }, "") with { Admitted = admitted, SlotsFree = 9 })));

    // Everything is wrong with this task; then one thing after the other is put right.
    [Fact]
    public void Blame_goes_to_the_first_rule_that_objects()
    {
        var label = Task with { Labels = ["agent:front"] };
        var blocked = TaskSamples.Task("bd-a", "blocks:bd-b") with { Labels = ["agent:front"] };
        TaskSpec[] both = [blocked, TaskSamples.Task("bd-b")];
        VillageEvent[] started = [To("bd-a", TaskState.InProgress)];
        var limited = new QueueRequest(0, "worker", 0, Force: false, new Dictionary<string, Skip> { ["bd-a"] = new("bd-a", SkipReason.WorkerLost, "gone") });
        const string useless = "[agent.front]\ntype=command";
        (Snapshot Seen, TaskSpec Task, QueueRequest Request, string Config)[] steps =
        [
            (SnapshotSamples.With(both, [.. started, To("bd-a", TaskState.Completed)]).Leased(SnapshotSamples.Lease("bd-a", LeaseStatus.Active)), blocked, limited, useless),
            (SnapshotSamples.With(both, [.. started, To("bd-a", TaskState.Completed)]).Leased(SnapshotSamples.Lease("bd-a", LeaseStatus.Corrupt)), blocked, limited, useless),
            (SnapshotSamples.With(both, [.. started, To("bd-a", TaskState.Completed)]), blocked, limited, useless),
            (SnapshotSamples.With(both, [.. started, To("bd-a", TaskState.Paused)]), blocked, limited, useless),
            (SnapshotSamples.With(both, [.. started, To("bd-a", TaskState.Failed)]), blocked, limited, useless),
            (SnapshotSamples.With(both, started), blocked, limited, useless),
            (SnapshotSamples.With([label], started), label, limited, useless),
            (SnapshotSamples.With([label], started), label, limited with { Agent = null }, useless),
            (SnapshotSamples.With([label], [.. started, Cost(5)]) with { Limits = Limits }, label, limited with { Agent = null }, "[agent.front]\nbudget_usd=5"),
            (SnapshotSamples.With([label], [.. started, Cost(5)]), label, limited with { Agent = null }, "[agent.front]\nbudget_usd=5"),
            (SnapshotSamples.With([label], started), label, limited with { Agent = null }, ""),
            (SnapshotSamples.With([label], started), label, limited with { Agent = null, Force = true }, ""),
            (SnapshotSamples.With([label], started), label, limited with { Agent = null, Force = true, Known = Any.Known }, ""),
            (SnapshotSamples.With([label], started), label, limited with { Agent = null, Force = true, Known = Any.Known, MaxWorkers = 1 }, ""),
            (SnapshotSamples.With(label).Leased(SnapshotSamples.Lease("bd-b", LeaseStatus.Active)), label, Conflicting, "[DEFAULT]\nBLOCK_ON_CONFLICT=true\n"),
            (SnapshotSamples.With([label], started), label, Any with { Force = true }, ""),
        ];

        Assert.Equal(
            [
                "active_lease", "corrupt_lease", "completed", "paused", "failed", "dependencies", "wrong_agent", "agent_config", "provider_limit", "budget_spent", "recently_started",
                "worker_lost", "concurrency_limit", "count_limit", "conflict", null,
            ],
            steps.Select(step => Objection(step.Seen, step.Task, step.Request, step.Config)?.Split(':')[0]));
        Assert.Equal(steps.Length - 1, AdmissionRules.All.Count);
    }

    [Fact]
    public void Every_reason_has_a_name_of_its_own()
    {
        var names = Enum.GetValues<SkipReason>().Select(reason => reason.Name()).ToList();

        Assert.Distinct(names);
        Assert.All(names, name => Assert.Matches("^[a-z]+(_[a-z]+)*$", name));
        Assert.Equal(("active_lease", "leftover_processes", "failed"), (SkipReason.ActiveLease.Name(), SkipReason.LeftoverProcesses.Name(), SkipReason.Failed.Name()));
    }

    [Theory]
    [InlineData("BLOCK_ON_CONFLICT=true", LeaseStatus.Active, false, "conflict: its work so far does not merge with that of bd-b: src/a.txt; --force starts it all the same")]
    [InlineData("BLOCK_ON_CONFLICT=true", LeaseStatus.Ended, false, null)]
    [InlineData("BLOCK_ON_CONFLICT=true", LeaseStatus.Active, true, null)]
    [InlineData("BLOCK_ON_CONFLICT=true\nCONFLICT_DETECTION_ENABLED=false", LeaseStatus.Active, false, null)]
    [InlineData("", LeaseStatus.Active, false, null)]
    public void A_task_may_wait_while_work_that_conflicts_with_its_own_is_in_progress(string settings, LeaseStatus other, bool force, string? objection)
    {
        Assert.Equal(objection, Objection(
            SnapshotSamples.With(Task).Leased(SnapshotSamples.Lease("bd-b", other)), request: Conflicting with { Force = force }, config: $"[DEFAULT]\n{settings}\n"));
    }

    [Theory]
    [InlineData("[agent.worker]\nmodel=anthropic/x", 60, "provider_limit: anthropic lets nobody work for another 1m00s, until 2026-11-22T12:01:00.000Z")]
    [InlineData("[agent.worker]\nmodel=anthropic/x", 0, null)]
    [InlineData("[agent.worker]\nmodel=openai/x", 60, null)]
    public void Only_agents_of_the_provider_wait_for_the_end_of_its_limit(string config, int seconds, string? objection) => Assert.Equal(
        objection,
        Objection(SnapshotSamples.With(Task) with { Limits = new Dictionary<string, ProviderLimit> { ["anthropic"] = new("anthropic", TaskSamples.Now.AddSeconds(seconds), "", "bd-z", "a") } }, config: config));

    [Theory]
    [InlineData(4.99, null)]
    [InlineData(5, "budget_spent: agent 'worker' has cost $5.00 of $5.00; raise budget_usd= under [agent.worker] to go on")]
    public void An_agent_that_has_cost_what_it_may_is_not_started(double usd, string? objection) => Assert.Equal(
        objection,
        Objection(SnapshotSamples.With([Task, TaskSamples.Task("bd-b")], [Cost((decimal)usd) with { Task = "bd-b", Agent = "worker" }]), config: "[agent.worker]\nbudget_usd=5"));

    [Fact]
    public void What_a_limit_broke_off_goes_on_when_the_limit_is_over_however_often() => Assert.Null(After(
        To("bd-a", TaskState.Failed) with { Reason = FailureReason.UsageLimit }, To("bd-a", TaskState.Failed) with { Reason = FailureReason.UsageLimit }));

    private static IReadOnlyDictionary<string, ProviderLimit> Limits => new Dictionary<string, ProviderLimit>
    {
        ["opencode"] = new("opencode", TaskSamples.Now.AddHours(1), "", "bd-z", "a"),
    };

    private static VillageEvent Cost(decimal usd) => To("bd-c", TaskState.Completed) with { Agent = "front", Usage = new(1, 1, Usd: usd) };

    private static QueueRequest Conflicting
    {
        get
        {
            var (one, two) = (new TaskWork("bd-a", null, "ca", ["src/a.txt"], null), new TaskWork("bd-b", null, "cb", ["src/a.txt"], null));
            return Any with { Conflicts = ConflictMatrix.Of([one, two], [(one, two, ["src/a.txt"])]) };
        }
    }

    private static string? After(params VillageEvent[] events) => Objection(SnapshotSamples.With([Task], events));

    private static string? Objection(Snapshot seen, TaskSpec? task = null, QueueRequest? request = null, string config = "") =>
        Text(AdmissionRules.FirstObjection(Candidate(seen, task ?? Task, request ?? Any, config)));

    private static string? Text(Skip? skip) => skip is null ? null : $"{skip.Reason.Name()}: {skip.Message}";

    private static Candidate Candidate(Snapshot seen, TaskSpec task, QueueRequest request, string settings)
    {
        var config = VillageConfig.Of([], IniFile.Parse(settings, "config", out _), new Dictionary<string, string>());
        return new(
            task, QueuePlan.AgentOf(task, config), seen, config, request, Admitted: 0, Math.Max(0, request.MaxWorkers - seen.HeldCount),
            seen.Tasks.Ready.Any(ready => ready.Id == task.Id));
    }
}
