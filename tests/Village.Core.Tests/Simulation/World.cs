using System.Globalization;
using System.Text;
using Village.Configuration;
using Village.Core.Tests.Tasks;
using Village.Events;
using Village.Leases;
using Village.Observation;
using Village.Tasks;

namespace Village.Core.Tests.Simulation;

/// <summary>
/// A village in virtual time: the files, the kernel's locks and the processes of a repository, driven by a seed. What is
/// decided in it is decided by the program's own code (scheduler, lease protocol, fold, checkpoint, clean-up); a process may die
/// before any single act. The invariants are checked after every step.
/// </summary>
internal sealed partial class World
{
    private const int MaxWorkers = 3;
    private const string Host = "here";
    private readonly Random random;
    private readonly List<Actor> actors = [];
    private readonly Dictionary<string, TaskSpec> tasks;
    private readonly Dictionary<string, Lease> leases = [];
    private readonly Dictionary<(string Task, long Generation), LiveHold> live = [];
    private readonly Dictionary<string, Ground> grounds = [];
    private readonly List<VillageEvent> log = [];
    private readonly Ledger ledger = new();
    private readonly HashSet<(string Task, long Generation)> accepted = [];
    private readonly VillageConfig config = VillageConfig.Of(
        [], IniFile.Parse("[DEFAULT]\nRETRIES=1\nQUEUE_TTL_MINUTES=2", "config", out _), new Dictionary<string, string>());

    private DateTimeOffset now = TaskSamples.Now;
    private Actor current = new("nobody");
    private bool isCalm;
    private int written;

    public World(int seed)
    {
        random = new(seed);
        string[][] edges = [[], [], ["blocks:t-1"], ["blocks:t-1", "blocks:t-2"], [], ["parent-child:t-5"], ["blocks:t-4"], ["blocks:t-7"]];
        tasks = edges.Select((edge, i) => TaskSamples.Task($"t-{i + 1}", edge) with { Priority = i % 3 }).ToDictionary(task => task.Id.Value);
        foreach (var id in tasks.Keys)
        {
            grounds[id] = new();
        }
    }

    /// <summary>The event log as it would stand on the disk.</summary>
    public string Log => string.Concat(log.Select(e => Encoding.UTF8.GetString(EventLine.Format(e))));

    /// <summary>How many claims were taken over, fenced, and given up: a simulation in which nothing goes wrong proves nothing.</summary>
    public (int TakenOver, int Fenced, int GivenUp, int Killed) Troubles { get; private set; }

    /// <summary>One step of one process, and whatever fate adds to it.</summary>
    public void Step()
    {
        now += TimeSpan.FromSeconds(random.Next(0, 20));
        Tempt();
        var able = actors.Where(actor => actor is { IsAlive: true, IsStopped: false }).ToList();
        if (able is not [])
        {
            Run(able[random.Next(able.Count)]);
        }

        Check();
    }

    /// <summary>Nothing goes wrong any more, and people do what the program tells them: every task is completed in the end.</summary>
    public void Settle()
    {
        isCalm = true;
        actors.ForEach(actor => actor.IsStopped = false);
        for (var round = 0; round < 12; round++)
        {
            Quiet();
            if (tasks.Keys.All(id => State(id) is TaskState.Completed))
            {
                return;
            }

            now += TimeSpan.FromDays(1);
            actors.Where(actor => actor is { IsAlive: true, Nonce: null }).ToList().ForEach(Kill);
            foreach (var id in tasks.Keys.Where(id => State(id) is TaskState.Failed))
            {
                Spawn("retry", me => Retry(id));
            }

            foreach (var id in tasks.Keys.Where(id => State(id) is TaskState.Paused))
            {
                Spawn("resume", me => Resume(me, id));
            }

            Quiet();
            Spawn("cleanup", CleanUp);
            Spawn("queue", Queue);
        }

        throw Broken("I8", $"tasks that never complete: {string.Join(", ", tasks.Keys.Where(id => State(id) is not TaskState.Completed).Select(id => $"{id} {State(id).Name()}"))}");
    }

    private void Quiet()
    {
        for (var step = 0; actors.Any(actor => actor.IsAlive); step++)
        {
            if (step > 20_000)
            {
                throw Broken("I8", $"processes that never end: {string.Join(", ", actors.Where(actor => actor.IsAlive).Select(actor => actor.Name))}");
            }

            Step();
        }
    }

