using Village.Tests.Testing;

namespace Village.Tests.Commands;

/// <summary><c>village unlock</c>, <c>locks</c> and <c>retry</c>.</summary>
public sealed class UnlockTests
{
    private const string Hangs = "trap '' HUP TERM INT; echo half > half.txt; setsid sleep 1000 & touch \"$HOME/hanging\"; sleep 1000; sleep 1000";

    [Fact]
    public async Task A_living_workers_lock_goes_by_force_only_and_its_processes_go_with_it()
    {
        await using var village = await TestVillage.UpAsync(Hangs, "MAX_WORKERS=1");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("hanging");
        Assert.Empty(await village.RefuseAsync(village.Root, 3, "blocked", [["unlock", task]]));

        var report = (await village.RunAsync("unlock", task, "--force", "--json")).Succeed().Json();

        Assert.Equal("ACTIVE", Asking.Text(report, "status"));
        Assert.InRange(report.GetProperty("ended").GetArrayLength(), 3, 10);
        await village.NothingIsLeftRunningAsync();
        Assert.Equal("claimed in_progress claimed queued", (await village.StateAsync(task)).Path);
        Assert.Empty(village.Lease(task));
        Assert.Empty(village.LiveFiles());
        Assert.Equal("half\n", File.ReadAllText(Path.Combine(village.Workspace(task), "half.txt")));
        Assert.Equal("", village.Git("for-each-ref", "refs/village/trash"));
        await village.ShouldBeIdleAsync();
    }

    [Fact]
    public async Task A_dead_workers_lock_goes_and_what_it_left_running_is_ended()
    {
        await using var village = await TestVillage.UpAsync(Hangs, "MAX_WORKERS=1");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("hanging");
        await Asking.KillHardAsync(village.ProcessOf(task));

        var report = (await village.RunAsync("unlock", task)).Succeed();

        Assert.StartsWith($"Removed the lock of {task} (it was STALE)\nEnded its processes: ", report.Out, StringComparison.Ordinal);
        await village.NothingIsLeftRunningAsync();
        (await village.RunAsync("locks")).Transcript.ShouldBe("""
            No locks
            """);
    }

    [Fact]
    public async Task A_lock_of_another_machine_is_unknown_and_goes_by_force_only()
    {
        await using var village = await TestVillage.UpAsync("exit 1", "MAX_WORKERS=1");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "--drain")).ExitsWith(1);
        (await village.RunAsync("retry", task)).Succeed();
        File.WriteAllText(village.LockPath(task), $"id={task}\npane=%1\nwindow=w\nagent=build\nclaimed_at=2026-01-22T10:41:12Z\nstate=in_progress\ngeneration=9\nnonce=abc\nhost=elsewhere\n");

        Assert.Equal("UNKNOWN", Asking.Text(await village.LockAsync(task), "status"));
        Assert.Equal("active_lease", await village.SkipReasonAsync(task));
        Assert.Empty(await village.RefuseAsync(village.Root, 3, "blocked", [["unlock", task], ["resume", task], ["task", "close", task]]));
        (await village.RunAsync("unlock", task, "--force")).Succeed();
        Assert.Empty(village.Lease(task));
    }

    [Fact]
    public async Task A_lock_of_the_original_lives_as_long_as_its_pane()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt", "MAX_WORKERS=1");
        var task = await village.AddAsync("One");
        var pane = village.Tool("tmux", "new-window", "-d", "-P", "-F", "#{pane_id}", "-t", "=village:").Trim();
        File.WriteAllText(village.LockPath(task), $"id={task}\npane={pane}\nwindow=build-1-{task}\nagent=build\nclaimed_at=2026-01-22T10:41:12\ncustom=kept\n");

        Assert.Equal("ACTIVE", Asking.Text(await village.LockAsync(task), "status"));
        village.Tool("tmux", "kill-pane", "-t", pane);
        Assert.Equal("STALE", Asking.Text(await village.LockAsync(task), "status"));

        (await village.RunAsync("queue", "--drain")).Succeed();
        Assert.Equal("completed", (await village.StateAsync(task)).State);
    }

    [Fact]
    public async Task Keys_of_others_survive_every_rewrite_of_a_lease()
    {
        await using var village = await TestVillage.UpAsync("exit 1", "MAX_WORKERS=1");
        var task = await village.AddAsync("One");
        File.WriteAllText(village.LockPath(task), $"id={task}\npane=%99\nwindow=w\nagent=build\nclaimed_at=2026-01-22T10:41:12\ncustom=kept = as it is\n");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        Assert.Contains("\ncustom=kept = as it is\n", File.ReadAllText(village.LockPath(task)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retry_puts_a_failed_task_back_and_a_completed_one_by_force_only()
    {
        await using var village = await TestVillage.UpAsync("[ $VILLAGE_ATTEMPT = 1 ] && exit 1; echo $VILLAGE_ATTEMPT > work.txt", "MAX_WORKERS=1");
        var task = await village.AddAsync("One");
        Assert.Empty(await village.RefuseAsync(village.Root, 3, "blocked", [["retry", task], ["retry", task, "--force"]]));
        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        (await village.RunAsync("retry", task)).Succeed().Transcript.Replace(task, "TASK", StringComparison.Ordinal).ShouldBe("""
            TASK is queued; start it with `village queue 1` or `village resume TASK`
            """);

        Assert.Empty(village.Lease(task));
        (await village.RunAsync("queue", "--drain")).Succeed();
        Assert.Empty(await village.RefuseAsync(village.Root, 3, "blocked", [["retry", task]]));
        (await village.RunAsync("retry", task, "--force")).Succeed();
        Assert.Equal("open", (await village.RunAsync("task", "show", task, "--json")).Json().GetProperty("task").GetProperty("status").GetString());
        (await village.RunAsync("queue", "--drain")).Succeed();
        Assert.Equal("claimed in_progress failed queued claimed in_progress completed queued claimed in_progress completed", (await village.StateAsync(task)).Path);
        Assert.Equal("3", village.Git("show", $"village/{task}:work.txt"));
    }
}
