using System.Text;
using Village.Configuration;
using Village.Core.Tests.Leases;
using Village.Errors;
using Village.Events;
using Village.Leases;
using Village.Tasks;

namespace Village.Core.Tests.Fuzzing;

/// <summary>Whatever has happened to a file: reading it never throws, never invents a holder, and keeps what is somebody else's.</summary>
public sealed class FuzzTests
{
    private static readonly byte[] LeaseSeed = Encoding.UTF8.GetBytes(LeaseFile.Format(LeaseSamples.Lease("bd-a3f8.1") with
    {
        State = TaskState.Paused,
        Attempt = 3,
        Parked = new(2026, 1, 22, 11, 0, 0, TimeSpan.Zero),
        Workspace = "/a b/100% é",
        Ports = [new("PORT", 20000), new("API_PORT", 4000)],
        Foreign = [new("colour", "8001=8002"), new("state_history", """[{"to":"claimed"}]""")],
    }));

    private static readonly byte[] OriginalSeed = "id=bd-1\npane=%12\nwindow=worker-1-bd-1\nagent=worker\nclaimed_at=2026-01-22T10:41:12.123456\n"u8.ToArray();

    private static readonly byte[] EventSeed = EventLine.Format(new()
    {
        Ts = new(2026, 1, 22, 10, 41, 12, 123, TimeSpan.Zero),
        Cmd = "worker",
        Task = "bd-1",
        Pane = "%12",
        Result = "ok",
        From = TaskState.InProgress,
        To = TaskState.Completed,
        Generation = 7,
        Attempt = 3,
        Seconds = 12.5,
        Message = "é \"x\"\n",
        Pid = 4711,
    });

    private static readonly byte[] TaskSeed =
        """{"id":"bd-1","title":"A \"b\" é","status":"open","priority":1,"issue_type":"bug","created_at":"2026-11-22T11:04:49Z","labels":["agent:build"],"dependencies":[{"issue_id":"bd-1","depends_on_id":"bd-2","type":"blocks","x":[1]}],"metadata":{"a":[1,{"b":null}]},"zz":"kept"}"""u8.ToArray();

    private static readonly byte[] ConfigSeed =
        "# a comment\n[DEFAULT]\nMAX_WORKERS=3\nTIMEOUT = 20m\nCHECK=git grep -q 'a b'\n\n[agent.build]\ncommand: my-agent\n    --file {contract}\ntimeout=5s\n[dashboard]\nenabled=true\nrefresh_interval_seconds=2\n"u8.ToArray();

    [Fact]
    public void A_damaged_lock_is_a_lease_or_a_sentence_and_comes_back_as_it_was_read() => Every([LeaseSeed, OriginalSeed], bytes =>
    {
        var lease = LeaseFile.TryParse(Encoding.UTF8.GetString(bytes), out var problem);
        if (lease is null)
        {
            Assert.NotEmpty(problem!);
            return;
        }

        Assert.Null(problem);
        var text = LeaseFile.Format(lease);
        var again = LeaseFile.TryParse(text, out _);
        Assert.Equal(lease with { Foreign = [] }, again! with { Foreign = [], ClaimedAt = lease.ClaimedAt, Parked = lease.Parked, Ports = lease.Ports });
        Assert.Equal(lease.Ports, again.Ports);
        Assert.Equal(lease.Foreign, again.Foreign);
        Assert.Equal(text, LeaseFile.Format(again));
    });

    [Fact]
    public void A_damaged_lock_is_active_only_where_the_kernel_or_without_a_nonce_the_pane_says_so() => Every([LeaseSeed, OriginalSeed], bytes =>
    {
        if (LeaseFile.TryParse(Encoding.UTF8.GetString(bytes), out _) is not { } lease)
        {
            return;
        }

        foreach (var live in Enum.GetValues<LiveLock>())
        {
            foreach (var pane in new[] { false, true })
            {
                var isActive = LeaseStatuses.Of(lease, new(live, "here", pane)) is LeaseStatus.Active;
                Assert.True(!isActive || (lease.Nonce is null ? pane : live is LiveLock.Held), LeaseFile.Format(lease));
            }
        }
    });

