using Village.Tests.Testing;

namespace Village.Tests.Doctor;

/// <summary>Leases that differ from the log.</summary>
public sealed class LeaseFindingsTests
{
    private const string KeepsItsLock = "cp \"$VILLAGE_DIR/locks/$VILLAGE_TASK.lock\" \"$HOME/lock\"; echo $VILLAGE_ATTEMPT > work.txt";

    [Fact]
    public async Task A_lease_that_a_kill_left_one_state_behind_is_written_again_from_the_log()
    {
        await using var village = await TestVillage.UpAsync("exit 3");
        var task = await village.EndedAsync("One", "failed");
        var path = village.LockPath(task);
        File.WriteAllText(path, File.ReadAllText(path).Replace("state=failed", "state=in_progress", StringComparison.Ordinal) + "foreign=kept\n");

        await village.IsMendedAsync("lease_behind_log", $"the lock of {task} says in_progress, and the log says failed", "write the lock again from the log");

        Assert.Equal(("failed", "kept"), (village.Lease(task)["state"], village.Lease(task)["foreign"]));
        Assert.Equal("lease_behind_log", Asking.Text(village.Events()[^1], "reason"));
    }

    [Fact]
    public async Task A_lease_that_outlived_its_completed_task_is_removed()
    {
        await using var village = await TestVillage.UpAsync(KeepsItsLock);
        var task = await village.EndedAsync("One", "completed");
        File.Copy(Path.Combine(village.Home, "lock"), village.LockPath(task));

        await village.IsMendedAsync("superseded_lease", $"the lock of {task} is still there, and the log says completed", "remove the lock");

        Assert.Empty(village.Lease(task));
        Assert.Equal("completed", (await village.StateAsync(task)).State);
    }

    [Fact]
    public async Task A_lease_of_an_older_generation_is_removed()
    {
        await using var village = await TestVillage.UpAsync(KeepsItsLock);
        var task = await village.EndedAsync("One", "completed");
        var old = await File.ReadAllTextAsync(Path.Combine(village.Home, "lock"));
        (await village.RunAsync("retry", task, "--force")).Succeed();
        (await village.RunAsync("queue", "--drain", "--force")).Succeed();
        await File.WriteAllTextAsync(village.LockPath(task), old);

        await village.IsMendedAsync("superseded_lease", $"the lock of {task} is of generation 1, and the log has come to 2", "remove the lock");

        Assert.Empty(village.Lease(task));
    }

    [Fact]
    public async Task A_lease_that_the_log_has_never_seen_means_that_a_part_of_the_log_is_missing()
    {
        await using var village = await TestVillage.UpAsync("exit 3");
        var task = await village.EndedAsync("One", "failed");
        var log = Path.Combine(village.State, "events.log");
        File.WriteAllLines(log, File.ReadAllLines(log).Where(line => !line.Contains(task, StringComparison.Ordinal)));

        await village.IsMendedAsync(
            "lease_ahead_of_log", $"the lock of {task} is of generation 1, and the log knows only 0: a part of the log is missing", "remove the lock");

        Assert.Empty(village.Lease(task));
        Assert.Equal("queued", (await village.StateAsync(task)).State);
    }

    [Theory]
    [InlineData("claimed", "claimed queued", """{"ts":"2026-11-22T10:00:00.000Z","cmd":"queue","task":"TASK","from":"queued","to":"claimed","generation":1}""")]
    [InlineData("paused", "paused claimed queued", """{"ts":"2026-11-22T10:00:00.000Z","cmd":"worker","task":"TASK","from":"in_progress","to":"paused","generation":1}""")]
    public async Task A_task_that_the_log_has_as_taken_and_that_has_no_lease_is_put_back(string state, string path, string line)
    {
        await using var village = await TestVillage.UpAsync();
        var task = await village.AddAsync("One");
        village.Log(line.Replace("TASK", task, StringComparison.Ordinal) + "\n");

        await village.IsMendedAsync("task_without_lease", $"{task} is {state} by the log, and it has no lock", "put the task back into the queue");

        Assert.Equal(path, (await village.StateAsync(task)).Path);
    }

    [Fact]
    public async Task A_dead_workers_lease_is_removed_and_its_workspace_stays_as_it_is()
    {
        await using var village = await TestVillage.UpAsync("echo half > half.txt; echo $$ > \"$HOME/working\"; exec sleep 1000");
        var task = await village.WorkingAsync();
        await village.IsWellAsync();
        await Asking.KillHardAsync(village.ProcessOf(task));
        await village.AgentIsGoneAsync();

        await village.IsMendedAsync(
            "stale_lease", $"the worker of {task} is gone and has left its lock; `village resume {task}` goes on with the task",
            "remove the lock and put the task back into the queue; its workspace stays as it is");

        Assert.Equal("queued", (await village.StateAsync(task)).State);
        Assert.Equal("half\n", File.ReadAllText(Path.Combine(village.Workspace(task), "half.txt")));
        Assert.Empty(village.LiveFiles());
    }

    [Fact]
    public async Task A_lock_that_does_not_parse_is_removed()
    {
        await using var village = await TestVillage.UpAsync();
        File.WriteAllText(village.LockPath("bd-1"), "junk\n");

        await village.IsMendedAsync("corrupt_lease", "the lock of bd-1 has no 'id'", "remove the lock; no work is touched");

        Assert.False(File.Exists(village.LockPath("bd-1")));
    }

    [Fact]
    public async Task A_lock_under_the_name_of_another_task_is_removed_unless_its_worker_lives()
    {
        await using var village = await TestVillage.UpAsync("exit 3");
        var task = await village.EndedAsync("One", "failed");
        File.Copy(village.LockPath(task), village.LockPath("bd-0"));

        await village.IsMendedAsync("misnamed_lock", $"'locks/bd-0.lock' is about the task {task}", "remove the lock");

        Assert.NotEmpty(village.Lease(task));
    }

    [Fact]
    public async Task A_lock_that_is_named_after_no_task_is_for_a_person()
    {
        await using var village = await TestVillage.UpAsync();
        File.WriteAllText(village.LockPath("no id"), "junk\n");

        await village.IsToldAsync(
            "misnamed_lock", "'locks/no id.lock' is not named after a task; look at it and remove it: rm '.village/locks/no id.lock'", "error");
    }

    [Fact]
    public async Task The_lock_of_a_living_worker_that_was_renamed_is_left_alone()
    {
        await using var village = await TestVillage.UpAsync("touch \"$HOME/working\"; exec sleep 1000");
        var task = await village.WorkingAsync();
        File.Move(village.LockPath(task), village.LockPath("bd-0"));

        var found = (await village.RunAsync("doctor")).ExitsWith(1).Out;

        Assert.Contains($"error: 'locks/bd-0.lock' is about the task {task}, whose worker lives; rename it back [misnamed_lock]\n", found, StringComparison.Ordinal);
        File.Move(village.LockPath("bd-0"), village.LockPath(task));
        await village.IsWellAsync();
    }
}
