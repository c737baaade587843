using Village.Tests.Testing;

namespace Village.Tests.Workers;

/// <summary>Attempts that end without evidence: each says why, is taken back without losing a byte, and leaves nothing behind.</summary>
public sealed class FailedAttemptTests
{
    // One file of each kind: staged, changed, untracked in a new directory.
    private static readonly string Dirt = $"echo staged > staged.txt; {ScmScripts.Stage("staged.txt")}; echo changed > README; mkdir -p a/b; echo new > a/b/new.txt";

    // The agent that shows the free slot afterwards must not meet the check that is tried here.
    private const string OtherUnchecked = "MAX_WORKERS=1\n[agent.other]\ncheck=true\ncommand=touch other.txt";

    private static readonly (string, string)[] Saved = [("staged.txt", "staged"), ("README", "changed"), ("a/b/new.txt", "new")];

    [Fact]
    public async Task An_agent_that_exits_with_an_error_fails_and_its_work_is_kept()
    {
        await using var village = await TestVillage.UpAsync($"{Dirt}; exit 7", "MAX_WORKERS=1");
        var task = await village.AddAsync("Try");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        var story = await village.ShouldHaveFailedAsync(task, "agent_exit", Saved);
        Assert.Equal("claimed in_progress failed", story.Path);
        Assert.Equal("the agent ended with exit code 7", story.Message);
        Assert.Equal("initial", village.Git("log", "--format=%s", $"village/{task}"));
        if (TestVillage.UsesJujutsu)
        {
            return;
        }

        Assert.Equal("staged", village.Git("show", $"{story.Trash}^2:staged.txt"));
        Assert.False(village.TryTool("git", "cat-file", "-e", $"{story.Trash}^2:a/b/new.txt").Exit is 0, "the second parent is the index alone");
    }

    [Fact]
    public async Task An_agent_that_changes_nothing_fails()
    {
        await using var village = await TestVillage.UpAsync("exit 0", "MAX_WORKERS=1");
        var task = await village.AddAsync("Try");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        await village.ShouldHaveFailedAsync(task, "no_changes");
    }

    [Fact]
    public async Task A_commit_that_brings_the_files_back_to_where_they_were_is_no_change()
    {
        await using var village = await TestVillage.UpAsync(
            $"echo x > x; {ScmScripts.Save("one")}; rm x; {ScmScripts.Save("two")}", "MAX_WORKERS=1");
        var task = await village.AddAsync("Try");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        Assert.Equal("no_changes", (await village.StateAsync(task)).Reason);
    }

    [Fact]
    public async Task Work_that_fails_its_check_stays_on_the_branch_and_the_task_fails()
    {
        await using var village = await TestVillage.UpAsync("echo bad > result.txt", $"CHECK=grep -q good result.txt\n{OtherUnchecked}");
        var task = await village.AddAsync("Try");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        var story = await village.ShouldHaveFailedAsync(task, "checks_failed");
        Assert.Equal("the check ended with exit code 1", story.Message);
        Assert.Equal("bad", village.Git("show", $"village/{task}:result.txt"));
    }

    [Fact]
    public async Task A_check_that_changes_what_it_checks_fails()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt", OtherUnchecked);
        File.AppendAllText(Path.Combine(village.State, "config"), $"check='{village.Agent("format", "echo formatted > work.txt; echo new > untracked.txt")}'\n");
        var task = await village.AddAsync("Try");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        var story = await village.ShouldHaveFailedAsync(task, "checks_failed", ("work.txt", "formatted"), ("untracked.txt", "new"));
        Assert.Equal("the check changed what it checked: work.txt", story.Message);
    }

    [Fact]
    public async Task A_check_that_moves_the_branch_fails()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt", OtherUnchecked);
        File.AppendAllText(Path.Combine(village.State, "config"), $"check='{village.Agent("sneak", $"echo sneaked > sneaked.txt; {ScmScripts.Save("sneaked")}")}'\n");
        var task = await village.AddAsync("Try");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        Assert.Equal("the check moved the branch", (await village.ShouldHaveFailedAsync(task, "checks_failed")).Message);
    }

    [Fact]
    public async Task A_check_whose_program_is_missing_fails_and_is_named()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt", $"CHECK=no-such-check --all\n{OtherUnchecked}");
        var task = await village.AddAsync("Try");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        var story = await village.ShouldHaveFailedAsync(task, "checks_failed");
        Assert.Equal("the check could not be started: 'no-such-check' is not installed or not on PATH", story.Message);
    }

    [Fact]
    public async Task A_check_that_takes_too_long_is_ended_with_all_it_started()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt", $"CHECK_TIMEOUT=1s\n{OtherUnchecked}");
        File.AppendAllText(Path.Combine(village.State, "config"), $"check='{village.Agent("slow-check", "setsid sleep 1000 & exec sleep 1000")}'\n");
        var task = await village.AddAsync("Try");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        Assert.Equal("the check ran longer than 1.0s", (await village.ShouldHaveFailedAsync(task, "checks_failed")).Message);
    }

    [Fact]
    public async Task An_agent_that_is_not_installed_fails_and_is_named()
    {
        await using var village = await TestVillage.UpAsync(settings: "MAX_WORKERS=1\n[agent.ghost]\ncommand=no-such-agent run");
        var task = await village.AddAsync("Try", "--label", "agent:ghost");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        var story = await village.ShouldHaveFailedAsync(task, "agent_missing");
        Assert.Equal("'no-such-agent' is not installed or not on PATH", story.Message);
    }

    [Fact]
    public async Task An_agent_that_cannot_be_executed_fails_and_says_so()
    {
        await using var village = await TestVillage.UpAsync("exit 0", "MAX_WORKERS=1");
        var task = await village.AddAsync("Try");
        File.WriteAllText(Path.Combine(village.Sandbox, "bin", "build"), "\x7f" + "ELF but not really");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        var story = await village.ShouldHaveFailedAsync(task, "agent_missing");
        Assert.EndsWith("cannot be started: Exec format error", story.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_a_signal_ends_fails_as_killed()
    {
        await using var village = await TestVillage.UpAsync($"{Dirt}; kill -9 $$", "MAX_WORKERS=1");
        var task = await village.AddAsync("Try");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        Assert.Equal("the agent ended with signal 9", (await village.ShouldHaveFailedAsync(task, "killed", Saved)).Message);
    }

    [Fact]
    public async Task An_agent_over_its_time_limit_is_ended_with_all_it_started()
    {
        await using var village = await TestVillage.UpAsync(settings: "MAX_WORKERS=1");
        village.AddAgent("slow", $"{Dirt}; trap '' TERM HUP; (setsid sleep 1000 &) ; sleep 1000", "timeout=1");
        var task = await village.AddAsync("Try", "--label", "agent:slow");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        Assert.Equal("it ran longer than 1.0s", (await village.ShouldHaveFailedAsync(task, "timeout", Saved)).Message);
    }
}
