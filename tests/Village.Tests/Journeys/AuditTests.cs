using System.CommandLine;
using System.Text.Json;
using Village.Tests.Agents;
using Village.Tests.Beads;
using Village.Tests.Docs;
using Village.Tests.Testing;

namespace Village.Tests.Journeys;

/// <summary>Audit: whatever Village does is a line in the log that says who did it, as which process, and with which source.</summary>
public sealed class AuditTests
{
    // Commands that only look; RefusalTests and others show that they change nothing. `attach` shows a window, `dashboard` a screen;
    // what `exec` runs is the person's own, and what `mcp` runs are other commands; `sync` writes to Beads only, and what it did is seen there.
    private static readonly string[] Looking = ["completion", "mcp", "metrics", "report", "why", "inbox", "wait", "agents", "graph", "contract", "usage", "sync", "ready", "status", "attach", "logs", "exec", "locks", "changes", "conflicts", "state", "events", "dashboard", "config list", "trash list", "trash show", "task list", "task show",
        "task ready", "task blocked", "task dep tree", "task dep cycles", "task label list", "task stats", "task export"];

    [Fact]
    public async Task Every_command_that_writes_leaves_an_event_with_actor_process_and_source()
    {
        await using var village = TestVillage.Create();
        village.Configure("MAX_WORKERS=9\nQUEUE_TTL_MINUTES=0", "exec sleep 600");
        village.AddAgent("breaks", "exit 3");
        File.AppendAllText(Path.Combine(village.State, "config"), village.TalkingSection());
        HashSet<string> acted = [];
        async Task DoAsync(string name, params string[] more)
        {
            var before = acted.Count > 0 ? village.Events().Count : 0;
            (await village.RunAsync([.. name.Split(' '), .. more])).Succeed();
            AssertSigned(village.Events().Skip(before));
            Assert.True(village.Events().Skip(before).Any(e => Asking.Text(e, "cmd") == name), $"`village {name}` left no event");
            acted.Add(name);
        }

        await DoAsync("up", "--no-dashboard");
        await DoAsync("task add", "Sleeps");
        await DoAsync("task add", "Breaks", "--label", "agent:breaks");
        var (sleeps, breaks) = (TaskNamed(village, "Sleeps"), TaskNamed(village, "Breaks"));
        await DoAsync("task edit", sleeps, "--priority", "0");
        await DoAsync("task dep add", breaks, sleeps);
        await DoAsync("task dep remove", breaks, sleeps);
        await DoAsync("task label add", breaks, "ui");
        await DoAsync("task label remove", breaks, "ui");
        await DoAsync("task comment", breaks, "Seen");
        await DoAsync("task add", "Goes");
        await DoAsync("task delete", TaskNamed(village, "Goes"));
        File.WriteAllText(Path.Combine(village.Home, "more.jsonl"), """{"id":"bd-from","title":"From elsewhere","status":"closed","priority":2,"issue_type":"task","created_at":"2026-01-22T10:41:12Z","updated_at":"2026-01-22T10:41:12Z"}""" + "\n");
        await DoAsync("task import", Path.Combine(village.Home, "more.jsonl"));
        await DoAsync("task close", breaks);
        await DoAsync("task reopen", breaks);
        await DoAsync("queue", "1");
        await DoAsync("resume", breaks, "--detached");
        Assert.Equal("agent_exit", (await village.StateBecomesAsync(breaks, "failed")).Reason);
        await DoAsync("retry", breaks);
        village.Environment["VILLAGE_TASK"] = sleeps;
        village.Environment["VILLAGE_LEASE"] = village.Lease(sleeps)["nonce"];
        await DoAsync("signal", "working");
        village.Environment.Remove("VILLAGE_TASK");
        village.Environment.Remove("VILLAGE_LEASE");
        await DoAsync("pause", sleeps);
        await DoAsync("resume-task", sleeps);
        await DoAsync("send", await village.TalkAsync(), "more");
        await DoAsync("unlock", sleeps, "--force");
        Assert.Contains(village.Events(), e => Asking.Text(e, "cmd") is "unlock" && Asking.Text(e, "reason") is "processes_ended" && Asking.Text(e, "message")!.StartsWith("ended ", StringComparison.Ordinal));
        (await village.RunAsync("resume", sleeps, "--detached")).Succeed();
        await Asking.KillHardAsync(village.ProcessOf(sleeps));
        await DoAsync("cleanup", "--apply");
        File.WriteAllText(Path.Combine(village.Workspace(sleeps), "left.txt"), "left\n");
        await DoAsync("rollback", sleeps);
        await DoAsync("undo", sleeps);
        await DoAsync("trash drop", "--all", "--yes");
        (await village.RunAsync("resume", sleeps, "--detached")).Succeed();
        await DoAsync("down", "--force");
        File.WriteAllText(Path.Combine(village.State, "locks", $"{sleeps}.1.live"), "");
        await DoAsync("doctor", "--fix");
        village.InstallBeads("1.0.3");
        await DoAsync("task move", "--to", "beads");

        AssertSigned(village.Events());
        Assert.Contains(village.Events(), e => Asking.Text(e, "cmd") is "worker" && Asking.Text(e, "to") is "paused");
        Assert.Contains(village.Events(), e => Asking.Text(e, "cmd") is "down" && Asking.Text(e, "message") is { } parked && parked.StartsWith("parked ", StringComparison.Ordinal) && parked.Contains(sleeps, StringComparison.Ordinal));
        Assert.Empty(Leaves().Except(acted).Except(Looking));
        Assert.Empty(acted.Union(Looking).Except(Leaves()));
    }

