using Village.Tests.Testing;

namespace Village.Tests.Workers;

/// <summary>Attempts that end with evidence, in all the ways in which agents end well.</summary>
public sealed class CompletedAttemptTests
{
    [Fact]
    public async Task What_the_agent_leaves_uncommitted_is_committed_under_the_tasks_name()
    {
        await using var village = await TestVillage.UpAsync($"echo staged > s.txt; {ScmScripts.Stage("s.txt")}; echo new > 'new file.txt'; echo changed > README", "MAX_WORKERS=1");
        var task = await village.AddAsync("Change the greeting");

        (await village.RunAsync("queue", "--drain")).Succeed();

        var story = await village.ShouldHaveCompletedAsync(task);
        Assert.Equal("3 files changed", story.Message);
        Assert.Equal($"{task}: Change the greeting\ninitial", village.Git("log", "--format=%s", $"village/{task}"));
        Assert.Equal("README\nnew file.txt\ns.txt", village.Git("diff", "--name-only", "main", $"village/{task}"));
        Assert.Equal("Tester <tester@example.com>", village.Git("log", "-1", "--format=%an <%ae>", $"village/{task}"));
    }

    [Fact]
    public async Task Without_an_identity_of_the_users_Village_signs_itself()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt", "MAX_WORKERS=1");
        foreach (var name in new[] { "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "JJ_USER", "JJ_EMAIL" })
        {
            village.Environment.Remove(name);
        }

        village.Git("config", "user.useConfigOnly", "true");
        var task = await village.AddAsync("Try");

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal("Village <village@localhost>", village.Git("log", "-1", "--format=%an <%ae>", $"village/{task}"));
    }

    [Fact]
    public async Task The_agents_own_commits_stay_as_they_are()
    {
        await using var village = await TestVillage.UpAsync(
            $"echo 1 > one; {ScmScripts.Save("first by hand")}; echo 2 > two; {ScmScripts.Save("second by hand")}", "MAX_WORKERS=1");
        File.AppendAllText(Path.Combine(village.State, "config"), "check=test -f two\n");
        var task = await village.AddAsync("Try");

        (await village.RunAsync("queue", "--drain")).Succeed();

        var story = await village.ShouldHaveCompletedAsync(task);
        Assert.Equal("second by hand\nfirst by hand\ninitial", village.Git("log", "--format=%s", $"village/{task}"));
        var e = village.Events().Single(e => Asking.Text(e, "to") is "completed" && Asking.Text(e, "task") == task);
        Assert.Equal("test -f two", Asking.Text(e, "check"));
        Assert.Equal(village.Git("rev-parse", $"{story.Commit}^{{tree}}"), Asking.Text(e, "tree"));
    }

    [Fact]
    public async Task No_change_is_fine_when_the_agent_says_so()
    {
        await using var village = await TestVillage.UpAsync("village signal done --no-changes -m 'it was right already'", "MAX_WORKERS=1");
        var task = await village.AddAsync("Try");

        (await village.RunAsync("queue", "--drain")).Succeed();

        var story = await village.ShouldHaveCompletedAsync(task);
        Assert.Equal("it was right already", story.Message);
        Assert.Equal(village.Git("rev-parse", "main"), story.Commit);
    }

    [Fact]
    public async Task A_word_of_no_changes_from_an_earlier_attempt_does_not_count_for_this_one()
    {
        await using var village = await TestVillage.UpAsync($"[ $VILLAGE_ATTEMPT = 1 ] && {{ village signal done --no-changes; {ScmScripts.Save("x")}; exit 0; }}; exit 0", "MAX_WORKERS=1");
        var task = await village.AddAsync("Try");
        (await village.RunAsync("queue", "--drain")).Succeed();
        (await village.RunAsync("retry", task, "--force")).Succeed();

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        await village.ShouldHaveFailedAsync(task, "no_changes");
    }

    [Theory]
    [InlineData("setsid sleep 1000 &")]
    [InlineData("nohup sleep 1000 >/dev/null 2>&1 &")]
    [InlineData("( ( setsid sleep 1000 & ) & ) ; ( trap '' TERM HUP INT; sleep 1000; true ) &")]
    [InlineData("env -u VILLAGE_LEASE setsid sh -c 'cd /; exec sleep 1000' &")]
    public async Task A_server_left_in_the_background_is_ended_and_the_attempt_completes(string server)
    {
        await using var village = await TestVillage.UpAsync($"echo work > work.txt; {server}", "MAX_WORKERS=1");
        var task = await village.AddAsync("Try");

        (await village.RunAsync("queue", "--drain")).Succeed();

        await village.ShouldHaveCompletedAsync(task);
    }

    [Fact]
    public async Task A_server_that_the_check_leaves_in_the_background_is_ended_too()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt", "MAX_WORKERS=1");
        File.AppendAllText(Path.Combine(village.State, "config"), $"check='{village.Agent("check", "setsid sleep 1000 & exit 0")}'\n");
        var task = await village.AddAsync("Try");

        (await village.RunAsync("queue", "--drain")).Succeed();

        await village.ShouldHaveCompletedAsync(task);
    }

    [Fact]
    public async Task Build_products_of_the_check_do_not_spoil_it_and_are_not_committed()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt", "MAX_WORKERS=1\nCHECK=touch product.o");
        var task = await village.AddAsync("Try");

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal("completed", (await village.StateAsync(task)).State);
        Assert.Equal("work.txt", village.Git("diff", "--name-only", "main", $"village/{task}"));
    }

    [Fact]
    public async Task Signal_done_ends_an_agent_that_goes_on_sleeping()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt; village signal done -m finished; exec sleep 1000", "MAX_WORKERS=1");
        var task = await village.AddAsync("Try");

        (await village.RunAsync("queue", "--drain")).Succeed();

        var story = await village.ShouldHaveCompletedAsync(task);
        var seconds = village.Events().Single(e => Asking.Text(e, "to") is "completed" && Asking.Text(e, "task") == task).GetProperty("seconds").GetDouble();
        Assert.InRange(seconds, 10, 30);
        Assert.Equal("1 file changed", story.Message);
    }

    [Fact]
    public async Task A_line_in_the_task_file_that_cannot_be_read_does_not_take_proven_work_back()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt; echo 'not a task' >> $VILLAGE_DIR/tasks.jsonl", "MAX_WORKERS=1");
        var task = await village.AddAsync("Try");
        (await village.RunAsync("queue", "1")).Succeed();

        var story = await village.StateBecomesAsync(task, "completed");

        Assert.Equal("claimed in_progress completed", story.Path);
        await village.NothingIsLeftRunningAsync();
        Assert.Equal("claimed in_progress completed", (await village.StateAsync(task)).Path);
        File.WriteAllLines(Path.Combine(village.State, "tasks.jsonl"), File.ReadAllLines(Path.Combine(village.State, "tasks.jsonl")).Where(line => line[0] is '{'));
        (await village.RunAsync("queue", "--drain")).ExitsWith(3);
        Assert.Equal("closed", (await village.RunAsync("task", "show", task, "--json")).Succeed().Json().GetProperty("task").GetProperty("status").GetString());
    }
}
