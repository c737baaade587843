using Village.Tests.Testing;

namespace Village.Tests.Workers;

/// <summary>Workers that die without a word, and what the next command makes of what they left.</summary>
public sealed class DeadWorkerTests
{
    // The first attempt leaves dirt, a commit and a server that ignores every polite signal, and hangs; the second one works.
    private static readonly string HangsOnce = $$"""
        if [ $VILLAGE_ATTEMPT = 1 ]; then
          trap '' HUP TERM INT
          echo kept > kept.txt; {{ScmScripts.Save("kept")}}
          echo half > half.txt
          setsid sleep 1000 &
          echo $$ > "$HOME/hanging"
          sleep 1000; sleep 1000
        fi
        ls > "$HOME/seen"; echo done > done.txt
        """;

    [Fact]
    public async Task After_a_kill_of_the_supervisor_the_lease_is_stale_and_queue_takes_over()
    {
        await using var village = await TestVillage.UpAsync(HangsOnce, "MAX_WORKERS=1\nQUEUE_TTL_MINUTES=0");
        var task = await village.AddAsync("Try");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("hanging");
        var agent = int.Parse(village.Note("hanging")!, System.Globalization.CultureInfo.InvariantCulture);
        var nonce = village.Lease(task)["nonce"];

        await Asking.KillHardAsync(village.ProcessOf(task));

        Assert.True(Asking.IsAlive(agent), "this agent outlives its supervisor, or the test shows nothing");
        var row = await village.LockAsync(task);
        Assert.Equal(("STALE", "in_progress"), (row.GetProperty("status").GetString(), row.GetProperty("state").GetString()));
        Assert.False((await village.StateAsync(task)).Live);
        var plan = (await village.RunAsync("queue", "--plan", "--json")).Succeed().Json().GetProperty("available_tasks")[0];
        Assert.True(plan.GetProperty("takes_over").GetBoolean());

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal("README\nkept.txt\n", village.Note("seen"));
        Assert.Equal("half", village.Git("show", $"refs/village/trash/{task}/1-1:half.txt"));
        var takeOver = village.Events().Single(e => Asking.Text(e, "reason") is "take_over");
        Assert.Equal((2, 2), (takeOver.GetProperty("generation").GetInt32(), takeOver.GetProperty("attempt").GetInt32()));
        Assert.Contains(village.Events(), e => Asking.Text(e, "cmd") is "rollback" && Asking.Text(e, "trash") == $"refs/village/trash/{task}/1-1");
        Assert.Equal("claimed in_progress claimed in_progress completed", (await village.ShouldHaveCompletedAsync(task)).Path);
        Assert.Equal($"{task}: Try\nkept\ninitial", village.Git("log", "--format=%s", $"village/{task}"));
        Assert.DoesNotContain(village.Events(), e => Asking.Text(e, "nonce") is { } other && other != nonce);
    }

    [Fact]
    public async Task A_dead_worker_was_started_a_moment_ago_and_queue_says_so_unless_forced()
    {
        await using var village = await TestVillage.UpAsync(HangsOnce, "MAX_WORKERS=1");
        var task = await village.AddAsync("Try");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("hanging");
        await Asking.KillHardAsync(village.ProcessOf(task));

        (await village.RunAsync("queue", "1")).ExitsWith(3);
        Assert.Equal("recently_started", await village.SkipReasonAsync(task));
        (await village.RunAsync("queue", "1", "--force")).Succeed();

        await village.StateBecomesAsync(task, "completed");
    }

    [Fact]
    public async Task A_worker_that_dies_while_queue_drains_is_reported_and_is_no_success()
    {
        await using var village = await TestVillage.UpAsync(HangsOnce, "MAX_WORKERS=1");
        var task = await village.AddAsync("Try");
        using var drain = village.Start(village.Root, "queue", "--drain", "--json");
        await village.NoteAppearsAsync("hanging");

        await Asking.KillHardAsync(village.ProcessOf(task));

        var report = System.Text.Json.JsonDocument.Parse(await drain.StandardOutput.ReadToEndAsync()).RootElement;
        await drain.WaitForExitAsync();
        Assert.Equal(1, drain.ExitCode);
        Assert.Equal(1, report.GetProperty("tasks_failed").GetInt32());
        Assert.Equal("in_progress", report.GetProperty("results")[0].GetProperty("state").GetString());
        Assert.Equal("recently_started", report.GetProperty("blocked_tasks")[0].GetProperty("skip_reason").GetString());
    }

