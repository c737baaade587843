using System.Globalization;
using Village.Hosting;
using Village.Leases;
using Village.Operations;
using Village.Scheduling;
using Village.Tasks;
using Village.Tests.Testing;

namespace Village.Tests.Proofs;

/// <summary>Many at once (invariants I1 and I2): a task has one worker and is done once, the limit holds, and a dead lease has one heir.</summary>
public sealed class RacesTests
{
    // The agents count themselves: under one lock a line comes before the work and goes after it, and the number is noted.
    private const string Counts = Losses.Marks + """
        here() { flock "$HOME/lock" sh -c "$1"; }
        here 'ls "$HOME/live" | grep -qx "$VILLAGE_TASK" && echo "$VILLAGE_TASK" >> "$HOME/twice"; touch "$HOME/live/$VILLAGE_TASK"; ls "$HOME/live" | wc -l >> "$HOME/together"'
        number=$(printf %d "0x$(printf %s "$VILLAGE_TASK$(cat "$HOME/seed")" | sha256sum | cut -c1-4)")
        sleep 0.$((number % 5))
        here 'rm "$HOME/live/$VILLAGE_TASK"'
        case $VILLAGE_TASK in *3) exit 1;; esac
        """;

    [Fact]
    public Task Any_number_of_queues_do_every_task_once_and_keep_the_limit() => Soak.WithSeedsAsync(Soak.Times(1, 20), async random =>
    {
        var (queues, count, limit) = Soak.IsOn ? (64, 200, 8) : (12, 24, 3);
        await using var village = await TestVillage.UpAsync(Counts, $"MAX_WORKERS={limit}");
        Directory.CreateDirectory(Path.Combine(village.Home, "live"));
        File.WriteAllText(Path.Combine(village.Home, "seed"), $"{random.Next()}");
        var tasks = await AddAsync(village, count);

        await Task.WhenAll(Enumerable.Range(0, queues).Select(async _ =>
        {
            await Task.Delay(random.Next(200));
            using var queue = village.Start(village.Root, "queue", "--drain", "--json");
            queue.StandardInput.Close();
            var (answer, words) = (queue.StandardOutput.ReadToEndAsync(), queue.StandardError.ReadToEndAsync());
            using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(Soak.IsOn ? 30 : 4));
            await queue.WaitForExitAsync(deadline.Token);
            // 0, 4 and 3: its own all completed, some failed, it came too late.
            Assert.True(queue.ExitCode is 0 or 1 or 3 or 4, $"exit {queue.ExitCode}: {await answer} {await words}");
        }));

        await village.NothingIsLeftRunningAsync();
        Assert.Null(village.Note("twice"));
        Assert.Equal(tasks.Order(StringComparer.Ordinal), village.NoteLines("starts").Select(line => line.Split(' ')[0]).Order(StringComparer.Ordinal));
        var together = village.NoteLines("together").Max(line => int.Parse(line, CultureInfo.InvariantCulture));
        Assert.InRange(together, 2, limit);
        Assert.InRange(MostAtOnce(village), 2, limit);
        var failed = 0;
        foreach (var task in tasks)
        {
            var path = string.Join(' ', village.Events().Where(e => Asking.Text(e, "task") == task && Asking.Text(e, "to") is not null).Select(e => Asking.Text(e, "to")));
            Assert.True(path is "claimed in_progress completed" or "claimed in_progress failed", $"{task}: {path}");
            failed += path.EndsWith("failed", StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.Equal(tasks.Count(task => task.EndsWith('3')), failed);
        await village.NothingIsLostAsync(tasks);
        Soak.Say($"{queues} queues, {count} tasks, {failed} failed, at most {together} at once");
    });

    [Fact]
    public async Task A_dead_lease_has_one_heir_among_many_who_want_it()
    {
        const int Contenders = 8;
        await using var village = await TestVillage.UpAsync();
        var task = TaskId.Parse(await village.AddAsync("One"));
        var contexts = new List<VillageContext>();
        for (var n = 0; n < Contenders; n++)
        {
            contexts.Add(await OpenAsync(village));
        }

        var request = new ClaimRequest("queue", task, "build", [TaskState.Queued, TaskState.Claimed], 1);
        var rounds = Soak.Times(40, 1000);
        for (var round = 1; round <= rounds; round++)
        {
            using var start = new Barrier(Contenders);
            var answers = await Task.WhenAll(contexts.Select(context => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return Claims.TryClaim(context, request, session: null);
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));

            // The winner's hold ends with it, as at a kill: the lease reads STALE in the next round.
            using var winner = Assert.Single(answers, answer => answer.Claim is not null).Claim!;
            Assert.Equal(round, winner.Lease.Generation);
            Assert.All(answers.Where(answer => answer.Claim is null), answer => Assert.Equal(SkipReason.ActiveLease, answer.Refusal!.Reason));
            Assert.Equal(winner.Lease.Nonce, village.Lease(task.Value)["nonce"]);
            Assert.Equal([$"{task}.{round}.live"], village.LiveFiles());
        }

        Assert.Equal(rounds, village.Events().Count(e => Asking.Text(e, "to") is "claimed"));
    }

    [Fact]
    public async Task A_dead_worker_is_resumed_once_by_many_processes()
    {
        await using var village = await TestVillage.UpAsync(Losses.Marks + "touch \"$HOME/staying-$VILLAGE_ATTEMPT\"; while :; do sleep 0.1; done", "MAX_WORKERS=9");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "1")).Succeed();
        for (var round = 1; round <= Soak.Times(2, 50); round++)
        {
            await village.NoteAppearsAsync($"staying-{round}");
            await Asking.KillHardAsync(village.ProcessOf(task));

            var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => village.RunAsync("resume", task, "--detached")));

            Assert.True(all.Select(result => result.Exit).Order().SequenceEqual([0, 3, 3, 3, 3, 3, 3, 3]), string.Join("\n\n", all.Select(result => result.Transcript)));
            await village.NoteAppearsAsync($"staying-{round + 1}");
            Assert.Equal(round + 1, village.Starts(task));
            Assert.Equal($"{round + 1}", village.Lease(task)["generation"]);
        }

        await village.NothingIsLostAsync([task]);
    }

    private static async Task<IReadOnlyList<string>> AddAsync(TestVillage village, int count)
    {
        // Straight into the store: two hundred calls are another test.
        var ids = Enumerable.Range(1, count).Select(n => $"bd-{n:000}").ToList();
        await File.WriteAllLinesAsync(
            Path.Combine(village.State, "tasks.jsonl"),
            ids.Select(id => $$"""{"id":"{{id}}","title":"Task {{id}}","status":"open","priority":2,"issue_type":"task","created_at":"2026-01-22T10:41:12Z","updated_at":"2026-01-22T10:41:12Z"}"""));
        return ids;
    }

    // The log's own word: how many tasks were between their claim and their end at one time.
    private static int MostAtOnce(TestVillage village)
    {
        var (now, most) = (0, 0);
        foreach (var to in village.Events().Select(e => Asking.Text(e, "to")))
        {
            now += to switch { "claimed" => 1, "completed" or "failed" or "queued" => -1, _ => 0 };
            most = Math.Max(most, now);
        }

        return most;
    }

    private static async Task<VillageContext> OpenAsync(TestVillage village) => await new App(new Host
    {
        Out = StreamWriter.Null,
        Error = TextWriter.Null,
        In = StreamReader.Null,
        WorkingDirectory = village.Root,
        Environment = village.Environment,
        Clock = TimeProvider.System,
        Executable = TestVillage.Binary,
        ProcessId = Environment.ProcessId,
        Version = "test",
    }).OpenAsync(CancellationToken.None);
}
