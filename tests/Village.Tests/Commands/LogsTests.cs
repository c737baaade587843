using Village.Tests.Testing;

namespace Village.Tests.Commands;

/// <summary><c>village logs</c>, <c>events</c> and <c>state</c>.</summary>
public sealed class LogsTests
{
    [Fact]
    public async Task Escape_sequences_in_a_log_are_shown_or_dropped_and_never_obeyed()
    {
        await using var village = await TestVillage.UpAsync(
            @"printf '\033[31mred\033[0m plain\n\033]0;owned\007title\033]52;c;aGk=\033\\clip\n\302\23331mC1\n\033[2Jcleared\n\342\200\256rtl\n\033Pdcs\033\\\n'; exit 1");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        var shown = (await village.RunAsync("logs", task)).Succeed().Out;

        Assert.DoesNotContain(shown, c => (char.IsControl(c) && c is not ('\n' or '\t')) || c is '\u202e');
        Assert.Contains("red plain\n", shown, StringComparison.Ordinal);
        Assert.Contains("titleclip\n", shown, StringComparison.Ordinal);
        Assert.Contains(@"\x9b31mC1", shown, StringComparison.Ordinal);
        Assert.Contains(@"\x202ertl", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("owned", shown, StringComparison.Ordinal);
        Assert.Contains("\x1b[31mred", (await village.RunAsync("logs", task, "--raw")).Succeed().Out, StringComparison.Ordinal);
        Assert.Contains("red plain\n", (await village.RunAsync("logs", task, "--json")).Succeed().Json().GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Following_a_log_shows_everything_and_ends_with_the_worker()
    {
        await using var village = await TestVillage.UpAsync(
            """
            touch "$HOME/hanging"; while [ ! -e "$HOME/go" ]; do sleep 0.02; done
            i=0; while [ $i -lt 3000 ]; do i=$((i+1)); printf 'line %d \033[32mgrün\033[0m ✓\n' $i; done; exit 1
            """, "MAX_WORKERS=1");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("hanging");
        using var follow = village.Start(village.Root, "logs", task, "-f");
        var first = await follow.StandardOutput.ReadLineAsync();
        Assert.Contains("build starts in", first, StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(village.Home, "go"), "");

        var rest = await follow.StandardOutput.ReadToEndAsync();
        await follow.WaitForExitAsync();
        Assert.Equal(0, follow.ExitCode);
        Assert.Equal(Enumerable.Range(1, 3000).Select(n => $"line {n} grün ✓"), rest.Split('\n').Where(line => line.StartsWith("line ", StringComparison.Ordinal)));
        Assert.Contains("failed (agent_exit)", rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_character_or_a_sequence_that_comes_in_two_pieces_is_still_one()
    {
        await using var village = await TestVillage.UpAsync(
            @"pause() { touch ""$HOME/at-$1""; while [ ! -e ""$HOME/go-$1"" ]; do sleep 0.02; done; }
            printf 'first\n\033[3'; pause 1; printf '1mred\n\342'; pause 2; printf '\234\223 tick\n\033]0;ti'; pause 3; printf 'tle\007end\n'; exit 1", "MAX_WORKERS=1");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("at-1");
        using var follow = village.Start(village.Root, "logs", task, "-f");
        List<string?> lines = [];
        foreach (var (step, last) in ((int, string)[])[(1, "first"), (2, "red"), (3, "✓ tick")])
        {
            do
            {
                lines.Add(await follow.StandardOutput.ReadLineAsync());
            }
            while (lines[^1] is { } line && line != last);

            await village.NoteAppearsAsync($"at-{step}");
            File.WriteAllText(Path.Combine(village.Home, $"go-{step}"), "");
        }

        Assert.StartsWith("end\n[village] ", await follow.StandardOutput.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(["first", "red", "✓ tick"], lines.Skip(1));
    }

    [Fact]
    public async Task Every_attempt_has_its_own_log_and_the_last_one_is_shown()
    {
        await using var village = await TestVillage.UpAsync("echo this is attempt $VILLAGE_ATTEMPT; exit 1");
        var task = await village.AddAsync("One");
        Assert.Empty(await village.RefuseAsync(village.Root, 1, "not_found", [["logs", task], ["logs", task, "--attempt", "1"]]));
        (await village.RunAsync("queue", "--drain")).ExitsWith(1);
        (await village.RunAsync("retry", task)).Succeed();
        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        Assert.Contains("this is attempt 2", (await village.RunAsync("logs", task)).Succeed().Out, StringComparison.Ordinal);
        Assert.Contains("this is attempt 1", (await village.RunAsync("logs", task, "--attempt", "1")).Succeed().Out, StringComparison.Ordinal);
        (await village.RunAsync("logs", task, "--attempt", "3")).Transcript.Replace(task, "TASK", StringComparison.Ordinal).ShouldBe("""
            error: there is no log of 'TASK', attempt 3
            hint: village state TASK
            [exit 1]
            """);
    }

    [Fact]
    public async Task Events_show_what_happened_and_can_be_narrowed()
    {
        await using var village = await TestVillage.UpAsync("exit 1");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        var all = (await village.RunAsync("events", "--json")).Succeed().Json();
        var last = (await village.RunAsync("events", "--task", task.ToUpperInvariant(), "--limit", "2", "--json")).Succeed().Json();

        Assert.Equal(["up", "task add", "queue", "worker", "worker"], all.GetProperty("events").EnumerateArray().Select(e => Asking.Text(e, "cmd")));
        Assert.Equal(5, all.GetProperty("total_count").GetInt32());
        Assert.Equal(["in_progress", "failed"], last.GetProperty("events").EnumerateArray().Select(e => Asking.Text(e, "to")));
        Assert.All(all.GetProperty("events").EnumerateArray(), e => Assert.Equal(("tester", true), (Asking.Text(e, "actor"), e.TryGetProperty("pid", out _))));
        var lines = (await village.RunAsync("events", "--task", task)).Succeed().Out.TrimEnd('\n').Split('\n');
        Assert.Matches(@"^TIME +CMD +TASK +RESULT +WHAT$", lines[0]);
        Assert.Matches($@"^\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d  worker +{task} +error   in_progress → failed agent_exit the agent ended with exit code 1$", lines[^1]);
        (await village.RunAsync("events", "--task", "bd-none")).Transcript.ShouldBe("""
            No events
            """);
    }

    [Fact]
    public async Task State_tells_how_a_task_came_to_where_it_is()
    {
        await using var village = await TestVillage.UpAsync("exit 1");
        var task = await village.AddAsync("One");
        Assert.Equal($"{task} is queued\n", (await village.RunAsync("state", task)).Succeed().Out);
        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        var lines = (await village.RunAsync("state", task)).Succeed().Out.TrimEnd('\n').Split('\n');

        Assert.Equal($"{task} is failed", lines[0]);
        Assert.Matches(@"^TIME +FROM +TO +BY +ATTEMPT +WHY$", lines[2]);
        Assert.Matches(@" in_progress  failed +worker \(tester\)  1 +agent_exit: the agent ended with exit code 1$", lines[5]);
    }

    [Fact]
    public async Task The_history_of_a_task_outlives_its_lock_and_its_line_in_the_store()
    {
        await using var village = await TestVillage.UpAsync("exit 1");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "--drain")).ExitsWith(1);
        File.Delete(Path.Combine(village.State, "tasks.jsonl"));
        (await village.RunAsync("unlock", task)).Succeed();

        Assert.Equal("claimed in_progress failed", (await village.StateAsync(task)).Path);
        (await village.RunAsync("task", "show", task)).ExitsWith(1);
    }
}
