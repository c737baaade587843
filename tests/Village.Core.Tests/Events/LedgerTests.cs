using System.Globalization;
using CsCheck;
using Village.Core.Tests.Tasks;
using Village.Events;
using Village.Tasks;
using static Village.Core.Tests.Events.EventSamples;

namespace Village.Core.Tests.Events;

public sealed class LedgerTests
{
    private static readonly TaskId Task = TaskSamples.Id("bd-a");

    [Fact]
    public void An_empty_log_knows_nothing_and_every_task_is_queued()
    {
        var ledger = Ledger();

        Assert.Equal(new TaskEntry("bd-a", TaskState.Queued, 0, 0, null, null), ledger.Of(Task));
        Assert.Equal((0, null, 0), (ledger.Count, ledger.LastEvent, ledger.Tasks.Count));
        Assert.Equal(0, ledger.Of(Task).FailuresInARow);
    }

    [Fact]
    public void A_life_is_the_sum_of_its_changes()
    {
        VillageEvent[] life =
        [
            To("bd-a", TaskState.Claimed, 1, 1, seconds: 1), To("bd-a", TaskState.InProgress, 1, 1, seconds: 2),
            To("bd-a", TaskState.Failed, 1, 1, seconds: 3), To("bd-a", TaskState.Queued, 1, seconds: 4),
            To("bd-a", TaskState.Claimed, 2, 2, seconds: 5), To("bd-a", TaskState.InProgress, 2, 2, seconds: 6),
            To("bd-a", TaskState.Completed, 2, 2, seconds: 7),
        ];

        var entry = Ledger(life).Of(Task);

        Assert.Equal((TaskState.Completed, 2, 2, life[^1]), (entry.State, entry.Generation, entry.Attempt, entry.LastChange));
        Assert.Equal(TaskSamples.Now.AddSeconds(6), entry.LastStart);
        Assert.Equal(life, Village.Events.Ledger.HistoryOf(Task, life));
    }

    [Fact]
    public void Every_event_is_counted_whatever_it_is()
    {
        var last = new VillageEvent { Ts = TaskSamples.Now.AddDays(-1), Cmd = "down" };

        var ledger = Ledger(To("bd-a", TaskState.Claimed, 5), To("bd-a", TaskState.Failed, 4), To("../a", TaskState.Failed), last);

        Assert.Equal((4, last.Ts, "bd-a"), (ledger.Count, ledger.LastEvent, Assert.Single(ledger.Tasks.Keys)));
    }

    [Theory]
    [InlineData(6, TaskState.InProgress)]
    [InlineData(7, TaskState.Failed)]
    [InlineData(8, TaskState.Failed)]
    [InlineData(null, TaskState.Failed)]
    public void What_belongs_to_an_older_generation_is_ignored(int? generation, TaskState state)
    {
        var ledger = Ledger(To("bd-a", TaskState.InProgress, 7, 3), To("bd-a", TaskState.Failed, generation, 9));
        var entry = ledger.Of(Task);

        Assert.Equal((state, Math.Max(7, generation ?? 0)), (entry.State, entry.Generation));
        Assert.Equal((3, state is TaskState.Failed ? 1 : 0), (entry.Attempt, entry.FailuresInARow));
        Assert.Equal(state, entry.LastChange?.To);
    }

    [Fact]
    public void An_event_without_a_change_raises_the_generation_and_nothing_else()
    {
        var entry = Ledger(
            To("bd-a", TaskState.InProgress, 1, 1),
            new VillageEvent { Ts = TaskSamples.Now.AddDays(1), Cmd = "rollback", Task = "bd-a", Generation = 5, Attempt = 9, From = TaskState.Paused },
            To("bd-a", TaskState.Failed, 4),
            new VillageEvent { Ts = TaskSamples.Now, Cmd = "cleanup", Task = "bd-a" }).Of(Task);

        Assert.Equal((TaskState.InProgress, 5, 1, TaskSamples.Now), (entry.State, entry.Generation, entry.Attempt, entry.LastStart));
    }

