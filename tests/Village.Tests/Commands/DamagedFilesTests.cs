using System.Text;
using Village.Tests.Testing;

namespace Village.Tests.Commands;

/// <summary>Files that a crash, an editor or another program has damaged: shown as what they are, and in nobody's way.</summary>
public sealed class DamagedFilesTests
{
    public static TheoryData<string, string> CorruptLeases => new()
    {
        { "", "has no 'id'" },
        { "garbage\n\0\0\0", "has no 'id'" },
        { "id=bd-1\n", "has no 'pane'" },
        { "id=../../x\npane=%1\nwindow=w\nagent=a\nclaimed_at=2026-01-22T10:41:12Z\n", "has an 'id' that is no task id" },
        { "id=bd-other\npane=%1\nwindow=w\nagent=a\nclaimed_at=2026-01-22T10:41:12Z\n", "names the task 'bd-other'" },
        { "id=TASK\npane=%1\nwindow=w\nagent=a\nclaimed_at=yesterday\n", "has a 'claimed_at' that is no time" },
        { "id=TASK\npane=%1\nwindow=w\nagent=a\nclaimed_at=2026-01-22T10:41:12Z\nstate=dancing\n", "has an unknown 'state'" },
    };

    [Theory]
    [MemberData(nameof(CorruptLeases))]
    public async Task A_corrupt_lock_is_shown_and_removed_by_force_only(string text, string problem)
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt");
        var task = await village.AddAsync("One");
        File.WriteAllText(village.LockPath(task), text.Replace("TASK", task, StringComparison.Ordinal));

        foreach (var words in EveryCommand.Reading(task).Where(words => words is not (["attach"] or ["logs", _] or ["ready"])))
        {
            var before = village.Fingerprint();
            (await village.RunAsync(words)).Succeed();
            Assert.Equal(before, village.Fingerprint());
        }

        var row = await village.LockAsync(task);
        Assert.Equal(("CORRUPT", problem), (Asking.Text(row, "status"), Asking.Text(row, "reason")));
        Assert.Equal("corrupt_lease", await village.SkipReasonAsync(task));
        Assert.Equal("CORRUPT_LOCK", (await village.RunAsync("status", "--json")).Json().GetProperty("orphans")[0].GetProperty("type").GetString());
        (await village.RunAsync("queue", "1")).ExitsWith(3);
        Assert.Empty(await village.RefuseAsync(village.Root, 3, "blocked", [["unlock", task], ["attach", task], ["retry", task]]));
        (await village.RunAsync("resume", task, "--detached")).ExitsWith(3);
        Assert.True(File.Exists(village.LockPath(task)));

        (await village.RunAsync("unlock", task, "--force")).Succeed();

