using Village.Tests.Testing;

namespace Village.Tests.OriginalDefects;

/// <summary>Wrong answers of the original. B12 to B26.</summary>
public sealed class AnswersTests
{
    /// <summary>It printed the session's name as the directory, and the first half of a task's id as its pane.</summary>
    [Fact]
    public async Task B12_the_status_names_things_as_they_are()
    {
        var (village, task) = await TestVillage.AtWorkAsync();
        await using var _ = village;
        File.WriteAllText(village.LockPath("bd-torn"), "garbage");

        var text = (await village.RunAsync("status")).Succeed().Out;

        Assert.Contains("Session    village (running)", text, StringComparison.Ordinal);
        Assert.Matches($@"(?m)^{task} +ACTIVE +in_progress +build +{village.Lease(task)["pane"]} +build-1-{task}", text);
        Assert.Matches(@"(?m)^CORRUPT_LOCK +\.village/locks/bd-torn\.lock ", text);
    }

    /// <summary>It counted lines of another program's table, heading included: none was one, five were six.</summary>
    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 0)]
    [InlineData(5, 0)]
    public async Task B13_ready_counts_tasks(int tasks, int exit)
    {
        await using var village = await TestVillage.UpAsync(settings: "MAX_WORKERS=9");
        for (var n = 0; n < tasks; n++)
        {
            await village.AddAsync("No ready work found");
        }

        var report = (await village.RunAsync("ready", "--json")).ExitsWith(exit).Json();

        Assert.Equal(tasks, report.GetProperty("assessment").GetProperty("ready_tasks_count").GetInt32());
        Assert.Contains(tasks > 0 ? $"village queue {tasks}" : "village task add", Asking.Text(report.GetProperty("actions")[0], "command"), StringComparison.Ordinal);
    }

    /// <summary>It chose tasks first and filtered by agent then, so that free slots stayed free.</summary>
    [Fact]
    public async Task B14_a_filter_by_agent_leaves_no_slot_unused()
    {
        await using var village = await TestVillage.UpAsync(Scripts.Works, "MAX_WORKERS=1");
        village.AddAgent("other", "exit 1");
        await village.AddAsync("One", "--priority", "0", "--label", "agent:other");
        var task = await village.AddAsync("Two", "--priority", "4");

        (await village.RunAsync("queue", "1", "--agent", "build")).Succeed();

        await village.StateBecomesAsync(task, "completed");
    }

    /// <summary><c>--n -1</c> started all but the last, <c>--max-workers 0</c> was ignored, and the documented <c>queue 2</c> refused.</summary>
    [Theory]
    [InlineData("queue --n -1", 5)]
    [InlineData("queue --n 0", 5)]
    [InlineData("queue 1 --max-workers 0", 5)]
    [InlineData("queue 2 --plan", 0)]
    public async Task B14_numbers_mean_what_they_say(string line, int exit)
    {
        await using var village = await TestVillage.UpAsync(Scripts.Works);
        await village.AddAsync("One");
        var before = village.Fingerprint();

        (await village.RunAsync(line.Split(' '))).ExitsWith(exit);

        Assert.Equal(before, village.Fingerprint());
    }

    /// <summary>The planner did not know the step "attach, where workers run".</summary>
    [Fact]
    public async Task B15_the_planner_points_to_the_workers_that_run()
    {
        var (village, _) = await TestVillage.AtWorkAsync();
        await using var __ = village;

        Assert.Equal("attach", Asking.Text((await village.RunAsync("resume", "--json")).Succeed().Json(), "action"));
    }

    /// <summary>Every window was <c>worker-1-…</c>, whatever the agent, and only ids of one form were understood.</summary>
    [Fact]
    public async Task B16_a_window_is_named_after_its_agent_attempt_and_task()
    {
        await using var village = await TestVillage.UpAsync();
        village.AddAgent("front-end", Scripts.Waits);
        File.WriteAllText(
            Path.Combine(village.State, "tasks.jsonl"),
            """{"id":"my_proj-9XY.1","title":"One","status":"open","priority":2,"issue_type":"task","labels":["agent:front-end"],"created_at":"2026-01-22T10:41:12Z","updated_at":"2026-01-22T10:41:12Z"}""" + "\n");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("hanging");

        Assert.Contains("front-end-1-my_proj-9XY.1", village.Tool("tmux", "list-windows", "-t", "=village:", "-F", "#{window_name}").Split('\n'));
    }

    /// <summary>In a workspace it saw an empty village of that workspace's own, and nested others in it.</summary>
    [Fact]
    public async Task B18_inside_a_workspace_it_is_the_same_village()
    {
        await using var village = await TestVillage.UpAsync(
            "env -u VILLAGE_DIR village task list --json > \"$HOME/seen\"; echo work > work.txt", "MAX_WORKERS=1");
        var task = await village.AddAsync("One");

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Contains($"\"{task}\"", village.Note("seen"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(village.Workspace(task), ".village")));
    }

    /// <summary>It wrote local time without a zone and showed it as UTC.</summary>
    [Fact]
    public async Task B20_times_are_UTC_wherever_the_user_is()
    {
        await using var village = await TestVillage.UpAsync(Scripts.Waits);
        village.Environment["TZ"] = "Asia/Tokyo";
        var (task, before) = (await village.AddAsync("One"), DateTimeOffset.UtcNow);
        (await village.RunAsync("queue", "1")).Succeed();

        var claimed = village.Lease(task)["claimed_at"];

        Assert.EndsWith("Z", claimed, StringComparison.Ordinal);
        Assert.InRange(
            DateTimeOffset.Parse(claimed, System.Globalization.CultureInfo.InvariantCulture), before.AddSeconds(-1), DateTimeOffset.UtcNow.AddSeconds(1));
        Assert.All(village.Events(), e => Assert.EndsWith("Z", Asking.Text(e, "ts"), StringComparison.Ordinal));
    }

    /// <summary>A task id was used as a path: <c>unlock ../../evil</c> deleted a file outside.</summary>
    [Theory]
    [InlineData("unlock", "--force")]
    [InlineData("resume")]
    [InlineData("state")]
    [InlineData("logs")]
    public async Task B21_a_task_id_never_leaves_its_directory(params string[] command)
    {
        await using var village = await TestVillage.UpAsync();
        var evil = Path.Combine(village.Root, "evil.lock");
        File.WriteAllText(evil, "mine");

        (await village.RunAsync([command[0], "../../evil", .. command[1..]])).ExitsWith(5);

        Assert.Equal("mine", File.ReadAllText(evil));
    }

    /// <summary>Its table of exit codes was used nowhere: outside a repository there was a stack trace, and 1.</summary>
    [Fact]
    public async Task B23_outside_a_repository_one_sentence_and_2()
    {
        await using var village = TestVillage.Create();

        var result = (await village.RunInAsync(village.Sandbox, ["status"])).ExitsWith(2);

        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
        Assert.InRange(result.Error.Count(c => c is '\n'), 1, 2);
    }

    /// <summary>A release lost two commands, because a group had the name of another command.</summary>
    [Theory]
    [InlineData("events")]
    [InlineData("locks")]
    [InlineData("state")]
    public async Task B24_no_command_hides_another(string command)
    {
        await using var village = await TestVillage.UpAsync();
        var task = await village.AddAsync("One");

        (await village.RunAsync(command is "state" ? [command, task, "--json"] : [command, "--json"])).Succeed();
        Assert.Contains($"  {command} ", (await village.RunAsync("--help")).Out, StringComparison.Ordinal);
    }

    /// <summary>One line of the log that was no object, or had a time without a zone, stopped the scheduler.</summary>
    [Theory]
    [InlineData("[1,2]")]
    [InlineData("null")]
    [InlineData("""{"ts":"2026-01-22T10:41:12","cmd":"queue","task_id":"TASK","result":"ok"}""")]
    [InlineData("""{"ts":5,"cmd":[],"task":{},"to":"dancing","generation":"x"}""")]
    [InlineData("{\"ts\":\"2026-01")]
    public async Task B25_a_bad_line_in_the_log_stops_nothing(string line)
    {
        await using var village = await TestVillage.UpAsync(Scripts.Works);
        var task = await village.AddAsync("One");
        File.AppendAllText(Path.Combine(village.State, "events.log"), line.Replace("TASK", task, StringComparison.Ordinal) + "\n");

        (await village.RunAsync("events")).Succeed();
        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal("completed", (await village.StateAsync(task)).State);
    }

    /// <summary>When it read its log, it dropped what it had written: from, to, and why.</summary>
    [Fact]
    public async Task B26_events_show_all_that_was_logged()
    {
        await using var village = await TestVillage.UpAsync("exit 3");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        var shown = (await village.RunAsync("events", "--task", task, "--json")).Succeed().Json().GetProperty("events").EnumerateArray().ToList();

        Assert.Equal(
            village.Events().Where(e => Asking.Text(e, "task") == task).Select(e => string.Join(' ', e.EnumerateObject().Select(field => $"{field.Name}={field.Value}").Order(StringComparer.Ordinal))),
            shown.Select(e => string.Join(' ', e.EnumerateObject().Where(field => field.Value.ValueKind is not System.Text.Json.JsonValueKind.Null).Select(field => $"{field.Name}={field.Value}").Order(StringComparer.Ordinal))));
        Assert.Contains(shown, e => (Asking.Text(e, "from"), Asking.Text(e, "to"), Asking.Text(e, "reason")) is ("in_progress", "failed", "agent_exit"));
    }
}
