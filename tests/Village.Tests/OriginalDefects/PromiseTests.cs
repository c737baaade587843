using Village.Tests.Testing;

namespace Village.Tests.OriginalDefects;

/// <summary>What broke the original's core promise: one task, one agent, one place, and no work lost. A1 to A9.</summary>
public sealed class PromiseTests
{
    /// <summary>The original opened its windows in the repository's root, so all agents edited one checkout.</summary>
    [Fact]
    public async Task A01_an_agent_runs_in_its_own_workspace()
    {
        var (village, task) = await TestVillage.AtWorkAsync();
        await using var _ = village;

        Assert.Equal(village.Workspace(task), village.Note("hanging")!.Trim());
        Assert.Equal(village.Workspace(task), village.Tool("tmux", "display-message", "-p", "-t", village.Lease(task)["pane"], "#{pane_current_path}").Trim());
        Assert.False(File.Exists(Path.Combine(village.Root, "half.txt")));
    }

    /// <summary>Its window <c>village:dashboard</c> made tmux misread every later target, so after a plain <c>up</c> no worker started.</summary>
    [Fact]
    public async Task A02_workers_start_beside_the_dashboard_that_up_opens()
    {
        await using var village = TestVillage.Create();
        village.Configure("MAX_WORKERS=2", Scripts.Works);
        (await village.RunAsync("up")).Succeed();
        string[] tasks = [await village.AddAsync("One"), await village.AddAsync("Two")];

        var report = (await village.RunAsync("queue", "2", "--json")).Succeed().Json();

        Assert.Equal((2, 0), (report.GetProperty("tasks_started").GetInt32(), report.GetProperty("tasks_failed").GetInt32()));
        foreach (var task in tasks)
        {
            await village.StateBecomesAsync(task, "completed");
        }

        Assert.Contains("dashboard", village.Tool("tmux", "list-windows", "-t", "=village:", "-F", "#{window_name}").Split('\n'));
    }

    /// <summary>Nothing was excluded while it claimed: two queues at once started three workers with a limit of two.</summary>
    [Fact]
    public async Task A03_two_queues_at_once_keep_the_limit_and_start_no_task_twice()
    {
        await using var village = await TestVillage.UpAsync($"echo \"$VILLAGE_TASK\" >> \"$HOME/starts\"; {Scripts.Waits}", "MAX_WORKERS=2");
        for (var n = 0; n < 4; n++)
        {
            await village.AddAsync($"Task {n}");
        }

        var both = await Task.WhenAll(village.RunAsync("queue", "2", "--json"), village.RunAsync("queue", "2", "--json"));

        Assert.All(both, result => Assert.True(result.Exit is 0 or 3, result.Transcript));
        Assert.Equal(2, both.Sum(result => result.Json().GetProperty("tasks_started").GetInt32()));
        Assert.Equal(2, (await village.RunAsync("status", "--json")).Json().GetProperty("summary").GetProperty("locks_active").GetInt32());
        await TestVillage.EventuallyAsync(() => village.Note("starts")?.Count(c => c is '\n') is 2, "both agents have begun");
        Assert.Equal(2, village.Note("starts")!.Trim().Split('\n').Distinct().Count());
    }

    /// <summary>It never looked at the lock: a second <c>resume</c> put a second agent into the same workspace.</summary>
    [Fact]
    public async Task A04_resume_of_a_running_task_is_refused()
    {
        var (village, task) = await TestVillage.AtWorkAsync("MAX_WORKERS=9");
        await using var _ = village;
        var (panes, lease) = (Panes(village), village.Lease(task)["nonce"]);

        (await village.RunAsync("resume", task)).ExitsWith(3);

        Assert.Equal((panes, lease), (Panes(village), village.Lease(task)["nonce"]));
        village.Go();
        await village.StateBecomesAsync(task, "completed");
    }

