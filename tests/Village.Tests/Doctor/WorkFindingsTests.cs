using Village.Tests.Testing;

namespace Village.Tests.Doctor;

/// <summary>Workspaces, branches, panes and processes that nothing accounts for.</summary>
public sealed class WorkFindingsTests
{
    [Fact, Trait("scm", "git")]
    public async Task A_workspace_of_no_task_is_told()
    {
        await using var village = await TestVillage.UpAsync();
        village.Git("worktree", "add", "-q", "-b", "village/bd-zz", ".worktrees/bd-zz");

        await village.IsToldAsync(
            "orphan_workspace", "the workspace '.worktrees/bd-zz' belongs to no task; look at it, then: git worktree remove '.worktrees/bd-zz'");
    }

    [Fact]
    public async Task A_directory_that_is_no_worktree_is_told()
    {
        await using var village = await TestVillage.UpAsync();
        Directory.CreateDirectory(village.Workspace("bd-1"));
        await village.IsWellAsync(); // git makes a worktree in an empty directory.
        File.WriteAllText(Path.Combine(village.Workspace("bd-1"), "mine.txt"), "mine");

        await village.IsToldAsync("foreign_directory", "'.worktrees/bd-1' is no worktree of this repository; a task of that name could not start");
    }

    [Fact]
    public async Task A_workspace_that_was_removed_by_hand_is_forgotten_and_its_branch_stays()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt");
        var task = await village.EndedAsync("One", "completed");
        Directory.Delete(village.Workspace(task), recursive: true);

        await village.IsMendedAsync(
            "vanished_workspace", $"git knows the workspace '.worktrees/{task}', and its directory is gone", "make git forget it; its branch stays", "warning");

        Assert.Equal("work", village.Git("show", $"village/{task}:work.txt"));
        Assert.DoesNotContain(task, village.Git("worktree", "list"), StringComparison.Ordinal);
    }

    [Fact, Trait("scm", "git")]
    public async Task A_workspace_that_left_its_branch_is_told_unless_a_worker_is_in_it()
    {
        await using var village = await TestVillage.UpAsync("git checkout -q --detach; touch \"$HOME/working\"; while [ ! -e \"$HOME/go\" ]; do sleep 0.1; done; git checkout -q -; exit 3", "ROLLBACK_ON_FAILURE=false");
        var task = await village.WorkingAsync();
        await village.IsWellAsync();
        File.WriteAllText(Path.Combine(village.Home, "go"), "");
        await village.StateBecomesAsync(task, "failed");
        village.GitIn(task, "checkout", "-q", "--detach");

        await village.IsToldAsync(
            "wrong_branch", $"the workspace '.worktrees/{task}' stands on no branch and not on village/{task}: git -C '.worktrees/{task}' switch village/{task}");
    }

    [Fact, Trait("scm", "git")]
    public async Task The_lock_of_a_killed_git_is_removed()
    {
        await using var village = await TestVillage.UpAsync("exit 3");
        var task = await village.EndedAsync("One", "failed");
        var file = village.GitIn(task, "rev-parse", "--path-format=absolute", "--git-path", "index.lock");
        File.WriteAllText(file, "");

        await village.IsMendedAsync("stale_index_lock", $"a git that was killed has left its lock on the index of '.worktrees/{task}'", "remove the lock");

        Assert.False(File.Exists(file));
    }

    [Fact, Trait("scm", "git")]
    public async Task A_branch_that_is_checked_out_elsewhere_is_told()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt");
        var task = await village.EndedAsync("One", "completed");
        village.Git("worktree", "remove", village.Workspace(task));
        village.Git("worktree", "add", "-q", Path.Combine(village.Sandbox, "look"), $"village/{task}");

        await village.IsToldAsync(
            "branch_elsewhere", $"branch village/{task} is checked out in '$SANDBOX/look', so its task cannot have it in a workspace of its own");
    }

    [Fact, Trait("scm", "git")]
    public async Task Completed_work_that_is_not_in_the_repository_any_more_is_told()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt");
        var task = await village.EndedAsync("One", "completed");
        var commit = (await village.StateAsync(task)).Commit!;
        village.Git("worktree", "remove", village.Workspace(task));
        village.Git("branch", "-D", $"village/{task}");
        village.Git("reflog", "expire", "--expire=now", "--all");
        village.Git("gc", "-q", "--prune=now");

        await village.IsToldAsync("lost_commit", $"{task} was completed with commit {commit[..10]}, which is not in the repository any more");
    }

    [Fact]
    public async Task What_outlived_a_killed_worker_is_ended()
    {
        await using var village = await TestVillage.UpAsync("setsid sleep 1000 & echo $! > \"$HOME/stray\"; echo $$ > \"$HOME/working\"; exec sleep 1000");
        var task = await village.WorkingAsync();
        await village.IsWellAsync();
        var (nonce, stray) = (village.Lease(task)["nonce"], village.NotedProcess("stray"));
        await Asking.KillHardAsync(village.ProcessOf(task));
        await village.AgentIsGoneAsync();

        var found = (await village.RunAsync("doctor", "--json")).ExitsWith(1).Json().GetProperty("findings").EnumerateArray().ToList();

        Assert.Equal(["stale_lease", "leftover_processes"], found.Select(row => row.GetProperty("kind").GetString()));
        Assert.Equal($"processes of an ended worker of {task} still run: {stray}", found[1].GetProperty("message").GetString());
        Assert.Equal(nonce, found[1].GetProperty("subject").GetString());
        Assert.True(Asking.IsAlive(stray));
        var mended = (await village.RunAsync("doctor", "--fix", "--json")).Succeed().Json().GetProperty("findings").EnumerateArray();
        Assert.All(mended, row => Assert.True(row.GetProperty("fixed").GetBoolean()));
        Assert.False(Asking.IsAlive(stray));
        await village.IsWellAsync();
    }

    [Fact]
    public async Task A_worker_whose_lease_somebody_deleted_is_ended_with_its_pane()
    {
        await using var village = await TestVillage.UpAsync("touch \"$HOME/working\"; exec sleep 1000");
        var task = await village.WorkingAsync();
        var (pane, worker) = (village.Lease(task)["pane"], village.ProcessOf(task));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(village.State, "locks"), $"{task}.*"))
        {
            File.Delete(file);
        }

        Assert.Equal(["task_without_lease", "stray_pane", "leftover_processes"], await village.KindsAsync());
        Assert.True(Asking.IsAlive(worker));
        (await village.RunAsync("doctor", "--fix")).Succeed();

        Assert.False(Asking.IsAlive(worker));
        Assert.DoesNotContain(pane, village.Tool("tmux", "list-panes", "-a", "-F", "#{pane_id}").Split('\n'));
        Assert.Equal("queued", (await village.StateAsync(task)).State);
        await village.IsWellAsync();
    }

    [Fact]
    public async Task A_session_of_another_repository_under_our_name_is_told()
    {
        await using var village = await TestVillage.UpAsync();
        village.Tool("tmux", "set-option", "-t", "=village:", "@village_root_hex", Convert.ToHexString("/elsewhere"u8));

        await village.IsToldAsync("foreign_session", "the tmux session 'village' belongs to '/elsewhere'", "error");
    }
}