    [Fact]
    public void Neither_generation_nor_attempt_ever_falls()
    {
        var entry = Ledger(To("bd-a", TaskState.InProgress, 7, 3), To("bd-a", TaskState.Failed), To("bd-a", TaskState.Queued, 7, 1)).Of(Task);

        Assert.Equal((7, 3), (entry.Generation, entry.Attempt));
    }

    [Fact]
    public void The_last_start_is_when_an_attempt_last_came_up()
    {
        var ledger = Ledger(To("bd-a", TaskState.Claimed, seconds: 1));

        Assert.Null(ledger.Of(Task).LastStart);
        ledger.Add(To("bd-a", TaskState.InProgress, seconds: 2));
        ledger.Add(To("bd-a", TaskState.Paused, seconds: 3));
        Assert.Equal(TaskSamples.Now.AddSeconds(2), ledger.Of(Task).LastStart);
        ledger.Add(To("bd-a", TaskState.InProgress, seconds: 4));
        ledger.Add(To("bd-a", TaskState.Queued, seconds: 5));
        Assert.Equal(TaskSamples.Now.AddSeconds(4), ledger.Of(Task).LastStart);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("claimed in_progress failed", 1)]
    [InlineData("claimed failed queued claimed in_progress failed", 2)]
    [InlineData("failed queued claimed in_progress completed", 0)]
    [InlineData("failed queued claimed in_progress completed queued claimed in_progress failed", 1)]
    [InlineData("claimed in_progress completed failed", 1)]
    [InlineData("failed queued claimed in_progress", 1)]
    public void Failures_are_counted_from_the_last_success(string states, int failures) => Assert.Equal(
        failures,
        Ledger(states.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(state => To("bd-a", TaskStates.Parse(state)!.Value))).Of(Task).FailuresInARow);

    [Theory]
    [InlineData(TaskState.Queued, false)]
    [InlineData(TaskState.Claimed, false)]
    [InlineData(TaskState.InProgress, true)]
    [InlineData(TaskState.Paused, true)]
    [InlineData(TaskState.Completed, true)]
    [InlineData(TaskState.Failed, true)]
    public void What_an_agent_said_lasts_until_the_next_claim(TaskState next, bool lasts)
    {
        var ledger = Ledger(To("bd-a", TaskState.InProgress, 1, 1), Signal("bd-a", "working", 1), Signal("bd-a", "waiting", 1));
        var before = ledger.Of(Task);

        ledger.Add(To("bd-a", next, 1));

        Assert.Equal(("waiting", TaskState.InProgress), (before.LastSignal?.Signal, before.State));
        Assert.Equal(lasts ? "waiting!" : null, ledger.Of(Task).LastSignal?.Message);
    }

    [Fact]
    public void What_an_agent_of_an_older_claim_says_is_ignored() => Assert.Equal(
        "blocked",
        Ledger(To("bd-a", TaskState.InProgress, 2), Signal("bd-a", "blocked", 2), Signal("bd-a", "done", 1)).Of(Task).LastSignal?.Signal);

    [Fact]
    public void A_change_that_carries_a_signal_is_a_change()
    {
        var entry = Ledger(To("bd-a", TaskState.Failed) with { Signal = "done" }).Of(Task);

        Assert.Equal((TaskState.Failed, null), (entry.State, entry.LastSignal));
    }

