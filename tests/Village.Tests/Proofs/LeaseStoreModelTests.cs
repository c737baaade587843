using System.Collections.Concurrent;
using System.Globalization;
using Village.Adapters.Processes;
using Village.Adapters.Scm;
using Village.Configuration;
using Village.Errors;
using Village.Events;
using Village.Hosting;
using Village.Operations;
using Village.Tasks;
using Village.Tests.Testing;

namespace Village.Tests.Proofs;

/// <summary>
/// Threads, each with a village of its own over one real directory, claim, move, give up, complete, lose, unlock and retry a few
/// tasks at random. What they saw must be what the model says in some order that fits the time.
/// </summary>
public sealed class LeaseStoreModelTests
{
    private const int Limit = 2;
    private const int Threads = 4;
    private const int ActsEach = 10;
    private static readonly string[] Names = ["bd-1", "bd-2", "bd-3"];
    private static readonly TaskState[] Open = [TaskState.Queued, TaskState.Claimed, TaskState.InProgress, TaskState.Paused];
    private static readonly TaskState[] Targets = [TaskState.InProgress, TaskState.InProgress, TaskState.Failed, TaskState.Paused];

    [Fact]
    public async Task What_threads_do_to_leases_at_once_could_have_happened_one_after_the_other()
    {
        HashSet<string> answers = [];
        for (var seed = 1; seed <= Soak.Times(60, 1000); seed++)
        {
            var seen = await RoundAsync(seed);
            answers.UnionWith(seen.Select(act => $"{act.Act.Kind}: {act.Answer}"));
            var order = Linearizability.Order(LeaseModel.Empty(Limit), seen, (state, act) => state.Apply(act.Id, act.Act));
            Assert.True(order is not null, $"seed {seed}: no order of these gives these answers\n{Tell(seen)}");
        }

        // The search would be content with threads that are refused everything.
        Assert.Superset(
            new HashSet<string>
            {
                "claim: g1", "claim: g2", "claim: active_lease", "claim: wrong_state", "claim: concurrency_limit", "move: ok", "move: refused", "give up: ok", "give up: refused",
                "complete: ok", "complete: refused", "lose: ok", "unlock: was held", "unlock: was not held", "unlock: held", "unlock: no lock", "retry: ok", "retry: refused",
            },
            answers);
    }

    [Fact]
    public void The_search_finds_the_order_of_acts_that_overlap()
    {
        Seen<LeaseAct>[] history =
        [
            new(1, new("claim", "bd-1"), 1, 6, "active_lease"), new(2, new("claim", "bd-1"), 2, 5, "g1"), new(3, new("look", "bd-1"), 3, 4, "queued g0, no lease"),
            new(4, new("move", "bd-1", 2, TaskState.InProgress), 7, 8, "ok"), new(5, new("look", "bd-1"), 9, 10, "in_progress g1, lease g1 in_progress"),
        ];

        Assert.Equal([3, 2, 1, 4, 5], Order(history)!.Select(act => act.Id));
    }

    private static readonly Dictionary<string, (LeaseAct[] Acts, string[] Answers)> Impossible = new()
    {
        ["two holders of one task"] = ([new("claim", "bd-1"), new("claim", "bd-1")], ["g1", "g1"]),
        ["one generation twice"] = ([new("claim", "bd-1"), new("unlock", "bd-1", Force: true), new("claim", "bd-1")], ["g1", "was held", "g2"]),
        ["a worker that was fenced and wrote"] = ([new("claim", "bd-1"), new("unlock", "bd-1", Force: true), new("move", "bd-1", 1, TaskState.InProgress)], ["g1", "was held", "ok"]),
        ["a lease that comes back"] = ([new("claim", "bd-1"), new("give up", "bd-1", 1), new("look", "bd-1")], ["g1", "ok", "claimed g1, lease g1 claimed"]),
        ["more than the limit"] = ([new("claim", "bd-1"), new("claim", "bd-2"), new("claim", "bd-3")], ["g1", "g1", "g1"]),
        ["a stale lease that keeps others out"] = ([new("claim", "bd-1"), new("lose", "bd-1", 1), new("claim", "bd-1")], ["g1", "ok", "active_lease"]),
        ["a lease that says less than the log"] = ([new("claim", "bd-1"), new("move", "bd-1", 1, TaskState.InProgress), new("look", "bd-1")], ["g1", "ok", "in_progress g1, lease g1 claimed"]),
    };