    [Fact]
    public void Keys_of_others_survive_whatever_else_is_damaged() => Every([LeaseSeed], bytes =>
    {
        var text = Encoding.UTF8.GetString(bytes);
        if (LeaseFile.TryParse(text, out _) is not { } lease)
        {
            return;
        }

        // Blanks around key and value are nobody's.
        var written = LeaseFile.Format(lease).Split('\n');
        foreach (var line in text.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("colour=", StringComparison.Ordinal) || line.StartsWith("state_history=", StringComparison.Ordinal)))
        {
            var (key, value) = (line[..line.IndexOf('=', StringComparison.Ordinal)], line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..]);
            Assert.Contains($"{key}={value.Trim()}", written);
        }
    });

    [Fact]
    public void A_damaged_line_of_the_log_is_an_event_or_nothing_and_the_fold_goes_on() => Every([EventSeed], bytes =>
    {
        var ledger = new Ledger();
        foreach (var line in Split(bytes))
        {
            if (EventLine.TryParse(line) is not { } e)
            {
                continue;
            }

            ledger.Add(e);
            var again = EventLine.TryParse(EventLine.Format(e).AsMemory()[..^1]);
            Assert.Equal((e.Cmd, e.Task, e.To, e.Generation, e.Attempt, e.Message), (again!.Cmd, again.Task, again.To, again.Generation, again.Attempt, again.Message));
        }

        Assert.All(ledger.Tasks, pair => Assert.True(TaskId.TryParse(pair.Key, out _) && pair.Value.Generation >= 0 && pair.Value.Attempt >= 0));
    });

    [Fact]
    public void A_damaged_line_of_the_task_file_is_a_task_that_comes_back_or_a_sentence() => Every([TaskSeed], bytes =>
    {
        foreach (var line in Split(bytes))
        {
            var reading = TaskLine.Parse(line.Span);
            Assert.Equal(reading.Kind is TaskLineKind.Problem, reading.Problem is not null);
            if (reading.Kind is TaskLineKind.Task)
            {
                var again = TaskLine.Parse(TaskLine.Format(reading.Task!));
                Assert.Equal(reading.Task, again.Task);
                Assert.Equal(reading.Task!.Other, again.Task!.Other);
            }
        }
    });

    [Fact]
    public void A_damaged_configuration_is_read_or_refused_with_a_sentence() => Every([ConfigSeed], bytes =>
    {
        var entries = IniFile.Parse(Encoding.UTF8.GetString(bytes), "config", out var problems);
        Assert.All(problems, problem => Assert.StartsWith("config:", problem, StringComparison.Ordinal));
        try
        {
            var config = VillageConfig.Of([], entries, new Dictionary<string, string>());
            Assert.InRange(config.MaxWorkers, 0, int.MaxValue);
        }
        catch (VillageException refusal)
        {
            Assert.Equal(ErrorKind.Config, refusal.Kind);
            Assert.StartsWith("config:", refusal.Message, StringComparison.Ordinal);
        }
    });

    [Fact]
    public void A_damaged_checkpoint_is_none_or_says_of_every_task_the_same()
    {
        var ledger = new Ledger();
        ledger.Add(EventLine.TryParse(EventSeed.AsMemory()[..^1])!);
        ledger.Add(new() { Ts = DateTimeOffset.UnixEpoch, Cmd = "queue", Task = "bd-2", From = TaskState.Queued, To = TaskState.Claimed, Generation = 3 });
        var whole = new Checkpoint(ledger, 4711, 1, uint.MaxValue).Format();
        var good = Checkpoint.TryParse(whole)!.Ledger.Tasks.Values.Select(Words).ToList();

        Every([whole], bytes =>
        {
            if (Checkpoint.TryParse(bytes) is { } read)
            {
                Assert.Equal(good, read.Ledger.Tasks.Values.Select(Words));
            }
        });

        static string Words(TaskEntry entry) => $"{entry.Task} {entry.State} g{entry.Generation} a{entry.Attempt} {entry.FailuresInARow} {entry.LastStart:O} {entry.LastSignal?.Signal}";
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Split(byte[] bytes)
    {
        for (var begin = 0; begin < bytes.Length;)
        {
            var length = bytes.AsSpan(begin).IndexOf((byte)'\n') is var n && n >= 0 ? n : bytes.Length - begin;
            yield return bytes.AsMemory(begin, length);
            begin += length + 1;
        }
    }

    // The message has the file, so that it can become a seed.
    private static void Every(byte[][] seeds, Action<byte[]> check)
    {
        foreach (var bytes in seeds.SelectMany(Damage.Of))
        {
            try
            {
                check(bytes);
            }
            catch (Exception failure)
            {
                Assert.Fail($"{failure.Message}\n{failure.GetType().Name} for {Convert.ToBase64String(bytes[..Math.Min(bytes.Length, 3000)])}\n{Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 3000)])}\n{failure.StackTrace}");
            }
        }
    }
}
