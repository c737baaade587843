using Village.Tests.Testing;

namespace Village.Tests.Workers;

/// <summary>Work that cannot be taken as it was left: nothing of it is lost, and nothing that git ignores is touched.</summary>
public sealed class RefusedWorkTests
{
    [Fact]
    public async Task With_COMMIT_off_what_is_left_uncommitted_fails_the_attempt()
    {
        await using var village = await TestVillage.UpAsync("echo left > left.txt", "MAX_WORKERS=1\nCOMMIT=off");
        var task = await village.AddAsync("Try");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        village.AddAgent("other", $"echo o > o.txt; {ScmScripts.Save("o")}");
        var story = await village.ShouldHaveFailedAsync(task, "uncommitted", ("left.txt", "left"));
        Assert.Equal("1 file was left uncommitted and COMMIT is off", story.Message);
    }

    [Fact, Trait("scm", "git")]
    public async Task A_commit_that_a_hook_refuses_fails_the_attempt_with_the_hooks_words()
    {
        await using var village = await TestVillage.UpAsync("echo left > left.txt", "MAX_WORKERS=1");
        Hook(village, "[ -e other.txt ] && exit 0; echo 'no tabs, please' >&2; exit 1");
        var task = await village.AddAsync("Try");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        var story = await village.ShouldHaveFailedAsync(task, "commit_failed", ("left.txt", "left"));
        Assert.Contains("no tabs, please", story.Message, StringComparison.Ordinal);
    }

    [Fact, Trait("scm", "git")]
    public async Task A_commit_on_another_branch_fails_and_both_branches_keep_what_they_have()
    {
        await using var village = await TestVillage.UpAsync(
            "git checkout -q -b mine; echo elsewhere > e.txt; git add e.txt; git commit -qm elsewhere; echo dirt > d.txt", "MAX_WORKERS=1");
        var task = await village.AddAsync("Try");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        var story = await village.ShouldHaveFailedAsync(task, "uncommitted", ("d.txt", "dirt"), ("e.txt", "elsewhere"));
        Assert.Equal($"the workspace stands on branch 'mine', not on village/{task}", story.Message);
        Assert.Equal("elsewhere", village.Git("log", "-1", "--format=%s", "mine"));
        Assert.Equal("initial", village.Git("log", "-1", "--format=%s", $"village/{task}"));
    }

    [Fact, Trait("scm", "git")]
    public async Task Commits_on_a_detached_head_are_pinned_before_the_workspace_returns_to_its_branch()
    {
        await using var village = await TestVillage.UpAsync(
            "git checkout -q --detach; echo lost > l.txt; git add l.txt; git commit -qm 'nobody points here'", "MAX_WORKERS=1");
        var task = await village.AddAsync("Try");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        var story = await village.ShouldHaveFailedAsync(task, "uncommitted", ("l.txt", "lost"));
        Assert.Equal("nobody points here", village.Git("log", "-1", "--format=%s", $"{story.Trash}^1"));
    }

    [Fact, Trait("scm", "git")]
    public async Task The_middle_of_a_merge_is_taken_back_with_both_sides_kept()
    {
        await using var village = await TestVillage.UpAsync(
            """
            echo ours > README; git commit -qam ours; git branch side HEAD~1
            git worktree add -q "$HOME/side" side; (cd "$HOME/side"; echo theirs > README; git commit -qam theirs)
            git merge side; exit 1
            """, "MAX_WORKERS=1");
        var task = await village.AddAsync("Try");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        var story = await village.ShouldHaveFailedAsync(
            task, "agent_exit", ("README", "<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> side"));
        Assert.Equal("ours", village.Git("show", $"{story.Trash}^1:README"));
        Assert.False(File.Exists(village.GitIn(task, "rev-parse", "--git-path", "MERGE_HEAD")));
    }

    [Theory]
    [InlineData("true", "exit 1", "agent_exit")]
    [InlineData("stray", "exit 0", "uncommitted")]
    public async Task Ignored_files_are_not_touched_by_a_rollback(string first, string end, string reason)
    {
        await using var village = await TestVillage.UpAsync(
            $"{first.Replace("stray", ScmScripts.Stray, StringComparison.Ordinal)}; echo secret > .env; mkdir -p node_modules/x sub; echo module > node_modules/x/i.js; echo deep > sub/.env; echo work > sub/work.txt; {end}", "MAX_WORKERS=1");
        File.WriteAllText(Path.Combine(village.Root, ".gitignore"), ".env\nnode_modules/\n");
        village.Git("add", ".gitignore");
        village.Git("commit", "-qm", "ignore");
        var task = await village.AddAsync("Try");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        await village.ShouldHaveFailedAsync(task, reason, ("sub/work.txt", "work"));
        var workspace = village.Workspace(task);
        Assert.Equal("secret\n", File.ReadAllText(Path.Combine(workspace, ".env")));
        Assert.Equal("module\n", File.ReadAllText(Path.Combine(workspace, "node_modules", "x", "i.js")));
        Assert.Equal("deep\n", File.ReadAllText(Path.Combine(workspace, "sub", ".env")));
    }