    public static TheoryData<string> ImpossibleThings => [.. Impossible.Keys];

    [Theory]
    [MemberData(nameof(ImpossibleThings))]
    public void The_search_refuses_a_planted_history(string what)
    {
        var (acts, answers) = Impossible[what];
        var planted = acts.Select((act, i) => new Seen<LeaseAct>(i + 1, act, (2 * i) + 1, (2 * i) + 2, answers[i])).ToList();

        Assert.Null(Order(planted));
        Assert.NotNull(Order(planted[..^1]));
    }

    [Fact]
    public void What_was_answered_before_it_was_asked_for_is_refused()
    {
        Seen<LeaseAct>[] overlapping = [new(1, new("claim", "bd-1"), 1, 4, "g1"), new(2, new("look", "bd-1"), 2, 3, "queued g0, no lease")];
        Seen<LeaseAct>[] apart = [overlapping[0] with { Answered = 2 }, overlapping[1] with { Asked = 3, Answered = 4 }];

        Assert.NotNull(Order(overlapping));
        Assert.Null(Order(apart));
    }

    private static IReadOnlyList<Seen<LeaseAct>>? Order(IReadOnlyList<Seen<LeaseAct>> history) =>
        Linearizability.Order(LeaseModel.Empty(Limit), history, (state, act) => state.Apply(act.Id, act.Act));

