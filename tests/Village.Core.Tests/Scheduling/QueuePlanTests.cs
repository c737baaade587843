using System.Globalization;
using CsCheck;
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

public sealed class QueuePlanTests
{
    private static readonly QueueRequest Any = new(null, null, 2, Force: false, new Dictionary<string, Skip>());

    [Fact]
    public void An_empty_village_has_an_empty_plan()
    {
        var plan = Plan(SnapshotSamples.With());

        Assert.Equal(("", "", 2, 0, 2), (Starts(plan), Skips(plan), plan.SlotsFree, plan.WorkersActive, plan.MaxWorkers));
    }

    [Fact]
    public void The_most_urgent_start_as_far_as_there_are_slots()
    {
        var plan = Plan(SnapshotSamples.With(
            TaskSamples.Task("bd-c"), TaskSamples.Task("bd-b"), TaskSamples.Task("bd-a") with { Priority = 3 }, TaskSamples.Task("bd-0") with { Priority = 0 }));

        Assert.Equal("bd-0 bd-b", Starts(plan));
        Assert.Equal("bd-c:concurrency_limit bd-a:concurrency_limit", Skips(plan));
        Assert.Equal("2 of 2 workers are taken", plan.Skips[0].Message);
    }

    [Fact]
    public void A_start_says_who_does_what_with_what_it_builds_on()
    {
        TaskSpec[] tasks =
        [
            TaskSamples.Task("bd-a", "blocks:bd-b", "related:bd-r") with { Title = "Build it", Labels = ["agent:front"] },
            TaskSamples.Task("bd-b", "blocks:bd-c"), TaskSamples.Task("bd-c") with { Status = "closed" }, TaskSamples.Task("bd-r"), TaskSamples.Task("bd-d"),
        ];
        var seen = SnapshotSamples.With(tasks, [To("bd-b", TaskState.Completed), To("bd-r", TaskState.Completed)])
            .Leased(SnapshotSamples.Lease("bd-d", LeaseStatus.Stale));

        var plan = Plan(seen);

        Assert.Equal(
            ["bd-a Build it front False bd-b", "bd-d bd-d worker True "],
            plan.Starts.Select(start => $"{start.Task} {start.Title} {start.Agent} {start.TakesOver} {string.Join(',', start.DependsOn)}"));
    }

    [Fact]
    public void Of_two_whose_work_conflicts_the_second_waits_and_another_gets_its_place()
    {
        var (one, two) = (new TaskWork("bd-a", null, "ca", ["x"], null), new TaskWork("bd-b", null, "cb", ["x"], null));
        var config = VillageConfig.Of([], IniFile.Parse("[DEFAULT]\nBLOCK_ON_CONFLICT=true\n", "config", out _), new Dictionary<string, string>());

        var plan = QueuePlan.For(
            SnapshotSamples.With(TaskSamples.Task("bd-a"), TaskSamples.Task("bd-b"), TaskSamples.Task("bd-c")), config,
            Any with { Conflicts = ConflictMatrix.Of([one, two], [(one, two, ["x"])]) });

        Assert.Equal(("bd-a bd-c", "bd-b:conflict"), (Starts(plan), Skips(plan)));
    }

    [Fact]
    public void Work_that_is_completed_and_work_that_was_closed_before_are_not_the_same_to_build_on()
    {
        TaskSpec[] tasks = [TaskSamples.Task("bd-a", "blocks:bd-b"), TaskSamples.Task("bd-b", "blocks:bd-c"), TaskSamples.Task("bd-c")];

        var plan = Plan(SnapshotSamples.With(tasks, [To("bd-c", TaskState.Completed), To("bd-b", TaskState.Completed)]));

        Assert.Equal(["bd-b", "bd-c"], plan.Starts[0].DependsOn.Select(id => id.Value));
    }