    [Fact]
    public async Task Resume_after_a_kill_goes_on_in_the_dirty_workspace()
    {
        await using var village = await TestVillage.UpAsync(HangsOnce, "MAX_WORKERS=1");
        var task = await village.AddAsync("Try");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("hanging");
        await Asking.KillHardAsync(village.ProcessOf(task));

        (await village.RunAsync("resume", task, "--detached")).Succeed();

        await village.StateBecomesAsync(task, "completed");
        Assert.Equal("README\nhalf.txt\nkept.txt\n", village.Note("seen"));
        Assert.Equal("", village.Git("for-each-ref", "refs/village/trash"));
        await village.ShouldHaveCompletedAsync(task);
    }

    [Fact]
    public async Task A_shell_of_the_users_in_the_workspace_is_never_killed_by_a_take_over()
    {
        await using var village = await TestVillage.UpAsync(HangsOnce, "MAX_WORKERS=1\nQUEUE_TTL_MINUTES=0");
        var task = await village.AddAsync("Try");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("hanging");
        await Asking.KillHardAsync(village.ProcessOf(task));
        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/bin/sleep", "1000") { WorkingDirectory = village.Workspace(task) })!;
        try
        {
            var refused = (await village.RunAsync("queue", "1", "--json")).ExitsWith(3).Json().GetProperty("blocked_tasks")[0];

            Assert.Equal("leftover_processes", refused.GetProperty("skip_reason").GetString());
            Assert.Contains($"{shell.Id}", refused.GetProperty("message").GetString(), StringComparison.Ordinal);
            Assert.False(shell.HasExited);
            Assert.True(File.Exists(Path.Combine(village.Workspace(task), "half.txt")), "the workspace is untouched");
        }
        finally
        {
            shell.Kill();
            await shell.WaitForExitAsync();
        }

        (await village.RunAsync("queue", "--drain")).Succeed();
        await village.ShouldHaveCompletedAsync(task);
    }

    [Fact]
    public async Task A_kill_of_the_whole_tmux_server_parks_or_strands_and_the_work_goes_on_after_up()
    {
        await using var village = await TestVillage.UpAsync(HangsOnce, "MAX_WORKERS=1\nQUEUE_TTL_MINUTES=0");
        var task = await village.AddAsync("Try");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("hanging");
        var supervisor = village.ProcessOf(task);

        await Asking.KillHardAsync(village.ProcessOf(task, "tmux"));

        await TestVillage.EventuallyAsync(() => !Asking.IsAlive(supervisor), "the supervisor ends with its terminal");
        await village.NothingIsLeftRunningAsync();
        Assert.Equal("PARKED", (await village.LockAsync(task)).GetProperty("status").GetString());
        Assert.Equal(2, (await village.RunAsync("queue", "1")).Exit);
        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        (await village.RunAsync("resume", task, "--detached")).Succeed();
        await village.StateBecomesAsync(task, "completed");
        Assert.Equal("README\nhalf.txt\nkept.txt\n", village.Note("seen"));
        await village.ShouldHaveCompletedAsync(task);
    }

    [Fact]
    public async Task A_pane_id_of_a_new_tmux_server_does_not_revive_an_old_lease()
    {
        await using var village = await TestVillage.UpAsync(HangsOnce, "MAX_WORKERS=1\nQUEUE_TTL_MINUTES=0");
        var task = await village.AddAsync("Try");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("hanging");
        await Asking.KillHardAsync(village.ProcessOf(task));
        village.Tool("tmux", "kill-server");
        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        village.Tool("tmux", "new-window", "-d", "-t", "=village:");
        village.Tool("tmux", "new-window", "-d", "-t", "=village:");
        Assert.Contains(village.Lease(task)["pane"], village.Tool("tmux", "list-panes", "-s", "-t", "=village:", "-F", "#{pane_id}").Split('\n'));

        Assert.Equal("STALE", (await village.LockAsync(task)).GetProperty("status").GetString());
        (await village.RunAsync("queue", "1")).Succeed();
        await village.StateBecomesAsync(task, "completed");
    }
}