    // What people and fate do: commands at any moment, kill -9, SIGSTOP, a reboot, a clock that is set.
    private void Tempt()
    {
        if (isCalm)
        {
            return;
        }

        var id = tasks.Keys.ElementAt(random.Next(tasks.Count));
        switch (random.Next(400))
        {
            case < 14: Spawn("queue", Queue); break;
            case < 18: Spawn("resume", me => Resume(me, id)); break;
            case < 22: Spawn("retry", _ => Retry(id)); break;
            case < 26: Spawn("unlock", _ => Unlock(id, force: random.Next(2) is 0)); break;
            case < 30: Spawn("cleanup", CleanUp); break;
            case < 31: Tell(); break;
            case < 38 when actors.Where(actor => actor.IsAlive).ToList() is { Count: > 0 } living: Kill(living[random.Next(living.Count)]); break;
            case < 39: actors.ForEach(Kill); break;
            case < 43: actors.ForEach(actor => actor.IsStopped = actor.IsAlive && random.Next(3) is 0); break;
            case < 48: actors.ForEach(actor => actor.IsStopped = false); break;
            case < 49: now -= TimeSpan.FromHours(random.Next(5)); break;
            case < 50: now += TimeSpan.FromHours(random.Next(5)); break;
            default: break;
        }
    }

    private void Tell() => actors.ForEach(actor => actor.IsTold |= actor.Name.StartsWith("worker", StringComparison.Ordinal));

    private void Run(Actor actor)
    {
        current = actor;
        try
        {
            if (!actor.Script!.MoveNext())
            {
                actor.IsAlive = false;
            }
        }
        catch (Died)
        {
            // A crash point was reached; the kernel has cleaned up after it.
        }
    }

    private Actor Spawn(string name, Func<Actor, IEnumerable<bool>> script)
    {
        var actor = new Actor(string.Create(CultureInfo.InvariantCulture, $"{name}#{actors.Count}"));
        actor.Script = script(actor).GetEnumerator();
        actors.Add(actor);
        return actor;
    }

    private static void Kill(Actor actor) => actor.IsAlive = false;

    // Before every single act: kill -9 may come here.
    private void CrashPoint()
    {
        if (!isCalm && random.Next(150) is 0)
        {
            Troubles = Troubles with { Killed = Troubles.Killed + 1 };
            Kill(current);
            throw new Died();
        }
    }

    private void Append(VillageEvent e)
    {
        CrashPoint();
        var signed = e with { Ts = now, Actor = "sim", V = "0" };
        if (signed is { Task: { } id, To: { } to } && signed.Generation >= Entry(id).Generation && (State(id) != signed.From || !State(id).CanBecome(to)))
        {
            throw Broken("I5", $"{id} is {State(id).Name()} and the event says {signed.From?.Name()} -> {to.Name()}");
        }

        Troubles = (Troubles.TakenOver + (e.Reason is "take_over" ? 1 : 0), Troubles.Fenced + (e.Reason is FailureReason.Fenced ? 1 : 0),
            Troubles.GivenUp + (e is { From: TaskState.Claimed, To: TaskState.Queued } ? 1 : 0), Troubles.Killed);
        log.Add(signed);
        ledger.Add(signed);
    }

    private void Apply(string task, LeaseChange change)
    {
        foreach (var e in change.Events)
        {
            Append(e);
        }

        if (change.Lease is { } lease)
        {
            CrashPoint();
            leases[task] = lease;
        }
        else if (change.RemovesLease)
        {
            CrashPoint();
            leases.Remove(task);
        }

        if (change.RemovesLive is { } generation)
        {
            CrashPoint();
            live.Remove((task, generation));
        }

        if (change.Lease?.State is TaskState.Completed)
        {
            CrashPoint();
            tasks[task] = tasks[task] with { Status = "closed" };
        }
    }

    private TaskEntry Entry(string task) => ledger.Of(TaskId.Parse(task));

    private TaskState State(string task) => Entry(task).State;

    private IReadOnlyList<LeaseView> Views() =>
    [
        .. from pair in leases
           orderby pair.Key
           let lease = LeaseProtocol.AsLogged(pair.Value, Entry(pair.Key))
           select new LeaseView(pair.Key, LeaseStatuses.Of(lease, new(Look(lease), Host, PaneExists: false)), lease, null),
    ];

    private LiveLock Look(Lease lease) =>
        !live.TryGetValue((lease.Task.Value, lease.Generation), out var hold) ? LiveLock.Missing : hold.IsHeld ? LiveLock.Held : LiveLock.Free;

    private Snapshot Observe()
    {
        var done = tasks.Keys.Where(id => State(id) is TaskState.Completed).Select(TaskId.Parse).ToHashSet();
        return new(now, Views(), ledger, new TaskGraph(tasks.Values, now, done), [.. tasks.Keys], new("village", IsRunning: true, "1:1", []), ConfigExists: true);
    }
}