    [Fact, Trait("scm", "git")]
    public async Task A_start_that_fails_says_in_the_log_where_and_never_on_the_screen()
    {
        await using var village = await TestVillage.UpAsync();
        var task = await village.AddAsync("One");
        village.Agent("git", "case \"$*\" in *'worktree add'*) echo 'fatal: no luck' >&2; exit 128;; esac; exec /usr/bin/git \"$@\"");

        var queue = await village.RunAsync("queue", "1");

        Assert.DoesNotContain("   at ", queue.ExitsWith(1).Transcript, StringComparison.Ordinal);
        var given = village.Events()[^1];
        Assert.Equal(("queue", task, "queued", "start_failed"), (Asking.Text(given, "cmd"), Asking.Text(given, "task"), Asking.Text(given, "to"), Asking.Text(given, "reason")));
        Assert.Contains("no luck", Asking.Text(given, "message"), StringComparison.Ordinal);
        Assert.Matches(@"(?m)^   at Village\.Adapters\.Scm\.Git\.", Asking.Text(given, "stack"));
    }

    [Fact, Trait("scm", "git")]
    public async Task A_worker_that_cannot_go_on_says_in_the_log_where()
    {
        await using var village = await TestVillage.UpAsync("echo x > x.txt");
        var task = await village.AddAsync("One");
        village.Agent("git", "case \"$*\" in *'reset --quiet --hard'*) echo 'fatal: no luck' >&2; exit 128;; esac; exec /usr/bin/git \"$@\"");
        (await village.RunAsync("queue", "1")).Succeed();

        Assert.Equal("setup_failed", (await village.StateBecomesAsync(task, "failed")).Reason);

        var failed = village.Events().Single(e => Asking.Text(e, "to") is "failed");
        Assert.Matches(@"(?m)^   at Village\.Adapters\.Scm\.Git\.", Asking.Text(failed, "stack"));
    }

    [Fact, Trait("scm", "git")]
    public async Task A_thing_that_cleanup_cannot_remove_is_in_the_log_with_its_reason()
    {
        await using var village = await TestVillage.UpAsync("echo x > x.txt");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "--drain")).Succeed();
        village.Agent("git", "case \"$*\" in *'status --porcelain'*) echo 'fatal: no luck' >&2; exit 128;; esac; exec /usr/bin/git \"$@\"");

        (await village.RunAsync("cleanup", "--apply")).ExitsWith(4);

        var left = village.Events()[^1];
        Assert.Equal(("cleanup", task, "error"), (Asking.Text(left, "cmd"), Asking.Text(left, "task"), Asking.Text(left, "result")));
        Assert.Contains("no luck", Asking.Text(left, "error"), StringComparison.Ordinal);
        Assert.Contains("   at ", Asking.Text(left, "stack"), StringComparison.Ordinal);
    }

    private static void AssertSigned(IEnumerable<JsonElement> events) => Assert.All(events, e =>
    {
        Assert.Equal("tester", Asking.Text(e, "actor"));
        Assert.True(e.GetProperty("pid").GetInt32() > 1, e.GetRawText());
        Assert.Matches(@"^\d+\.\d+\.\d+\+[0-9a-f]{7,40}(\.changed)?$", Asking.Text(e, "v"));
    });

    private static string TaskNamed(TestVillage village, string title) => File.ReadLines(Path.Combine(village.State, "tasks.jsonl"))
        .Select(line => JsonDocument.Parse(line).RootElement).Where(task => Asking.Text(task, "title") == title).Select(task => Asking.Text(task, "id")!).Single();

    private static IReadOnlyList<string> Leaves()
    {
        static IEnumerable<string> Below(Command command, string name) => command.Subcommands.Count is 0
            ? [name.Trim()]
            : command.Subcommands.Where(c => !c.Hidden).SelectMany(c => Below(c, $"{name} {c.Name}"));
        return [.. Below(DocumentedTree.Root, "")];
    }
}
