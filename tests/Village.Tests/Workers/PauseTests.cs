using Village.Tests.Testing;

namespace Village.Tests.Workers;

/// <summary>A person stops an agent where it stands, frees its slot, and lets it go on; whatever happens in between.</summary>
public sealed class PauseTests
{
    // It counts, in a session of its own as agents' tools do, so that a stop can be seen.
    private const string Counts = """
        setsid sh -c 'while [ ! -e "$HOME/end" ]; do echo x >> "$HOME/count"; sleep 0.02; done'
        echo done > done.txt
        """;

    [Fact]
    public async Task A_paused_agent_stands_still_with_all_it_started_and_keeps_its_slot()
    {
        await using var village = await TestVillage.UpAsync(Counts, "MAX_WORKERS=1");
        var (task, other) = (await village.AddAsync("Count"), await village.AddAsync("Other"));
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("count");

        Assert.Contains("stand still", (await village.RunAsync("pause", task)).Succeed().Out, StringComparison.Ordinal);

        var count = village.Note("count");
        Assert.Equal("paused", (await village.StateAsync(task)).State);
        Assert.Equal("ACTIVE", (await village.LockAsync(task)).GetProperty("status").GetString());
        Assert.Contains("paused; `village resume-task", (await village.RunAsync("logs", task)).Out, StringComparison.Ordinal);
        (await village.RunAsync("pause", task)).ExitsWith(3);
        (await village.RunAsync("resume", task)).ExitsWith(3);
        Assert.Equal("concurrency_limit", await village.SkipReasonAsync(other));
        Assert.Equal(count, village.Note("count"));

        (await village.RunAsync("resume-task", task)).Succeed();
        await TestVillage.EventuallyAsync(() => village.Note("count") != count, "it goes on");
        (await village.RunAsync("resume-task", task)).ExitsWith(3);
        await File.WriteAllTextAsync(Path.Combine(village.Home, "end"), "");
        await village.StateBecomesAsync(task, "completed");
        Assert.Equal("claimed in_progress paused in_progress completed", (await village.ShouldHaveCompletedAsync(task)).Path);
        await village.NothingIsLeftRunningAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_released_one_ends_frees_its_slot_and_goes_on_as_a_new_attempt(bool pausedBefore)
    {
        await using var village = await TestVillage.UpAsync($"echo half > half.txt; {Counts}", "MAX_WORKERS=1");
        var task = await village.AddAsync("Count");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("count");
        if (pausedBefore)
        {
            (await village.RunAsync("pause", task)).Succeed();
        }

        (await village.RunAsync("pause", task, "--release")).Succeed();

        await village.NothingIsLeftRunningAsync();
        Assert.Equal(("paused", "released", "PARKED"), ((await village.StateAsync(task)).State, (await village.StateAsync(task)).Reason, (await village.LockAsync(task)).GetProperty("status").GetString()));
        Assert.Equal("A half.txt", village.DirtIn(task));
        Assert.Contains("Nothing was broken off", (await village.RunAsync("resume", "--all")).Succeed().Out, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(village.Home, "end"), "");
        (await village.RunAsync("resume-task", task)).Succeed();
        await village.StateBecomesAsync(task, "completed");
    }

    [Fact]
    public async Task A_pause_whose_command_dies_before_it_tells_the_worker_is_brought_to_its_end_by_the_next_command()
    {
        await using var village = await TestVillage.UpAsync(Counts, "MAX_WORKERS=1");
        var task = await village.AddAsync("Count");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("count");
        var lease = village.Lease(task);
        await File.AppendAllTextAsync(
            Path.Combine(village.State, "events.log"),
            $$"""{"ts":"{{DateTimeOffset.UtcNow:O}}","cmd":"pause","task":"{{task}}","result":"ok","from":"in_progress","to":"paused","generation":{{lease["generation"]}},"attempt":1,"agent":"build","reason":"paused"}""" + "\n");

        // The first repairs the lease, and the supervisor is told.
        (await village.RunAsync("queue", "1")).ExitsWith(3);
        (await village.RunAsync("queue", "1")).ExitsWith(3);

        await TestVillage.EventuallyAsync(
            async () => village.Note("count") is var before && await Task.Delay(100).ContinueWith(_ => village.Note("count") == before, TaskScheduler.Default), "it stands still");
        Assert.Equal("paused", (await village.StateAsync(task)).State);
    }
}