    [Theory]
    [InlineData(3, 1, 2)]
    [InlineData(3, 3, 0)]
    [InlineData(2, 3, 0)]
    public void Slots_are_what_the_workers_leave(int most, int active, int free)
    {
        var seen = SnapshotSamples.With(TaskSamples.Task("bd-a"))
            .Leased([.. Enumerable.Range(0, active).Select(i => SnapshotSamples.Lease($"bd-z{i}", LeaseStatus.Active))]);

        var plan = Plan(seen, Any with { MaxWorkers = most });

        Assert.Equal((free, active, most, Math.Min(free, 1)), (plan.SlotsFree, plan.WorkersActive, plan.MaxWorkers, plan.Starts.Count));
    }

    [Fact]
    public void Closed_tasks_are_neither_started_nor_skipped() =>
        Assert.Equal("", Skips(Plan(SnapshotSamples.With(TaskSamples.Task("bd-a") with { Status = "closed" }))));

    [Theory]
    [InlineData("agent:front", "front")]
    [InlineData("agent:../etc", "boss")]
    [InlineData("agent:a b", "boss")]
    [InlineData("urgent", "boss")]
    public void A_label_that_names_no_possible_agent_is_no_label(string label, string agent) =>
        Assert.Equal(agent, QueuePlan.AgentOf(TaskSamples.Task("bd-a") with { Labels = [label] }, Config("DEFAULT_AGENT=boss")));

    [Fact]
    public void The_same_inputs_give_the_same_plan() => Worlds.Sample(world =>
        Assert.Equal(Text(world.Plan()), Text(world.Plan())));

    [Fact]
    public void What_starts_does_not_hang_on_the_order_of_files() => Worlds.Sample(world => Assert.Equal(
        Starts(world.Plan()),
        Starts((world with { Tasks = [.. world.Tasks.Reverse()], Leases = [.. world.Leases.Reverse()] }).Plan())));

    [Fact]
    public void No_plan_exceeds_its_limits() => Worlds.Sample(world =>
    {
        var plan = world.Plan();

        Assert.Equal(world.Seen().HeldCount, plan.WorkersActive);
        Assert.Equal(Math.Max(0, world.Request.MaxWorkers - plan.WorkersActive), plan.SlotsFree);
        Assert.True(plan.Starts.Count <= plan.SlotsFree);
        Assert.True(plan.Starts.Count <= (world.Request.Count ?? int.MaxValue));
    });

    [Fact]
    public void Every_open_task_is_in_the_plan_once_and_every_skip_says_why() => Worlds.Sample(world =>
    {
        var plan = world.Plan();

        Assert.Equal(
            world.Tasks.Where(task => task.Status is not "closed").Select(task => task.Id.Value).Order(StringComparer.Ordinal),
            plan.Starts.Select(start => start.Task.Value).Concat(plan.Skips.Select(skip => skip.Task)).Order(StringComparer.Ordinal));
        Assert.All(plan.Skips, skip => Assert.True(skip.Message is not "" && Enum.IsDefined(skip.Reason)));
    });

    [Fact]
    public void What_starts_may_start() => Worlds.Sample(world =>
    {
        var seen = world.Seen();

        Assert.All(world.Plan().Starts, start =>
        {
            var (entry, lease) = (seen.Ledger.Of(start.Task), seen.LeaseOf(start.Task.Value)?.Status);
            Assert.Null(seen.Tasks.WhyNot(start.Task));
            Assert.False(lease is LeaseStatus.Active or LeaseStatus.Unknown or LeaseStatus.Corrupt);
            Assert.NotEqual(TaskState.Completed, entry.State);
            Assert.True(entry.State is not TaskState.Paused || lease is LeaseStatus.Stale);
            Assert.True(entry.State is not TaskState.Failed || entry.FailuresInARow <= world.Config.Retries);
            Assert.True(world.Request.Agent is null || world.Request.Agent == start.Agent);
            Assert.False(world.Request.Known.ContainsKey(start.Task.Value));
            Assert.Equal(lease is LeaseStatus.Stale, start.TakesOver);
            Assert.All(start.DependsOn, id => Assert.Equal(TaskState.Completed, seen.Ledger.Of(id).State));
        });
    });

    [Fact]
    public void Starts_come_in_the_order_of_the_ready_tasks() => Worlds.Sample(world =>
    {
        var started = world.Plan().Starts.Select(start => start.Task).ToList();

        Assert.Equal(world.Seen().Tasks.Ready.Select(task => task.Id).Where(started.Contains), started);
    });