    private static async Task<IReadOnlyList<Seen<LeaseAct>>> RoundAsync(int seed)
    {
        // In memory where there is such a place: no disk slows the race down.
        var directory = Directory.Exists("/dev/shm") ? Path.Combine("/dev/shm", $"village-{Guid.NewGuid():N}") : Directory.CreateTempSubdirectory("v-").FullName;
        Directory.CreateDirectory(Path.Combine(directory, ".village", "locks"));
        try
        {
            var round = new Round(directory);
            await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
                () => round.RunAsync(new Random((seed * 100) + thread)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
            await round.EndAsync();
            Generations(Path.Combine(directory, ".village", "events.log"), seed);
            return [.. round.Seen.OrderBy(act => act.Asked)];
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    // Straight from the log: no claim of a task has the generation of an earlier one.
    private static void Generations(string log, int seed)
    {
        var claims = File.ReadLines(log).Select(line => EventLine.TryParse(System.Text.Encoding.UTF8.GetBytes(line))!)
            .Where(e => e is { To: TaskState.Claimed, Cmd: "model" }).ToList();
        foreach (var task in Names)
        {
            var generations = claims.Where(e => e.Task == task).Select(e => e.Generation!.Value).ToList();
            Assert.True(generations.SequenceEqual(generations.Distinct().Order()), $"seed {seed}: {task}: {string.Join(' ', generations)}");
        }
    }

    private static string Tell(IReadOnlyList<Seen<LeaseAct>> seen) =>
        string.Join('\n', seen.Select(act => string.Create(CultureInfo.InvariantCulture, $"{act.Asked,4}–{act.Answered,-4} #{act.Id} {act.Act}: {act.Answer}")));

    /// <summary>One directory, and what its threads see.</summary>
    private sealed class Round(string directory)
    {
        private readonly ConcurrentDictionary<int, Claim> claims = [];
        private long ticks;
        private int acts;

        public ConcurrentQueue<Seen<LeaseAct>> Seen { get; } = [];

        public async Task RunAsync(Random random)
        {
            var village = Open();
            for (var n = 0; n < ActsEach; n++)
            {
                await DoAsync(village, Choose(random));
            }
        }

        public async Task EndAsync()
        {
            var village = Open();
            foreach (var name in Names)
            {
                await DoAsync(village, new("look", name));
            }

            foreach (var claim in claims.Values)
            {
                claim.Dispose();
            }
        }

        private VillageContext Open()
        {
            var host = new Host
            {
                Out = StreamWriter.Null,
                Error = TextWriter.Null,
                In = StreamReader.Null,
                WorkingDirectory = directory,
                Environment = new Dictionary<string, string> { ["PATH"] = "/usr/local/bin:/usr/bin:/bin", ["TMUX_TMPDIR"] = directory },
                Clock = TimeProvider.System,
                Executable = TestVillage.Binary,
                ProcessId = System.Environment.ProcessId,
                Version = "test",
            };
            return new(
                host, new Repository(directory, Path.Combine(directory, ".git")), Path.Combine(directory, ".village"),
                VillageConfig.Of([], [], host.Environment), new ProcessRunner(host.Environment, null));
        }

        private LeaseAct Choose(Random random)
        {
            var mine = claims.ToArray();
            if (mine is [] || random.Next(10) < 3)
            {
                return new("claim", Names[random.Next(Names.Length)]);
            }

            // A late word of a former holder is as welcome here as one of the present.
            var (id, claim) = mine[random.Next(2) is 0 ? random.Next(mine.Length) : mine.Length - 1];
            var task = claim.Lease.Task.Value;
            return random.Next(14) switch
            {
                < 6 => new("move", task, id, Targets[random.Next(Targets.Length)]),
                6 => new("give up", task, id),
                7 => new("complete", task, id),
                8 => new("lose", task, id),
                9 or 10 => new("unlock", task, Force: random.Next(2) is 0),
                11 => new("look", task),
                _ => new("retry", task),
            };
        }

        private async Task DoAsync(VillageContext village, LeaseAct act)
        {
            var id = Interlocked.Increment(ref acts);
            var asked = Interlocked.Increment(ref ticks);
            var answer = await AnswerAsync(village, id, act);

            // A program that is started at that moment holds the lock too, until it is loaded: a loss may be felt a little later.
            Seen.Enqueue(new(id, act, asked, act.Kind is "lose" ? long.MaxValue : Interlocked.Increment(ref ticks), answer));
        }

        private async Task<string> AnswerAsync(VillageContext village, int id, LeaseAct act)
        {
            var task = TaskId.Parse(act.Task);
            var about = new VillageEvent { Ts = default, Cmd = "model", Result = "ok" };
            switch (act.Kind)
            {
                case "claim":
                    var (claim, refusal) = Claims.TryClaim(village, new("model", task, "build", LeaseStoreModelTests.Open, Limit), session: null);
                    if (claim is not null)
                    {
                        claims[id] = claim;
                    }

                    return claim is null ? Scheduling.SkipReasons.Name(refusal!.Reason) : string.Create(CultureInfo.InvariantCulture, $"g{claim.Lease.Generation}");
                case "move":
                    return Word(Claims.Move(village, claims[act.Claim].Lease.Fence, act.To, about with { Reason = act.To is TaskState.Paused ? "interrupted" : null },
                        lease => act.To is TaskState.Paused ? lease with { Parked = village.Now } : lease) is not null);
                case "give up":
                    return Word(Claims.GiveUp(village, claims[act.Claim], "model", "start_failed", null, null));
                case "complete":
                    return Word(Claims.Complete(village, claims[act.Claim].Lease.Fence, about));
                case "lose":
                    claims[act.Claim].Dispose();
                    return "ok";
                case "unlock":
                    return await UnlockAsync(village, task, act.Force);
                case "retry":
                    return Try(() => Reopening.Retry(village, task, force: true)) is null ? "ok" : "refused";
                default:
                    using (village.TakeGuard())
                    {
                        var entry = village.Events.Read().Of(task);
                        var lease = village.Leases.Read(task);
                        return LeaseModel.Words(entry.State, entry.Generation, lease?.Generation, lease?.State);
                    }
            }
        }

        private static async Task<string> UnlockAsync(VillageContext village, TaskId task, bool force)
        {
            try
            {
                return (await Unlock.RunAsync(village, task, force, CancellationToken.None)).Status is "ACTIVE" ? "was held" : "was not held";
            }
            catch (VillageException refusal) when (refusal.Kind is ErrorKind.NotFound or ErrorKind.Blocked)
            {
                return refusal.Kind is ErrorKind.NotFound ? "no lock" : "held";
            }
        }

        private static string Word(bool done) => done ? "ok" : "refused";

        private static VillageException? Try(Action act)
        {
            try
            {
                act();
                return null;
            }
            catch (VillageException refusal) when (refusal.Kind is ErrorKind.Blocked)
            {
                return refusal;
            }
        }
    }
}
