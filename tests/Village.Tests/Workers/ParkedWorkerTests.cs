using Village.Tests.Testing;

namespace Village.Tests.Workers;

/// <summary>Interruptions are no failures: the task is parked as it is, skipped by <c>queue</c>, and <c>resume</c> goes on with it.</summary>
public sealed class ParkedWorkerTests
{
    private const string HangsOnce = """
        if [ $VILLAGE_ATTEMPT = 1 ]; then echo half > half.txt; setsid sleep 1000 & touch "$HOME/hanging"; sleep 1000; exit 1; fi
        ls > "$HOME/seen"; echo done > done.txt
        """;

    [Theory]
    [InlineData("")]
    [InlineData("trap '' HUP TERM INT; ")]
    [InlineData("trap 'exit 3' HUP TERM INT; ")]
    public async Task A_killed_pane_parks_its_task_and_resume_goes_on_in_the_same_dirty_workspace(string trap)
    {
        await using var village = await TestVillage.UpAsync(trap + HangsOnce, "MAX_WORKERS=1\nQUEUE_TTL_MINUTES=0");
        var task = await village.AddAsync("Try");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("hanging");

        village.Tool("tmux", "kill-pane", "-t", village.Lease(task)["pane"]);

        await village.StateBecomesAsync(task, "paused");
        await village.NothingIsLeftRunningAsync();
        var story = await village.StateAsync(task);
        Assert.Equal(("interrupted", null, false), (story.Reason, story.Trash, story.Live));
        Assert.Equal("PARKED", (await village.LockAsync(task)).GetProperty("status").GetString());
        Assert.Equal("A half.txt", village.DirtIn(task));
        (await village.RunAsync("queue", "1")).ExitsWith(3);
        Assert.Equal("paused", await village.SkipReasonAsync(task));
        Assert.Null(village.Note("seen"));

        (await village.RunAsync("resume", task, "--detached")).Succeed();

        await village.StateBecomesAsync(task, "completed");
        Assert.Equal("README\nhalf.txt\n", village.Note("seen"));
        Assert.Equal("claimed in_progress paused claimed in_progress completed", (await village.ShouldHaveCompletedAsync(task)).Path);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public async Task A_signal_to_the_supervisor_parks_its_task(string signal)
    {
        await using var village = await TestVillage.UpAsync(HangsOnce, "MAX_WORKERS=1");
        var task = await village.AddAsync("Try");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("hanging");

        village.Tool("kill", $"-{signal}", village.Lease(task)["worker"].Split(':')[0]);

        await village.StateBecomesAsync(task, "paused");
        await village.NothingIsLeftRunningAsync();
        Assert.Equal("A half.txt", village.DirtIn(task));
    }

    [Fact]
    public async Task A_parked_task_frees_its_slot()
    {
        await using var village = await TestVillage.UpAsync(HangsOnce, "MAX_WORKERS=1");
        var task = await village.AddAsync("Try");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("hanging");

        village.Tool("tmux", "kill-pane", "-t", village.Lease(task)["pane"]);

        await village.StateBecomesAsync(task, "paused");
        await village.ShouldBeIdleAsync();
        Assert.Equal("paused", (await village.StateAsync(task)).State);
    }

    [Fact]
    public async Task Down_refuses_while_workers_are_active_and_names_them()
    {
        await using var village = await TestVillage.UpAsync(HangsOnce, "MAX_WORKERS=1");
        var task = await village.AddAsync("Try");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("hanging");
        var before = village.Fingerprint();

        var refused = (await village.RunAsync("down")).ExitsWith(3);

        Assert.Equal($"error: 1 worker is active: {task}\nhint: wait for them, or park them: village down --force\n", refused.Error);
        Assert.Equal(before, village.Fingerprint());
        Assert.Equal("ACTIVE", (await village.LockAsync(task)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Down_by_force_parks_every_worker_and_ends_the_session()
    {
        await using var village = await TestVillage.UpAsync(HangsOnce.Replace("hanging", "hanging-$VILLAGE_TASK", StringComparison.Ordinal), "MAX_WORKERS=2");
        var (first, second) = (await village.AddAsync("First"), await village.AddAsync("Second"));
        (await village.RunAsync("queue", "2")).Succeed();
        await village.NoteAppearsAsync($"hanging-{first}");
        await village.NoteAppearsAsync($"hanging-{second}");

        var report = (await village.RunAsync("down", "--force", "--json")).Succeed().Json();

        Assert.Equal(new[] { first, second }.Order(StringComparer.Ordinal), report.GetProperty("parked").EnumerateArray().Select(e => e.GetString()!));
        Assert.True(report.GetProperty("stopped").GetBoolean());
        foreach (var task in new[] { first, second })
        {
            Assert.Equal(("paused", "interrupted"), (await village.StateAsync(task) is var story ? story.State : "", story.Reason));
            Assert.Equal("A half.txt", village.DirtIn(task));
        }

        await village.NothingIsLeftRunningAsync();
        Assert.NotEqual(0, village.TryTool("tmux", "has-session", "-t", "=village").Exit);
        (await village.RunAsync("down")).Succeed().Transcript.ShouldBe("""
            The session 'village' was not running
            """);
    }
}
