using System.Diagnostics;
using System.Globalization;
using Village.Tests.Testing;

namespace Village.Tests.Proofs;

/// <summary>What the world says and is not true: ids that name another process, clocks that went back, workers that believe in a claim that is gone.</summary>
public sealed class LiesTests
{
    // The first attempt leaves a commit and dirt, waits until it is told to go, and then does what the note says; the second waits for its own word.
    private const string Stays = Losses.Marks + """
        git add --all; git commit -qm "attempt $VILLAGE_ATTEMPT"
        mark="dirt-$mark"; echo "$mark" > "$mark.txt"; echo "$VILLAGE_TASK $mark" >> "$HOME/written"
        touch "$HOME/staying-$VILLAGE_ATTEMPT"; while [ ! -e "$HOME/go-$VILLAGE_ATTEMPT" ]; do sleep 0.02; done
        . "$HOME/go-$VILLAGE_ATTEMPT"
        """;

    [Theory]
    [InlineData("dead")]
    [InlineData("alive")]
    public async Task A_process_that_has_the_id_of_a_worker_now_is_neither_killed_nor_signalled(string worker)
    {
        await using var village = await TestVillage.UpAsync(Stays, "MAX_WORKERS=1\nQUEUE_TTL_MINUTES=0");
        var task = await StartAsync(village);
        if (worker is "dead")
        {
            await Asking.KillHardAsync(village.ProcessOf(task));
        }

        using var stranger = Process.Start("/bin/sleep", "1000");
        try
        {
            // Same id, another start.
            await RewriteAsync(village, task, "worker", $"{stranger.Id}:1");
            village.Environment["VILLAGE_LEASE"] = village.Lease(task)["nonce"];
            village.Environment["VILLAGE_TASK"] = task;
            (await village.RunAsync("signal", "working")).Succeed();
            village.Environment.Remove("VILLAGE_LEASE");
            village.Environment.Remove("VILLAGE_TASK");
            Assert.Equal(worker is "dead" ? "STALE" : "ACTIVE", Asking.Text(await village.LockAsync(task), "status"));
            (await village.RunAsync("status")).Succeed();

            (await village.RunAsync("unlock", task, "--force")).Succeed();

            Assert.True(Asking.IsAlive(stranger.Id), "the stranger lives");
        }
        finally
        {
            stranger.Kill();
            await stranger.WaitForExitAsync();
        }

        await village.NothingIsLeftRunningAsync();
        await FinishAsync(village, task);
    }