    [Fact]
    public void Ids_that_differ_only_by_case_are_one_task()
    {
        var ledger = Ledger(To("bd-a", TaskState.Claimed, 1, 1), To("BD-A", TaskState.InProgress, 1, 1), To("bd-b", TaskState.Claimed));

        Assert.Equal(["bd-a", "bd-b"], ledger.Tasks.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((TaskState.InProgress, 1), (ledger.Of(TaskSamples.Id("Bd-A")).State, ledger.Of(Task).Attempt));
        Assert.True(ledger.Tasks.ContainsKey("BD-b"));
    }

    [Fact]
    public void Folding_in_pieces_is_folding_in_one_go() => Gen.Select(Logs, Gen.Int[0, 30]).Sample((log, cut) =>
    {
        var whole = Ledger(log);
        var pieces = Ledger(log.Take(cut));
        foreach (var e in log.Skip(cut))
        {
            pieces.Add(e);
        }

        Assert.Equal(Text(whole), Text(pieces));
    });

    [Fact]
    public void Folding_what_was_written_is_folding_what_was_meant() => Logs.Sample(log =>
        Assert.Equal(Text(Ledger(log)), Text(Ledger(log.Select(e => EventLine.TryParse(EventLine.Format(e).AsMemory(..^1))!)))));

    // The rules again, said as plainly as can be.
    [Fact]
    public void The_fold_agrees_with_its_rules_said_plainly() => Logs.Sample(log =>
    {
        var ledger = Ledger(log);
        foreach (var name in log.Select(e => e.Task).OfType<string>().Where(name => TaskId.TryParse(name, out _)).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var mine = log.Where(e => name.Equals(e.Task, StringComparison.OrdinalIgnoreCase)).ToList();
            var accepted = mine.Where((e, i) => e.Generation is null || mine.Take(i).All(earlier => Raises(earlier) is not { } seen || e.Generation >= seen)).ToList();
            var changes = accepted.Where(e => e.To is not null).ToList();
            var entry = ledger.Of(TaskId.Parse(name));

            Assert.Equal(changes, Village.Events.Ledger.HistoryOf(TaskId.Parse(name), log));
            Assert.Equal(changes.AsEnumerable().Reverse().TakeWhile(e => e.To is not TaskState.Completed).Count(e => e.To is TaskState.Failed), entry.FailuresInARow);
            Assert.Equal(changes is [.., var last] ? last.To : TaskState.Queued, entry.State);
            Assert.Equal(changes.Where(e => e.To is TaskState.InProgress).Select(e => e.Attempt ?? 0).Prepend(0).Max(), entry.Attempt);
            Assert.Equal(changes.LastOrDefault(e => e.To is TaskState.InProgress)?.Ts, entry.LastStart);
        }

        // A signal never comes before its claim, so it raises nothing.
        static long? Raises(VillageEvent e) => e.To is null && e.Signal is not null ? null : e.Generation;
    });

    /// <summary>Logs of a few tasks, in no sensible order.</summary>
    internal static Gen<VillageEvent[]> Logs { get; } = Gen.Select(
        Gen.OneOf("bd-a", "BD-A", "bd-b", "../x", null), Gen.OneOf(TaskStates.All.ToArray()).Nullable(), Gen.OneOf("working", "done", null, null),
        Gen.Long[0, 4].Nullable(), Gen.Int[1, 5].Nullable(), Gen.Int[0, 1000],
        (task, to, signal, generation, attempt, seconds) => new VillageEvent
        {
            Ts = TaskSamples.Now.AddSeconds(seconds),
            Cmd = "test",
            Task = task,
            To = to,
            Signal = signal,
            Generation = generation,
            Attempt = attempt,
            Agent = generation is 1 ? "build" : generation is 2 ? "tab\tbed" : null,
            Reason = attempt is 1 ? "timeout" : null,
            Seconds = attempt is 2 ? null : Math.Round(seconds * 1.1, 3),
            Usage = attempt is 3 ? new(seconds, 2) : attempt is 4 ? new(1, seconds, 3, 4, seconds / 7m) : null,
        }).Array[0, 30];

    private static string Text(Ledger ledger) => string.Join('\n',
        from entry in ledger.Tasks.Values
        orderby entry.Task
        select string.Create(
            CultureInfo.InvariantCulture,
            $"{entry.Task} {entry.State} {entry.Generation} {entry.Attempt} {entry.LastStart:O} {entry.FailuresInARow} {entry.LastSignal?.Ts:O} ")
            + $"{entry.LastSignal?.Signal} {entry.LastChange?.To} {entry.LastChange?.Ts:O}")
        + $"\n{ledger.Count} {ledger.LastEvent:O}";
}