    /// <summary>A start that failed reset the workspace and deleted ignored files, also where another agent was at work.</summary>
    [Fact]
    public async Task A05_a_refused_start_takes_nothing_from_a_workspace_in_use()
    {
        var (village, task) = await TestVillage.AtWorkAsync("ROLLBACK_ON_FAILURE=true\nMAX_WORKERS=9");
        await using var _ = village;
        File.WriteAllText(Path.Combine(village.Root, ".git", "info", "exclude"), ".env\n");
        File.WriteAllText(Path.Combine(village.Workspace(task), ".env"), "secret");

        foreach (var words in (string[][])[["resume", task], ["unlock", task], ["cleanup", "--apply", "--force"], ["retry", task]])
        {
            await village.RunAsync(words);
        }

        Assert.Equal("half\n", File.ReadAllText(Path.Combine(village.Workspace(task), "half.txt")));
        Assert.Equal("secret", File.ReadAllText(Path.Combine(village.Workspace(task), ".env")));
    }

    /// <summary>It took Ctrl-C for a failure, and rolled the workspace back; the person saw a stack trace and exit code 1.</summary>
    [Fact]
    public async Task A06_ctrl_C_takes_nothing_back_and_exits_with_130()
    {
        await using var village = await TestVillage.UpAsync(Scripts.Waits, "MAX_WORKERS=1");
        var task = await village.AddAsync("One");
        using var drain = village.Start(village.Root, "queue", "--drain");
        await village.NoteAppearsAsync("hanging");

        village.Tool("kill", "-INT", drain.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));

        var said = await drain.StandardError.ReadToEndAsync();
        await drain.WaitForExitAsync();
        Assert.Equal(130, drain.ExitCode);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        Assert.Equal("half\n", File.ReadAllText(Path.Combine(village.Workspace(task), "half.txt")));
        Assert.Equal("", village.Git("for-each-ref", "refs/village/trash"));
        village.Go();
        await village.StateBecomesAsync(task, "completed");
    }

    /// <summary>Nobody set the first state, so every change of state was refused, and <c>state</c> found no task.</summary>
    [Fact]
    public async Task A07_every_task_has_a_state_from_its_first_claim_to_its_end()
    {
        var (village, task) = await TestVillage.AtWorkAsync();
        await using var _ = village;

        Assert.Equal("claimed in_progress", (await village.StateAsync(task)).Path);
        village.Go();
        Assert.Equal("claimed in_progress completed", (await village.StateBecomesAsync(task, "completed")).Path);
        Assert.Equal("queued", (await village.RunAsync("state", await village.AddAsync("Two"), "--json")).Json().GetProperty("current_state").GetString());
    }

    /// <summary>A new claim rewrote the lock with five keys and lost the history that it held.</summary>
    [Fact]
    public async Task A08_a_new_claim_keeps_the_history()
    {
        await using var village = await TestVillage.UpAsync("[ $VILLAGE_ATTEMPT = 2 ] && echo work > work.txt");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        (await village.RunAsync("retry", task)).Succeed();
        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal("claimed in_progress failed queued claimed in_progress completed", (await village.StateAsync(task)).Path);
    }

    /// <summary>The pane was a shell that outlived the agent: a missing or ended agent stayed ACTIVE and kept its slot for ever.</summary>
    [Theory]
    [InlineData("no-such-program", "agent_missing")]
    [InlineData("false", "agent_exit")]
    [InlineData("true", "no_changes")]
    public async Task A09_the_end_of_an_agent_is_known_and_frees_its_slot(string command, string reason)
    {
        await using var village = await TestVillage.UpAsync(Scripts.Works, "MAX_WORKERS=1");
        File.AppendAllText(Path.Combine(village.State, "config"), $"[agent.bad]\ncommand={command}\n");
        var task = await village.AddAsync("One", "--label", "agent:bad");
        (await village.RunAsync("queue", "1")).Succeed();

        await village.StateBecomesAsync(task, "failed");

        await village.ShouldHaveFailedAsync(task, reason);
    }

    private static string Panes(TestVillage village) => village.Tool("tmux", "list-panes", "-s", "-t", "=village:", "-F", "#{pane_id}");
}