    [Theory]
    [InlineData("2999-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59.999Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    public async Task A_lease_that_was_claimed_at_an_impossible_time_is_taken_over_like_any_other(string time)
    {
        await using var village = await TestVillage.UpAsync(Stays, "MAX_WORKERS=1\nQUEUE_TTL_MINUTES=0");
        var task = await StartAsync(village);
        await Asking.KillHardAsync(village.ProcessOf(task));

        await RewriteAsync(village, task, "claimed_at", time);

        foreach (var look in new[] { "status", "locks", "queue", "cleanup --plan", "events" })
        {
            (await village.RunAsync(look.Split(' '))).Succeed();
        }

        await FinishAsync(village, task);
    }

    [Fact]
    public async Task A_clock_that_was_set_back_by_a_year_stops_nothing()
    {
        await using var village = TestVillage.Create();
        village.Configure("MAX_WORKERS=2", Stays);
        village.Environment["LD_PRELOAD"] = Directory.EnumerateFiles("/usr/lib", "libfaketimeMT.so.1", SearchOption.AllDirectories).First();
        village.Environment["FAKETIME"] = "+400d";
        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        var task = await StartAsync(village);
        await Asking.KillHardAsync(village.ProcessOf(task));
        var limit = DateTimeOffset.UtcNow.AddDays(300).ToString("yyyy-MM", CultureInfo.InvariantCulture);
        Assert.All(village.Events(), e => Assert.True(string.CompareOrdinal(Asking.Text(e, "ts"), limit) > 0, "the clock went ahead, or the test shows nothing"));

        village.Environment.Remove("LD_PRELOAD");
        village.Environment.Remove("FAKETIME");

        foreach (var look in new[] { "status", "locks", "queue", $"state {task}", "events", "cleanup --plan" })
        {
            (await village.RunAsync(look.Split(' '))).Succeed();
        }

        await FinishAsync(village, task);
    }

    // Where nobody sees the old worker's processes nobody can end them: another container on the same files. It is stopped for so long,
    // and has no idea.
    [Theory]
    [InlineData("its agent ends well", "exit 0")]
    [InlineData("its agent fails", "exit 1")]
    [InlineData("its pane is closed", "sleep 1000")]
    public async Task A_stopped_supervisor_whose_lease_was_taken_and_given_away_changes_nothing_and_says_so(string case_, string end)
    {
        Assert.NotEmpty(case_);
        await using var village = await TestVillage.UpAsync(Stays, "MAX_WORKERS=1\nQUEUE_TTL_MINUTES=0");
        var task = await StartAsync(village);
        var (supervisor, pane) = (village.ProcessOf(task), village.Lease(task)["pane"]);
        village.Tool("kill", "-STOP", $"{supervisor}");
        using var elsewhere = village.StartElsewhere($"'{TestVillage.Binary}' unlock {task} --force && '{TestVillage.Binary}' up --no-dashboard && '{TestVillage.Binary}' queue 1");
        await village.NoteAppearsAsync("staying-2");
        Assert.True(Asking.IsAlive(supervisor), "the old supervisor was not seen, or the test shows nothing");
        var before = village.World(task);
        var events = village.Events().Count;

        File.WriteAllText(Path.Combine(village.Home, "go-1"), end);
        if (end is "sleep 1000")
        {
            village.Tool("tmux", "kill-pane", "-t", pane);
        }

        village.Tool("kill", "-CONT", $"{supervisor}");
        await TestVillage.EventuallyAsync(() => !Asking.IsAlive(supervisor), "the old supervisor has ended");

        Assert.Equal(before, village.World(task));
        var said = Assert.Single(village.Events().Skip(events));
        Assert.Equal(("worker", "fenced", null), (Asking.Text(said, "cmd"), Asking.Text(said, "reason"), Asking.Text(said, "to")));
        File.WriteAllText(Path.Combine(village.Home, "go-2"), "");
        await village.StateBecomesAsync(task, "completed");
        Assert.Equal("claimed in_progress claimed queued claimed in_progress completed", (await village.StateAsync(task)).Path);
        await village.NothingIsLostAsync([task]);
        File.WriteAllText(Path.Combine(village.Home, "end"), "");
        await elsewhere.WaitForExitAsync();
    }

    [Fact]
    public async Task A_supervisor_that_loses_its_lease_while_its_check_runs_completes_nothing()
    {
        await using var village = await TestVillage.UpAsync(Losses.Marks, "MAX_WORKERS=1");
        var check = village.Agent("check", "touch \"$HOME/checking\"; while [ ! -e \"$HOME/go\" ]; do sleep 0.02; done");
        File.AppendAllText(Path.Combine(village.State, "config"), $"check={check}\n");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("checking");
        var supervisor = village.ProcessOf(task);
        using (var elsewhere = village.StartElsewhere($"'{TestVillage.Binary}' unlock {task} --force; touch \"$HOME/end\""))
        {
            await elsewhere.WaitForExitAsync();
        }

        File.WriteAllText(Path.Combine(village.Home, "go"), "");
        await TestVillage.EventuallyAsync(() => !Asking.IsAlive(supervisor), "the supervisor has ended");

        Assert.Equal("fenced", Asking.Text(village.Events()[^1], "reason"));
        Assert.Equal("queued", (await village.StateAsync(task)).State);
        await village.NothingIsLostAsync([task]);
    }

    [Fact]
    public async Task A_supervisor_that_comes_up_after_its_claim_was_given_up_starts_no_agent()
    {
        await using var village = await TestVillage.UpAsync(Losses.Marks + "touch \"$HOME/staying\"; while [ ! -e \"$HOME/go\" ]; do sleep 0.02; done", "MAX_WORKERS=1");
        var task = await village.AddAsync("One");
        // This tmux opens no window, but keeps what it should have run and the environment that was handed over in memory.
        village.Agent("tmux", """
            case " $* " in *" new-window "*)
              while [ "$1" != -- ]; do shift; done; shift
              for word; do case $word in /proc/*) cat "$word" > "$HOME/handed"; word=$HOME/handed;; esac; printf '%s\n' "$word"; done > "$HOME/command"
              exit 1;;
            esac
            exec /usr/bin/env PATH="${PATH#*:}" tmux "$@"
            """);
        (await village.RunAsync("queue", "1")).ExitsWith(1);
        File.Delete(Path.Combine(village.Sandbox, "bin", "tmux"));
        Assert.Equal("queued", village.LoggedState(task));

        async Task<int> ComeUpLateAsync()
        {
            village.Environment["TMUX_PANE"] = "%0";
            var late = await village.RunAsync([.. village.NoteLines("command").Skip(1)]);
            village.Environment.Remove("TMUX_PANE");
            return late.Exit;
        }

        // Nobody has it; then somebody else has; then it is done.
        Assert.Equal(3, await ComeUpLateAsync());
        Assert.Equal(0, village.Starts(task));
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("staying");
        var lease = village.Lease(task);
        Assert.Equal(3, await ComeUpLateAsync());
        Assert.Equal(lease, village.Lease(task));
        File.WriteAllText(Path.Combine(village.Home, "go"), "");
        await village.StateBecomesAsync(task, "completed");
        Assert.Equal(3, await ComeUpLateAsync());
        Assert.Equal(3, village.Events().Count(e => Asking.Text(e, "reason") is "fenced"));
        Assert.Equal("claimed queued claimed in_progress completed", (await village.ShouldHaveCompletedAsync(task)).Path);
        Assert.Equal(1, village.Starts(task));
    }

    public static TheoryData<string, string, bool> Survivors => new()
    {
        { "a session of its own", "setsid sh \"$HOME/writer\" & wait", true },
        { "a double fork", "(setsid sh -c '(sh \"$HOME/writer\" &) &' &)", true },
        { "another directory", "(cd /; setsid sh \"$HOME/writer\" &)", true },
        { "a clean environment", "setsid env -i HOME=\"$HOME\" sh \"$HOME/writer\" &", false },
        { "a clean environment, in another directory, with an open file", "(exec >> here.txt; cd /; setsid env -i HOME=\"$HOME\" sh \"$HOME/writer\" &)", false },
    };

    [Theory]
    [MemberData(nameof(Survivors))]
    public async Task The_next_attempt_does_not_start_while_a_child_of_the_dead_one_writes(string how, string spawn, bool isKnown)
    {
        await using var village = await TestVillage.UpAsync(
            Losses.Marks + $"if [ $VILLAGE_ATTEMPT = 1 ]; then echo > here.txt; {spawn}\nsleep 1000; fi\ncase $(cut -d' ' -f3 < /proc/$(cat \"$HOME/id\")/stat) in Z|'') ;; *) touch \"$HOME/both\";; esac",
            "MAX_WORKERS=1\nQUEUE_TTL_MINUTES=0");
        // It ignores every polite signal and writes into a file that it was given, or into the first attempt's.
        File.WriteAllText(Path.Combine(village.Home, "writer"), "trap '' HUP TERM INT\necho $$ > \"$HOME/id.new\"; mv \"$HOME/id.new\" \"$HOME/id\"\nwhile :; do echo line; [ ! -f here.txt ] || echo line >> here.txt; sleep 0.02; done\n");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("id");
        var writer = int.Parse(village.Note("id")!, CultureInfo.InvariantCulture);
        await Asking.KillHardAsync(village.ProcessOf(task));
        foreach (var agent in village.Processes().Where(id => Asking.CommandOf(id).Contains("/bin/build", StringComparison.Ordinal)))
        {
            village.TryTool("kill", "-KILL", $"{agent}");
        }

        Assert.True(Asking.IsAlive(writer), $"{how}: it outlives the supervisor, or the test shows nothing");
        var tried = await village.RunAsync("queue", "1", "--json");

        if (isKnown)
        {
            tried.Succeed();
            Assert.False(Asking.IsAlive(writer));
        }
        else
        {
            var refused = tried.ExitsWith(3).Json().GetProperty("blocked_tasks")[0];
            Assert.Equal("leftover_processes", Asking.Text(refused, "skip_reason"));
            Assert.Contains($"{writer}", Asking.Text(refused, "message"), StringComparison.Ordinal);
            Assert.True(Asking.IsAlive(writer));
            Assert.True(File.Exists(Path.Combine(village.Workspace(task), "here.txt")), "the workspace is untouched");
            await Asking.KillHardAsync(writer);
            (await village.RunAsync("queue", "1")).Succeed();
        }

        await village.StateBecomesAsync(task, "completed");
        Assert.Null(village.Note("both"));
        await village.NothingIsLostAsync([task]);
        await village.NothingIsLeftRunningAsync();
    }

    private static async Task<string> StartAsync(TestVillage village)
    {
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("staying-1");
        return task;
    }

    private static async Task FinishAsync(TestVillage village, string task)
    {
        File.WriteAllText(Path.Combine(village.Home, "go-2"), "");
        (await village.RunAsync("queue", "--drain")).Succeed();
        await village.ShouldHaveCompletedAsync(task);
        Assert.Equal(2, village.Starts(task));
        await village.NothingIsLostAsync([task]);
    }

    private static async Task RewriteAsync(TestVillage village, string task, string key, string value)
    {
        var path = village.LockPath(task);
        var lines = (await File.ReadAllLinesAsync(path)).Select(line => line.StartsWith($"{key}=", StringComparison.Ordinal) ? $"{key}={value}" : line);
        await File.WriteAllTextAsync($"{path}.new", string.Join('\n', lines) + "\n");
        File.Move($"{path}.new", path, overwrite: true);
    }
}