        (await village.RunAsync("queue", "--drain")).Succeed();
        Assert.Equal("completed", (await village.StateAsync(task)).State);
    }

    [Fact]
    public async Task Cleanup_removes_a_corrupt_lock_and_says_what_was_wrong_with_it()
    {
        await using var village = await TestVillage.UpAsync();
        File.WriteAllText(village.LockPath("bd-1"), "garbage\n");

        (await village.RunAsync("cleanup", "--plan")).Transcript.ShouldBe("""
            Would remove lock bd-1: corrupt: has no 'id'
            """);
        (await village.RunAsync("cleanup")).Transcript.ShouldBe("""
            Removed lock bd-1: corrupt: has no 'id'
            """);
        Assert.False(File.Exists(village.LockPath("bd-1")));
        Assert.Contains(village.Events(), e => Asking.Text(e, "cmd") is "cleanup" && Asking.Text(e, "reason") is "corrupt_lease");
    }

    [Fact]
    public async Task A_lock_file_whose_name_is_no_task_id_is_left_for_a_person()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt");
        await village.AddAsync("One");
        var path = Path.Combine(village.State, "locks", "a b\u001b[31m$(touch pwned).lock");
        File.WriteAllText(path, "garbage\n");

        var report = await village.RunAsync("cleanup");

        report.ExitsWith(4);
        Assert.Equal(@"Could not remove lock a b\x1b[31m$(touch pwned): its name is no task id; remove the file by hand" + "\n", report.Out);
        Assert.True(File.Exists(path));
        (await village.RunAsync("queue", "--drain")).Succeed();
    }

    [Fact]
    public async Task A_torn_last_line_and_foreign_lines_in_the_log_stop_nothing()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "--drain")).Succeed();
        var other = await village.AddAsync("Two");
        var log = Path.Combine(village.State, "events.log");
        File.AppendAllText(log, "hello\n\n[]\n{}\n{\"cmd\":1}\nnull\n{\"ts\":\"x\",\"cmd\":\"y\"}\n\u0000\u0000\n");
        File.AppendAllText(log, $"{{\"ts\":\"2026-01-22T10:41:12\",\"cmd\":\"queue\",\"task_id\":\"{other}\",\"result\":\"ok\",\"custom\":[1,{{\"a\":2}}]}}\n");
        File.AppendAllText(log, $"{{\"ts\":\"2026-01-22T10:41:12Z\",\"cmd\":\"x\",\"task\":\"../../etc\",\"to\":\"completed\",\"generation\":9}}\n");
        using (var raw = new FileStream(log, FileMode.Append))
        {
            raw.Write([0xff, 0xfe, (byte)'\n']);
            raw.Write(Encoding.UTF8.GetBytes($"{{\"ts\":\"2026-11-22T10:41:12.123Z\",\"cmd\":\"worker\",\"task\":\"{other}\",\"to\":\"comple"));
        }

        foreach (var words in EveryCommand.Reading(task).Where(words => words is not (["attach"] or ["resume", _, _])))
        {
            var before = village.Fingerprint();
            (await village.RunAsync(words)).Succeed();
            Assert.Equal(before, village.Fingerprint());
        }

        Assert.Equal("completed", (await village.StateAsync(task)).State);
        Assert.Equal("queued", (await village.RunAsync("state", other, "--json")).Succeed().Json().GetProperty("current_state").GetString());
        var shown = (await village.RunAsync("events", "--task", other, "--json")).Succeed().Json().GetProperty("events").EnumerateArray();
        Assert.Equal(2, shown.Single(e => e.TryGetProperty("custom", out _)).GetProperty("custom")[1].GetProperty("a").GetInt32());

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal("claimed in_progress completed", (await village.StateAsync(other)).Path);
        Assert.Contains("\"to\":\"comple\n{", File.ReadAllText(log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_of_the_task_file_that_cannot_be_read_stops_everybody_and_is_named()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt");
        var task = await village.AddAsync("One");
        var path = Path.Combine(village.State, "tasks.jsonl");
        File.AppendAllText(path, "<<<<<<< HEAD\n");

        var refused = (await village.RunAsync("task", "edit", task, "--priority", "0")).ExitsWith(1);

        refused.Transcript.ShouldBe("""
            error: $SANDBOX/repo/.village/tasks.jsonl:2: the line is a merge conflict marker
            hint: mend or remove that line, then try again
            [exit 1]
            """);
        // A blocker that is left out would make what waits for it look ready.
        (await village.RunAsync("task", "list")).ExitsWith(1);
        (await village.RunAsync("queue", "1")).ExitsWith(1);
        Assert.EndsWith("<<<<<<< HEAD\n", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Foreign_lines_of_the_task_file_are_kept_when_a_task_changes()
    {
        await using var village = await TestVillage.UpAsync();
        var task = await village.AddAsync("One");
        var path = Path.Combine(village.State, "tasks.jsonl");
        const string Memory = """{"_type":"memory","key":"k","value":"<v>"}""";
        File.AppendAllText(path, Memory + "\n");

        (await village.RunAsync("task", "edit", task, "--priority", "0")).Succeed();

        Assert.Contains(Memory, File.ReadAllLines(path));
    }
}