    // A slot stays empty only when nothing may start: whoever is skipped for want of one would start if all others were gone.
    [Fact]
    public void No_slot_stays_empty_while_a_task_could_have_it() => Worlds.Sample(world =>
    {
        var plan = world.Plan();
        if (plan.Starts.Count < Math.Min(plan.SlotsFree, world.Request.Count ?? int.MaxValue))
        {
            Assert.DoesNotContain(plan.Skips, skip => skip.Reason is SkipReason.ConcurrencyLimit or SkipReason.CountLimit);
        }
    });

    private static Gen<World> Worlds { get; } =
        from size in Gen.Int[0, 8]
        from tasks in Gen.Select(
            Gen.OneOf("open", "open", "open", "open", "closed", "deferred"), Gen.Int[0, 4],
            Gen.OneOf("blocks", "related", "parent-child", "waits-for").Array[0, 2], Gen.Int[0, 8].Array[2], Gen.OneOf("", "agent:front", "agent:worker", "agent:a b"))
            .Array[size]
        from events in Gen.Select(Gen.Int[0, 8], Gen.OneOf(TaskStates.All.ToArray()), Gen.Int[0, 600]).Array[0, 12]
        from leases in Gen.OneOf(Enum.GetValues<LeaseStatus>()).Array[9]
        from leased in Gen.Int[0, 9]
        from count in Gen.Int[0, 4].Nullable()
        from most in Gen.Int[1, 6]
        from agent in Gen.OneOf(null, null, "front", "worker")
        from force in Gen.Bool
        from known in Gen.Int[0, 20]
        from settings in Gen.OneOf("", "RETRIES=2", "QUEUE_TTL_MINUTES=0", "DEFAULT_AGENT=front\nRETRIES=1")
        select new World(
            [
                .. tasks.Select((task, i) => TaskSamples.Task($"bd-{i}", [.. task.Item3.Zip(task.Item4, (type, target) => $"{type}:bd-{target}")]) with
                {
                    Status = task.Item1, Priority = task.Item2, Labels = [task.Item5],
                }),
            ],
            [.. events.Select(e => To($"bd-{e.Item1}", e.Item2, seconds: -e.Item3))],
            [.. leases.Take(leased).Select((status, i) => SnapshotSamples.Lease($"bd-{i}", status))],
            new(count, agent, most, force, new Dictionary<string, Skip> { [$"bd-{known}"] = new($"bd-{known}", SkipReason.Workspace, "no room") }),
            settings);

    private sealed record World(
        IReadOnlyList<TaskSpec> Tasks, IReadOnlyList<VillageEvent> Events, IReadOnlyList<LeaseView> Leases, QueueRequest Request, string Settings)
    {
        public VillageConfig Config => QueuePlanTests.Config(Settings);

        public Snapshot Seen() => SnapshotSamples.With(Tasks, Events).Leased(Leases);

        public QueuePlan Plan() => QueuePlan.For(Seen(), Config, Request);
    }

    private static VillageConfig Config(string settings) =>
        VillageConfig.Of([], IniFile.Parse(settings, "config", out _), new Dictionary<string, string>());

    private static QueuePlan Plan(Snapshot seen) => Plan(seen, Any);

    private static QueuePlan Plan(Snapshot seen, QueueRequest request) => QueuePlan.For(seen, Config(""), request);

    private static string Starts(QueuePlan plan) => string.Join(' ', plan.Starts.Select(start => start.Task));

    private static string Skips(QueuePlan plan) => string.Join(' ', plan.Skips.Select(skip => $"{skip.Task}:{skip.Reason.Name()}"));

    private static string Text(QueuePlan plan) => string.Create(
        CultureInfo.InvariantCulture,
        $"{string.Join('\n', plan.Starts.Select(start => $"{start with { DependsOn = [] }} {string.Join(',', start.DependsOn)}"))}\n{string.Join('\n', plan.Skips)} ")
        + $"{plan.SlotsFree} {plan.WorkersActive} {plan.MaxWorkers}";
}
