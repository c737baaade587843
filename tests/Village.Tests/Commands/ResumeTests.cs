using Village.Tests.Testing;

namespace Village.Tests.Commands;

/// <summary><c>village resume</c>: the planner without a task, and one start with one.</summary>
public sealed class ResumeTests
{
    [Fact]
    public async Task The_planner_goes_from_up_over_attach_cleanup_and_queue_to_ready()
    {
        await using var village = TestVillage.Create();
        village.Configure("MAX_WORKERS=1", "echo work > work.txt; touch \"$HOME/hanging\"; while [ ! -e \"$HOME/go\" ]; do sleep 0.02; done");
        Assert.Equal(("up", "village up"), await Next(village));
        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        Assert.Equal(("ready", "village ready"), await Next(village));
        var task = await village.AddAsync("One");
        await village.AddAsync("Two");
        Assert.Equal(("queue", "village queue 2"), await Next(village));
        File.WriteAllText(village.LockPath("bd-dead"), "garbage");
        Assert.Equal(("cleanup", "village cleanup"), await Next(village));
        (await village.RunAsync("resume", task, "--detached")).Succeed();
        await village.NoteAppearsAsync("hanging");
        Assert.Equal(("attach", "village attach"), await Next(village));
        village.Tool("tmux", "kill-server");
        Assert.Equal(("up", "village up"), await Next(village));
    }

    [Fact]
    public async Task A_dry_run_shows_the_contract_and_changes_nothing()
    {
        await using var village = await TestVillage.UpAsync(settings: "CHECK=make test");
        var first = await village.AddAsync("Make the bricks");
        var task = await village.AddAsync("Build the house", "-d", "Four walls.", "--acceptance", "It stands", "--depends-on", first);
        var before = village.Fingerprint();

        var shown = (await village.RunAsync("resume", task, "--dry-run")).Succeed();

        Assert.Equal(before, village.Fingerprint());
        shown.Transcript.Replace(task, "TASK", StringComparison.Ordinal).Replace(first, "FIRST", StringComparison.Ordinal).ShouldBe("""
            Would start TASK (attempt 1, agent build)
            Workspace: $SANDBOX/repo/.worktrees/TASK

            # Task TASK: Build the house

            You are the agent 'build', attempt 1.

            ## What to do

            Four walls.

            ## Done means

            It stands

            ## Builds on

            - FIRST: Make the bricks (not done yet)

            ## Where to work

            - Workspace: `$SANDBOX/repo/.worktrees/TASK`. It is your own copy of the repository; work only inside it.
            - Branch: `village/TASK`. Stay on it and commit your work to it.

            ## Rules

            - Commit what belongs to the task, in small coherent commits. What you leave uncommitted is committed for you.
            - Do not push, merge, or change other branches or worktrees.
            - Do not start anything that outlives you; it will be ended.
            - The work counts as done when this passes in the workspace: `make test`

            ## How to report

            - Needing a person's answer: `village signal waiting --message "what you need"`, and `village signal working` when you go on.
            - Unable to go on: `village signal blocked --message "why"`, then end.
            - Done: end with exit code 0. If you cannot end by yourself: `village signal done`.
            - Done without any change being needed: `village signal done --no-changes --message "why"`.
            """);
    }

    [Fact]
    public async Task The_html_fragment_holds_no_markup_of_the_tasks()
    {
        await using var village = await TestVillage.UpAsync();
        var task = await village.AddAsync("</pre><script>alert(1)</script>", "-d", "\"><img src=x onerror=alert(1)> & 'quotes'");

        var html = (await village.RunAsync("resume", task, "--dry-run", "--html")).Succeed().Out;

        var fragment = html[html.IndexOf("<pre", StringComparison.Ordinal)..];
        Assert.StartsWith($"<pre class=\"village-contract\" data-task=\"{task}\"># Task {task}: &lt;/pre&gt;&lt;script&gt;", fragment, StringComparison.Ordinal);
        Assert.Equal(2, fragment.Count(c => c is '<'));
        Assert.EndsWith("</pre>\n", fragment, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_starts_one_task_with_the_agent_that_is_named()
    {
        await using var village = await TestVillage.UpAsync("exit 1");
        village.AddAgent("clever", "echo work > work.txt");
        var task = await village.AddAsync("One");

        var report = (await village.RunAsync("resume", task, "clever", "--json")).Succeed().Json();

        Assert.Equal(("clever", true, 1), (Asking.Text(report, "agent"), report.GetProperty("started").GetBoolean(), report.GetProperty("attempt").GetInt32()));
        Assert.Equal($"clever-1-{task}", Asking.Text(report, "window"));
        await village.StateBecomesAsync(task, "completed");
    }

    [Fact]
    public async Task A_running_failed_or_completed_task_is_refused_with_the_way_on()
    {
        await using var village = await TestVillage.UpAsync("touch \"$HOME/hanging\"; while [ ! -e \"$HOME/go\" ]; do sleep 0.02; done; exit 1", "MAX_WORKERS=1");
        var task = await village.AddAsync("One");
        (await village.RunAsync("resume", task)).Succeed();
        await village.NoteAppearsAsync("hanging");
        var log = Path.Combine(village.State, "logs", task, "1.log");
        await TestVillage.EventuallyAsync(() => File.ReadAllText(log).Contains("starts in", StringComparison.Ordinal), "the pane's first line is in the log");
        Assert.Empty(await village.RefuseAsync(village.Root, 3, "blocked", [["resume", task]]));
        Assert.EndsWith($"hint: village attach {task}\n", (await village.RunAsync("resume", task)).Error, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(village.Home, "go"), "");
        await village.StateBecomesAsync(task, "failed");
        await village.NothingIsLeftRunningAsync();

        Assert.Empty(await village.RefuseAsync(village.Root, 3, "blocked", [["resume", task]]));
        Assert.EndsWith($"hint: village retry {task}\n", (await village.RunAsync("resume", task)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_keeps_to_the_worker_limit()
    {
        await using var village = await TestVillage.UpAsync("touch \"$HOME/hanging\"; sleep 1000", "MAX_WORKERS=1");
        var (first, second) = (await village.AddAsync("One"), await village.AddAsync("Two"));
        (await village.RunAsync("resume", first)).Succeed();
        await village.NoteAppearsAsync("hanging");

        var refused = (await village.RunAsync("resume", second)).ExitsWith(3);

        Assert.Equal($"error: '{second}' was not started: 1 of 1 workers are active\n", refused.Error);
        Assert.Equal("queued", (await village.RunAsync("state", second, "--json")).Json().GetProperty("current_state").GetString());
    }

    private static async Task<(string?, string?)> Next(TestVillage village)
    {
        var json = (await village.RunAsync("resume", "--json")).Succeed().Json();
        return (Asking.Text(json, "action"), Asking.Text(json, "run"));
    }
}
