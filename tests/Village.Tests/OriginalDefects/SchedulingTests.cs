using Village.Tests.Testing;

namespace Village.Tests.OriginalDefects;

/// <summary>What broke the original's core promise, continued: contracts, stale locks, the choice of tasks. A10 to A18.</summary>
public sealed class SchedulingTests
{
    /// <summary>It typed the contract into the user's shell: above 16 KB, or in another shell, nothing arrived and nobody knew.</summary>
    [Fact]
    public async Task A10_a_long_contract_arrives_whole_and_no_shell_is_asked()
    {
        await using var village = await TestVillage.UpAsync("cat > \"$HOME/contract\"; echo work > work.txt");
        village.Environment["SHELL"] = "/bin/false";
        var text = string.Concat(Enumerable.Range(0, 1000).Select(n => $"{n} EOF '$(touch pwned)' \"`id`\"\n"));
        var task = (await village.RunInAsync(village.Root, ["task", "add", "Big", "-d", "-"], text)).Succeed().Out.Trim();

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.InRange(text.Length, 20_000, 100_000);
        Assert.Contains(text, village.Note("contract"), StringComparison.Ordinal);
        Assert.Equal("work.txt", village.Git("diff", "--name-only", "main", $"village/{task}"));
    }

    /// <summary>It read <c>opencode_args</c> and used it nowhere: an agent that was to run with care ran without.</summary>
    [Fact]
    public async Task A11_an_agents_arguments_reach_its_program()
    {
        await using var village = await TestVillage.UpAsync();
        village.Agent("opencode", """
            printf '%s\n' "$@" > "$HOME/arguments"; echo work > work.txt
            echo '{"type":"step_finish","sessionID":"ses_1","part":{"reason":"stop"}}'
            """);
        File.AppendAllText(Path.Combine(village.State, "config"), "[agent.careful]\nopencode_args=--safe --model 'a b'\n");
        await village.AddAsync("One", "--label", "agent:careful");

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Contains("--safe\n--model\na b\n", village.Note("arguments"), StringComparison.Ordinal);
    }

    /// <summary>Locks of dead panes were neither stolen nor left out of the count: after a reboot nothing started.</summary>
    [Fact]
    public async Task A13_stale_locks_take_no_slot_and_their_tasks_start()
    {
        await using var village = await TestVillage.UpAsync(Scripts.Works, "MAX_WORKERS=2");
        string[] tasks = [await village.AddAsync("One"), await village.AddAsync("Two")];
        foreach (var task in tasks)
        {
            village.OriginalsLock(task, "%99");
        }

        var plan = (await village.RunAsync("queue", "--plan", "--json")).Succeed().Json();
        (await village.RunAsync("queue", "2")).Succeed();

        Assert.Equal((0, 2), (plan.GetProperty("workers_count").GetInt32(), plan.GetProperty("slots_available").GetInt32()));
        foreach (var task in tasks)
        {
            await village.StateBecomesAsync(task, "completed");
        }
    }

    /// <summary>A pane id alone was its proof of life: after a restart of tmux, somebody's new shell made a dead task look alive.</summary>
    [Fact]
    public async Task A14_a_shell_that_has_the_dead_workers_pane_id_does_not_revive_its_lease()
    {
        var (village, task) = await TestVillage.AtWorkAsync();
        await using var _ = village;
        await Asking.KillHardAsync(village.ProcessOf(task));
        var shell = village.Tool("tmux", "list-panes", "-t", "=village:shell", "-F", "#{pane_id}").Trim();
        File.WriteAllText(
            village.LockPath(task),
            File.ReadAllText(village.LockPath(task)).Replace($"pane={village.Lease(task)["pane"]}\n", $"pane={shell}\n", StringComparison.Ordinal));

        Assert.Equal(shell, village.Lease(task)["pane"]);
        Assert.Equal("STALE", Asking.Text(await village.LockAsync(task), "status"));
    }

    /// <summary>Its cleanup left the branch behind, and the next start wanted to make it anew: the task could never run again.</summary>
    [Fact]
    public async Task A15_a_task_runs_again_after_its_workspace_was_cleaned_up()
    {
        await using var village = await TestVillage.UpAsync("echo $VILLAGE_ATTEMPT >> work.txt");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "--drain")).Succeed();
        (await village.RunAsync("cleanup", "--apply")).Succeed();
        Assert.False(Directory.Exists(village.Workspace(task)));

        (await village.RunAsync("retry", task, "--force")).Succeed();
        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal("1\n2", village.Git("show", $"village/{task}:work.txt"));
    }

    /// <summary>Its production release fell over in a new repository, and bound locks to some pane of the server.</summary>
    [Fact]
    public async Task A16_in_a_new_repository_the_first_worker_has_its_own_pane()
    {
        await using var village = TestVillage.Create();
        village.Tool("tmux", "new-session", "-d", "-s", "somebody-elses");
        village.Configure("", Scripts.Waits);
        (await village.RunAsync("up")).Succeed();
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("hanging");

        var window = village.Tool("tmux", "list-panes", "-a", "-F", "#{pane_id} #{session_name} #{window_name}").Split('\n');
        Assert.Contains($"{village.Lease(task)["pane"]} village build-1-{task}", window);
        village.Go();
        await village.StateBecomesAsync(task, "completed");
    }

    /// <summary>It cut ids out of a text for people: some were dropped, and <c>bd-a3f8.2</c> was taken for <c>bd-a3f8</c>.</summary>
    [Fact]
    public async Task A17_every_id_is_read_whole_and_stands_in_the_plan_once()
    {
        await using var village = await TestVillage.UpAsync();
        string[] ids = ["bd-a3f8", "bd-a3f8.2", "myproj-9xy"];
        File.WriteAllLines(
            Path.Combine(village.State, "tasks.jsonl"),
            ids.Select(id => $$"""{"id":"{{id}}","title":"[bug] [{{id}}] 1. bd-0000","status":"open","priority":2,"issue_type":"task","created_at":"2026-01-22T10:41:12Z","updated_at":"2026-01-22T10:41:12Z"}"""));

        var plan = (await village.RunAsync("queue", "--plan", "--max-workers", "9", "--json")).Succeed().Json();

        Assert.Equal(ids, plan.GetProperty("available_tasks").EnumerateArray().Select(row => Asking.Text(row, "task")).Order(StringComparer.Ordinal));
        Assert.Empty(plan.GetProperty("blocked_tasks").EnumerateArray());
    }

    /// <summary>Any event kept a task back for five minutes, failed starts too; and a completed one was started again after six.</summary>
    [Fact]
    public async Task A18_only_a_start_keeps_a_task_back_and_a_completed_one_never_starts_again()
    {
        await using var village = await TestVillage.UpAsync(Scripts.Works, "QUEUE_TTL_MINUTES=5");
        var task = await village.AddAsync("One");
        village.OriginalsLock(task, "%99");
        (await village.RunAsync("cleanup")).Succeed();
        Assert.Contains(village.Events(), e => Asking.Text(e, "task") == task && Asking.Text(e, "cmd") is "cleanup");

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal("completed", (await village.StateAsync(task)).State);
        village.Environment["VILLAGE_QUEUE_TTL_MINUTES"] = "0";
        (await village.RunAsync("queue", "1")).ExitsWith(3);
        Assert.Equal(1, village.StartsOf(task));
    }
}
