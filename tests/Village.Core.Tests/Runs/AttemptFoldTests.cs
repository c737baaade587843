using Village.Events;
using Village.Runs;
using Village.Tasks;
using static Village.Core.Tests.Events.EventSamples;
using static Village.Core.Tests.Tasks.TaskSamples;

namespace Village.Core.Tests.Runs;

/// <summary>Attempts, told from the log. A line of it: <c>seconds task attempt from-to [reason]</c>.</summary>
public sealed class AttemptFoldTests
{
    [Theory]
    [InlineData("0 bd-a 1 claimed-in_progress; 60 bd-a 1 in_progress-completed", "bd-a#1 completed 0-60")]
    [InlineData("0 bd-a 1 claimed-in_progress; 60 bd-a 1 in_progress-failed timeout", "bd-a#1 failed(timeout) 0-60")]
    [InlineData("0 bd-a 1 claimed-in_progress; 9 bd-a 1 in_progress-failed x; 20 bd-a 2 claimed-in_progress; 30 bd-a 2 in_progress-completed", "bd-a#1 failed(x) 0-9; bd-a#2 completed 20-30")]
    [InlineData("0 bd-a 1 claimed-in_progress; 5 bd-a 1 in_progress-claimed dependencies; 6 bd-a 1 claimed-queued", "bd-a#1 given_back(dependencies) 0-5")]
    [InlineData("0 bd-a 1 claimed-in_progress; 5 bd-a 1 in_progress-paused paused; 50 bd-a 1 paused-in_progress; 60 bd-a 1 in_progress-completed", "bd-a#1 completed 0-60")]
    [InlineData("0 bd-a 1 claimed-in_progress; 5 bd-a 1 in_progress-paused interrupted; 9 bd-a 2 claimed-in_progress; 10 bd-a 2 in_progress-completed", "bd-a#1 interrupted(interrupted) 0-5; bd-a#2 completed 9-10")]
    [InlineData("0 bd-a 1 claimed-in_progress; 50 bd-a 2 claimed-in_progress; 60 bd-a 2 in_progress-completed", "bd-a#1 taken_away 0-50; bd-a#2 completed 50-60")]
    [InlineData("60 bd-a 1 in_progress-completed", "bd-a#1 completed ?-60")]
    [InlineData("0 bd-b 1 claimed-in_progress; 1 bd-a 1 claimed-in_progress", "bd-b#1 lost 0-0; bd-a#1 lost 1-1")]
    [InlineData("0 bd-live 1 claimed-in_progress", "bd-live#1 running 0-")]
    [InlineData("0 bd-live 1 claimed-in_progress; 9 bd-live 1 in_progress-paused paused", "bd-live#1 paused(paused) 0-")]
    [InlineData("0 bd-a 1 queued-claimed; 1 bd-a 1 claimed-queued; 2 bd-a 0 completed-completed; 3 bd-a 0 completed-failed merge_conflict", "")]
    public void They_end_as_the_log_says(string log, string attempts) => Assert.Equal(attempts, Told(log));

    [Fact]
    public void Who_lets_go_of_a_lease_that_is_not_its_own_takes_the_task_away() => Assert.Equal(
        "bd-a#1 taken_away(unlocked) 0-5", Told("0 bd-a 1 claimed-in_progress; 5 bd-a 1 in_progress-claimed unlocked", "unlock"));

    [Fact]
    public void An_undo_is_neither_a_start_nor_an_end() => Assert.Equal("", Told("0 bd-a 1 completed-in_progress", "undo"));

    [Fact]
    public void What_an_older_worker_still_says_is_refused()
    {
        VillageEvent[] log =
        [
            To("bd-a", TaskState.InProgress, generation: 2, attempt: 2), To("bd-a", TaskState.Failed, generation: 1, attempt: 1, seconds: 5),
            To("bd-a", TaskState.Completed, generation: 2, attempt: 2, seconds: 9),
        ];

        Assert.Equal("bd-a#2 completed 0-9", Told(log));
    }

    [Fact]
    public void One_that_came_up_before_and_is_silent_since_is_among_them()
    {
        var ledger = Ledger(To("bd-live", TaskState.InProgress, attempt: 3), To("bd-a", TaskState.InProgress, attempt: 1));

        Assert.Equal("bd-live#3 running 0-", Told(AttemptFold.Of([], ledger, Held)));
    }

    [Fact]
    public void A_begin_before_the_time_is_known_from_the_end_or_the_ledger()
    {
        var start = To("bd-a", TaskState.InProgress, attempt: 1, seconds: -100);
        var end = To("bd-a", TaskState.Completed, attempt: 1, seconds: 9) with { From = TaskState.InProgress };

        Assert.Equal("bd-a#1 completed -100-9", Told(AttemptFold.Of([end], Ledger(start, end), Held)));
        Assert.Equal("bd-a#1 completed -11-9", Told(AttemptFold.Of([end with { Seconds = 20 }], Ledger(end), Held)));
    }

    private static bool Held(TaskId task) => task == Id("bd-live");

    private static string Told(string log, string cmd = "worker") =>
        Told(log.Split("; ").Select(line => line.Split(' ')).Select(word => new VillageEvent
        {
            Ts = Now.AddSeconds(int.Parse(word[0])),
            Cmd = cmd,
            Task = word[1],
            Attempt = int.Parse(word[2]) is > 0 and var attempt ? attempt : null,
            From = State(word[3].Split('-')[0]),
            To = State(word[3].Split('-')[1]),
            Reason = word.ElementAtOrDefault(4),
        }));

    private static string Told(IEnumerable<VillageEvent> log) => Told(AttemptFold.Of([.. log], Ledger(log), Held));

    private static string Told(IReadOnlyList<Attempt> attempts) => string.Join("; ", attempts.Select(attempt =>
        $"{attempt.Task}#{attempt.Number} {attempt.Outcome.Name()}{(attempt.Reason is { } reason ? $"({reason})" : "")} {Second(attempt.Started, "?")}-{Second(attempt.Ended, "")}"));

    private static string Second(DateTimeOffset? time, string otherwise) => time is { } known ? $"{(known - Now).TotalSeconds}" : otherwise;

    private static TaskState State(string name) => Enum.Parse<TaskState>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
}
