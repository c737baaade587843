using System.Globalization;
using Village.Events;
using Village.Tasks;
using Village.Tests.Testing;

namespace Village.Tests.Doctor;

/// <summary>Files of the village that are wrong.</summary>
public sealed class FileFindingsTests
{
    [Fact]
    public async Task A_liveness_file_that_nobody_needs_is_removed()
    {
        await using var village = await TestVillage.UpAsync();
        File.WriteAllText(Path.Combine(village.State, "locks", "bd-1.7.live"), "");

        await village.IsMendedAsync("stray_live_file", "nobody holds the liveness file 'locks/bd-1.7.live', and no claim needs it", "remove the file");

        Assert.Empty(village.LiveFiles());
    }

    [Theory]
    [InlineData(".tasks.jsonl.0123456789abcdef0123456789abcdef", false)]
    [InlineData("locks/.bd-1.lock.0123456789abcdef0123456789abcdef", false)]
    [InlineData("contracts/bd-1/.1.md.0123456789abcdef0123456789abcdef", true)]
    public async Task What_a_killed_write_left_is_removed(string name, bool isOldOnly)
    {
        await using var village = await TestVillage.UpAsync();
        var path = Path.Combine(village.State, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "half");
        if (isOldOnly)
        {
            // A worker may just be writing its contract.
            await village.IsWellAsync();
            File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        }

        await village.IsMendedAsync("temporary_file", $"'{name}' is left of a write that was killed", "remove the file");

        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task A_completed_task_that_the_store_has_as_open_is_closed()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt");
        var task = await village.AddAsync("One");
        var store = Path.Combine(village.State, "tasks.jsonl");
        var open = await File.ReadAllTextAsync(store);
        (await village.RunAsync("queue", "--drain")).Succeed();
        await File.WriteAllTextAsync(store, open);

        await village.IsMendedAsync("completed_not_closed", $"{task} is completed by the log, and open in the task store", "close the task");

        Assert.Equal("closed", (await village.RunAsync("task", "show", task, "--json")).Json().GetProperty("task").GetProperty("status").GetString());
    }

    [Fact]
    public async Task Each_line_of_the_task_store_that_cannot_be_read_is_named()
    {
        await using var village = await TestVillage.UpAsync();
        await village.AddAsync("One");
        File.AppendAllText(Path.Combine(village.State, "tasks.jsonl"), "<<<<<<< HEAD\n");

        await village.IsToldAsync("bad_task_line", ".village/tasks.jsonl:2: the line is a merge conflict marker; mend or remove it", "error");
    }

    [Fact]
    public async Task Lines_of_the_log_that_cannot_be_read_are_counted_and_a_torn_end_is_told()
    {
        await using var village = await TestVillage.UpAsync();
        var first = village.Events().Count + 1;
        village.Log("junk\n\n{\"half\":\n");
        await village.IsToldAsync(
            "bad_log_line", string.Create(CultureInfo.InvariantCulture, $"2 lines of .village/events.log cannot be read, the first is {first}; readers skip such lines"));
        village.Log("{\"ts\":\"2026");

        Assert.EndsWith(
            "warning: the last line of .village/events.log has no end: its writer was killed; the next event begins a new line [bad_log_line]\n",
            (await village.RunAsync("doctor")).Succeed().Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_checkpoint_is_removed()
    {
        await using var village = await TestVillage.UpAsync();
        File.WriteAllText(Path.Combine(village.State, "state.checkpoint"), "junk\n");

        await village.IsMendedAsync("wrong_checkpoint", ".village/state.checkpoint is damaged", "remove it; the next command makes a new one");
    }

    [Fact]
    public async Task A_checkpoint_that_lies_about_the_log_is_found_by_replaying_the_log_and_removed()
    {
        await using var village = await TestVillage.UpAsync("exit 3");
        var task = await village.EndedAsync("One", "failed");
        var log = await File.ReadAllBytesAsync(Path.Combine(village.State, "events.log"));
        var ledger = new Ledger();
        foreach (var line in File.ReadLines(Path.Combine(village.State, "events.log")))
        {
            ledger.Add(EventLine.TryParse(System.Text.Encoding.UTF8.GetBytes(line))!);
        }

        byte[] Checkpointed(Ledger fold) => new Checkpoint(
            fold, log.Length, Checkpoint.Sum(log.AsSpan(0, Math.Min(log.Length, Checkpoint.Window))),
            Checkpoint.Sum(log.AsSpan(Math.Max(0, log.Length - Checkpoint.Window)))).Format();
        var path = Path.Combine(village.State, "state.checkpoint");
        await File.WriteAllBytesAsync(path, Checkpointed(ledger));
        await village.IsWellAsync();
        ledger.Add(new() { Ts = DateTimeOffset.UnixEpoch, Cmd = "lie", Task = task, To = TaskState.Queued, Generation = 9 });
        await File.WriteAllBytesAsync(path, Checkpointed(ledger));
        Assert.Equal("queued", (await village.StateAsync(task)).State);

        await village.IsMendedAsync("wrong_checkpoint", ".village/state.checkpoint says something else than the log", "remove it; the next command makes a new one");

        Assert.Equal("failed", (await village.StateAsync(task)).State);
    }

    [Fact]
    public async Task A_log_that_cannot_be_read_is_told_and_the_rest_is_examined_all_the_same()
    {
        await using var village = await TestVillage.UpAsync();
        File.Delete(Path.Combine(village.State, "events.log"));
        Directory.CreateDirectory(Path.Combine(village.State, "events.log"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(village.LockPath("bd-1"), "junk\n");

        Assert.Equal(["unreadable_file", "corrupt_lease"], await village.KindsAsync());
    }

    [Fact]
    public async Task A_guard_that_is_never_let_go_is_told_with_its_holder()
    {
        await using var village = await TestVillage.UpAsync();
        var guard = Path.Combine(village.State, "locks", ".guard");
        using var holder = System.Diagnostics.Process.Start("flock", [guard, "sleep", "1000"]);
        try
        {
            await TestVillage.EventuallyAsync(() => File.ReadAllText("/proc/locks").Contains($" {holder.Id} ", StringComparison.Ordinal), "the guard is held");

            var found = (await village.RunAsync("doctor")).ExitsWith(1).Out;

            Assert.Matches(@"\Aerror: another process has held '[^']+/\.guard' for 10 s \(process \d+: flock\) \[guard_held\]\n\z", found);
        }
        finally
        {
            holder.Kill(entireProcessTree: true);
            await holder.WaitForExitAsync();
        }

        await village.IsWellAsync();
    }

    [Fact]
    public async Task An_event_from_the_future_is_told()
    {
        await using var village = await TestVillage.UpAsync();
        village.Log("""{"ts":"2999-01-01T00:00:00.000Z","cmd":"up","result":"ok"}""" + "\n");

        Assert.Matches(
            @"\Awarning: the log has an event of 2999-01-01T00:00:00\.000Z, and now is \S+Z: a clock was wrong, then or now \[clock_skew\]\n\z",
            (await village.RunAsync("doctor")).Succeed().Out);
    }

    [Fact]
    public async Task A_village_that_others_can_write_to_is_closed()
    {
        await using var village = await TestVillage.UpAsync();
        File.SetUnixFileMode(village.State, (UnixFileMode)0b111_111_111);

        await village.IsMendedAsync(
            "open_directory", "other users may read or change '.village', which may hold texts of tasks and of agents", "close it to other users", "warning");

        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(village.State));
    }
}
