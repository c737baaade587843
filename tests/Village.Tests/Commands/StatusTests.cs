using Village.Tests.Testing;

namespace Village.Tests.Commands;

/// <summary><c>village up</c>, <c>status</c>, <c>ready</c>, <c>queue</c> as a plan, and <c>down</c>.</summary>
public sealed class StatusTests
{
    [Fact, Trait("scm", "git")]
    public async Task Up_makes_what_is_missing_once_and_says_what_it_made()
    {
        await using var village = TestVillage.Create();
        var before = village.Git("status", "--porcelain", "--ignored");

        (await village.RunAsync("up", "--no-dashboard", "--plan")).Succeed().Transcript.ShouldBe("""
            Would make directory .village/
            Would make file .village/config
            Would make directory .worktrees/
            Would make entries in the private exclude file
            Would make tmux session 'village'
            Nothing was made
            """);
        Assert.False(Directory.Exists(village.State));
        (await village.RunAsync("up", "--no-dashboard")).Succeed().Transcript.ShouldBe("""
            Made directory .village/
            Made file .village/config
            Made directory .worktrees/
            Made entries in the private exclude file
            Made tmux session 'village'
            The village is up
            Next: village task add "what to do", then village queue 1
            """);
        (await village.RunAsync("up", "--no-dashboard", "--json")).Succeed().Transcript.ShouldBe("""
            {
              "command": "up",
              "version": 1,
              "created": [],
              "session": "village",
              "attach": "tmux attach -t village"
            }
            """);
        Assert.Equal("", before);
        Assert.Equal("", village.Git("status", "--porcelain"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(village.State));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(village.State, "config")));
    }

    [Fact]
    public async Task Up_opens_a_dashboard_that_keeps_looking()
    {
        await using var village = TestVillage.Create();
        (await village.RunAsync("up")).Succeed();

        await TestVillage.EventuallyAsync(
            () => village.TryTool("tmux", "capture-pane", "-p", "-t", "=village:dashboard").Out.Contains("Active Workers (0/", StringComparison.Ordinal), "the dashboard shows the status");

        Assert.Empty((await village.RunAsync("up", "--json")).Succeed().Json().GetProperty("created").EnumerateArray());
        await village.AddAsync("One");
        await TestVillage.EventuallyAsync(
            () => village.TryTool("tmux", "capture-pane", "-p", "-t", "=village:dashboard").Out.Contains("Task Queue (1 ready", StringComparison.Ordinal), "the dashboard sees the new task");
    }

    [Fact]
    public async Task Many_ups_at_once_are_as_good_as_one()
    {
        await using var village = TestVillage.Create();

        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => village.RunAsync("up")));

        Assert.All(all, result => result.Succeed());
        Assert.Equal("village", village.Tool("tmux", "list-sessions", "-F", "#{session_name}").Trim());
        Assert.Single(village.Tool("tmux", "list-windows", "-t", "=village:", "-F", "#{window_name}").Split('\n'), name => name is "dashboard");
        Assert.Equal(2, File.ReadLines(Path.Combine(village.Root, ".git", "info", "exclude")).Count(line => line is "/.village/" or "/.worktrees/"));
    }

    [Fact]
    public async Task Status_shows_workers_locks_tasks_and_orphans()
    {
        await using var village = await TestVillage.UpAsync("touch \"$HOME/hanging\"; sleep 1000", "MAX_WORKERS=1");
        var clock = ManualClock.Fixed();
        (await village.RunInProcessAsync(clock, "status")).Succeed().Transcript.ShouldBe("""
            Session    village (running)
            Workers    0 of 1 active
            Tasks      0 ready, 0 waiting for others, 0 closed, 0 failed
            Locks      0 (0 active, 0 stale, 0 corrupt)
            Workspaces 0

            No locks
            """);
        var task = await village.AddAsync("One");
        await village.AddAsync("Two", "--depends-on", task);
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("hanging");
        Directory.CreateDirectory(Path.Combine(village.Root, ".worktrees", "bd-stray"));

        (await village.RunInProcessAsync(clock, "status")).Succeed().Transcript.Replace(task, "bd-xxx", StringComparison.Ordinal).ShouldBe("""
            Session    village (running)
            Workers    1 of 1 active
            Tasks      0 ready, 1 waiting for others, 0 closed, 0 failed
            Locks      1 (1 active, 0 stale, 0 corrupt)
            Workspaces 2

            TASK    STATUS  STATE        AGENT  PANE  WINDOW          CLAIMED   NOTE
            bd-xxx  ACTIVE  in_progress  build  %1    build-1-bd-xxx  0.0s ago

            ORPHAN              PATH                 REASON
            UNTRACKED_WORKTREE  .worktrees/bd-stray  no_matching_lock
            Next: village cleanup --plan
            """);
        (await village.RunAsync("status", "--short")).Succeed().Transcript.ShouldBe("""
            up 1/1 ready:0
            """);
        var json = (await village.RunAsync("status", "--json")).Succeed().Out;
        json[..json.IndexOf("\"workers\": [", StringComparison.Ordinal)].TrimEnd().ShouldBe("""
            {
              "command": "status",
              "version": 1,
              "summary": {
                "tmux_running": true,
                "tmux_session": "village",
                "locks_count": 1,
                "locks_active": 1,
                "locks_stale": 0,
                "locks_corrupt": 0,
                "agents_waiting": 0,
                "max_workers": 1,
                "tasks_ready": 0,
                "tasks_blocked": 1,
                "tasks_closed": 0,
                "tasks_failed": 0,
                "worktrees_count": 2,
                "config_exists": true,
                "orphans_count": 1
              },
            """);
    }

    [Fact]
    public async Task Each_part_of_the_status_can_be_had_alone()
    {
        await using var village = await TestVillage.UpAsync();
        File.WriteAllText(village.LockPath("bd-1"), "garbage");

        (await village.RunAsync("status", "--workers")).Succeed().Transcript.ShouldBe("""
            No worker is active
            """);
        (await village.RunAsync("status", "--locks")).Succeed().Transcript.ShouldBe("""
            TASK  STATUS   STATE  AGENT  PANE  WINDOW  CLAIMED  NOTE
            bd-1  CORRUPT  -      -      -     -                has no 'id'
            """);
        (await village.RunAsync("status", "--orphans")).Succeed().Transcript.TrimStart('\n').ShouldBe("""
            ORPHAN        PATH                      REASON
            CORRUPT_LOCK  .village/locks/bd-1.lock  has no 'id'
            Next: village cleanup --plan
            """);
    }

    [Fact]
    public async Task Ready_says_what_is_missing_and_what_to_type()
    {
        await using var village = TestVillage.Create();
        (await village.RunAsync("ready")).Transcript.ShouldBe("""
            Overall: NOT READY
            ✗ village    not made yet
            ✗ session    is not running
            ✓ tasks      Village's own store: no Beads is in use here
            ✗ work       none is ready

            NEXT        WHY
            village up  there is no village here yet (needed first)
            [exit 2]
            """);
        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        (await village.RunAsync("ready")).Transcript.ShouldBe("""
            Overall: READY NO WORK
            ✓ village    is there
            ✓ session    is running
            ✓ tasks      Village's own store: no Beads is in use here
            ✗ work       none is ready

            NEXT                           WHY
            village task add "what to do"  no task is ready
            [exit 3]
            """);
        await village.AddAsync("One");
        (await village.RunAsync("ready")).Succeed().Transcript.ShouldBe("""
            Overall: READY
            ✓ village    is there
            ✓ session    is running
            ✓ tasks      Village's own store: there are tasks in .village/tasks.jsonl
            ✓ work       1 ready

            NEXT             WHY
            village queue 1  1 task may start
            """);
    }

    [Fact]
    public async Task A_plan_names_every_task_and_why_it_would_not_start()
    {
        await using var village = await TestVillage.UpAsync(settings: "MAX_WORKERS=1");
        var clock = ManualClock.Fixed();
        var ids = new List<string>();
        foreach (var words in (string[][])[["First", "-p", "0"], ["Second", "-p", "1"], ["Third", "-p", "1", "-l", "agent:writer"]])
        {
            ids.Add((await village.RunInProcessAsync(clock, ["task", "add", .. words])).Succeed().Out.Trim());
            clock.Pass(TimeSpan.FromSeconds(1));
        }

        ids.Add((await village.RunInProcessAsync(clock, "task", "add", "Fourth", "--depends-on", ids[0])).Succeed().Out.Trim());

        ids.Index().Aggregate((await village.RunAsync("queue")).Succeed().Transcript, (text, id) => text.Replace(id.Item, $"bd-00{id.Index + 1}", StringComparison.Ordinal)).ShouldBe("""
            0 of 1 workers active, 1 free

            WOULD START  AGENT  TITLE
            bd-001       build  First

            NOT STARTED  REASON             WHY
            bd-002       concurrency_limit  1 of 1 workers are taken
            bd-003       concurrency_limit  1 of 1 workers are taken
            bd-004       dependencies       it is blocked by bd-001

            Start them with: village queue 1
            """);
        Assert.Equal(
            [(ids[1], "count_limit"), (ids[3], "dependencies")],
            (await village.RunAsync("queue", "1", "--plan", "--max-workers", "9", "--agent", "build", "--json")).Succeed().Json().GetProperty("blocked_tasks").EnumerateArray()
                .Where(row => Asking.Text(row, "skip_reason") is not "wrong_agent").Select(row => (Asking.Text(row, "task")!, Asking.Text(row, "skip_reason")!)));
    }

    [Fact]
    public async Task Commands_that_look_write_nothing()
    {
        await using var village = await TestVillage.UpAsync("exit 1");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "--drain")).ExitsWith(1);
        await village.AddAsync("Two");
        var (before, index) = (village.Fingerprint(), File.GetLastWriteTimeUtc(Path.Combine(village.Workspace(task), ".git")));
        foreach (var words in EveryCommand.Reading(task))
        {
            await village.RunAsync(words);
            await village.RunAsync([.. words, "--json"]);
            Assert.True(before == village.Fingerprint(), $"village {string.Join(' ', words)} wrote something");
        }

        Assert.Equal(index, File.GetLastWriteTimeUtc(Path.Combine(village.Workspace(task), ".git")));
    }

    [Fact]
    public async Task Nothing_but_the_answer_is_on_stdout_and_json_has_no_escape_sequences()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt");
        var task = await village.AddAsync("One");
        foreach (var words in EveryCommand.All(task, await village.AddAsync("Two")))
        {
            var result = await village.RunAsync([.. words, "--json", "-v"]);

            var root = result.Json();
            Assert.Equal(1, root.GetProperty("version").GetInt32());
            Assert.StartsWith(root.GetProperty("command").GetString()!, string.Join(' ', words), StringComparison.Ordinal);
            Assert.DoesNotContain('\x1b', result.Out);
        }
    }
}