    [Fact]
    public async Task Files_that_the_agents_own_gitignore_hides_survive_its_rollback()
    {
        await using var village = await TestVillage.UpAsync("echo 'local/' > .gitignore; mkdir local; echo mine > local/notes; exit 1", "MAX_WORKERS=1");
        var task = await village.AddAsync("Try");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        var story = await village.StateAsync(task);
        Assert.Equal("local/", village.Git("show", $"{story.Trash}:.gitignore"));
        Assert.Equal("mine\n", File.ReadAllText(Path.Combine(village.Workspace(task), "local", "notes")));
    }

    [Fact]
    public async Task Without_rollback_the_workspace_stays_exactly_as_the_agent_left_it()
    {
        await using var village = await TestVillage.UpAsync($"echo staged > s.txt; {ScmScripts.Stage("s.txt")}; echo new > n.txt; exit 1", "MAX_WORKERS=1\nROLLBACK_ON_FAILURE=false");
        var task = await village.AddAsync("Try");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        var story = await village.StateAsync(task);
        Assert.Equal(("failed", "agent_exit", null), (story.State, story.Reason, story.Trash));
        Assert.Equal("A n.txt\nA s.txt", village.DirtIn(task));
        Assert.Equal("", village.Git("for-each-ref", "refs/village/trash"));
        await village.ShouldHaveEndedLeaseAsync(task);
        await village.ShouldBeIdleAsync();
    }

    [Fact]
    public async Task A_workspace_that_cannot_be_saved_is_left_alone()
    {
        // A file where the ref's directory should be: the trash ref of this task cannot be made.
        await using var village = await TestVillage.UpAsync("echo precious > p.txt; git --git-dir=\"$VILLAGE_DIR/../.git\" update-ref refs/village/trash HEAD; exit 1", "MAX_WORKERS=1");
        var task = await village.AddAsync("Try");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        var story = await village.StateAsync(task);
        Assert.Equal(("failed", "agent_exit", null), (story.State, story.Reason, story.Trash));
        Assert.Contains("could not be saved", story.Message, StringComparison.Ordinal);
        Assert.Equal("A p.txt", village.DirtIn(task));
    }

    [Fact, Trait("scm", "git")]
    public async Task A_file_that_git_cannot_take_in_is_not_written_over()
    {
        await using var village = await TestVillage.UpAsync("echo precious > README; echo new > new.txt; exit 1", "MAX_WORKERS=1");
        village.Git("config", "filter.broken.clean", "false");
        village.Git("config", "filter.broken.smudge", "cat");
        village.Git("config", "filter.broken.required", "true");
        File.WriteAllText(Path.Combine(village.Root, ".git", "info", "attributes"), "README filter=broken\n");
        var task = await village.AddAsync("Try");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        var story = await village.StateAsync(task);
        Assert.Equal(("failed", "agent_exit", null), (story.State, story.Reason, story.Trash));
        Assert.Contains("could not be saved", story.Message, StringComparison.Ordinal);
        Assert.Equal("precious\n", File.ReadAllText(Path.Combine(village.Workspace(task), "README")));
        Assert.Equal("new\n", File.ReadAllText(Path.Combine(village.Workspace(task), "new.txt")));
    }

    [Fact, Trait("scm", "git")]
    public async Task A_clean_workspace_that_left_its_branch_is_put_back_onto_it()
    {
        await using var village = await TestVillage.UpAsync("git checkout -q --detach; exit 1", "MAX_WORKERS=1");
        var task = await village.AddAsync("Try");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        await village.ShouldHaveFailedAsync(task, "agent_exit");
    }

    [Fact]
    public async Task Every_failed_attempt_has_a_trash_ref_of_its_own()
    {
        await using var village = await TestVillage.UpAsync("echo \"attempt $VILLAGE_ATTEMPT\" > work.txt; exit 1", "MAX_WORKERS=1");
        var task = await village.AddAsync("Try");
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            (await village.RunAsync("queue", "--drain")).ExitsWith(1);
            Assert.Equal($"refs/village/trash/{task}/{attempt}-1", (await village.StateAsync(task)).Trash);
            (await village.RunAsync("retry", task)).Succeed();
        }

        Assert.Equal("attempt 1", village.Git("show", $"refs/village/trash/{task}/1-1:work.txt"));
        Assert.Equal("attempt 3", village.Git("show", $"refs/village/trash/{task}/3-1:work.txt"));
    }

    private static void Hook(TestVillage village, string script)
    {
        var path = Path.Combine(village.Root, ".git", "hooks", "pre-commit");
        File.Move(village.Agent("pre-commit", script), path);
    }
}
