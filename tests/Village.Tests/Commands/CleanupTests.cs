using Village.Tests.Testing;

namespace Village.Tests.Commands;

/// <summary><c>village cleanup</c>: goes only where it is sure, and saves before it takes.</summary>
public sealed class CleanupTests
{
    [Fact]
    public async Task A_plan_changes_nothing_and_applying_it_does_what_it_said()
    {
        await using var village = await TestVillage.UpAsync("touch \"$HOME/hanging\"; sleep 1000", "MAX_WORKERS=1");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("hanging");
        await Asking.KillHardAsync(village.ProcessOf(task));
        var before = village.Fingerprint();

        (await village.RunAsync("cleanup", "--plan", "--json")).Succeed().Transcript.Replace(task, "TASK", StringComparison.Ordinal).ShouldBe("""
            {
              "command": "cleanup",
              "version": 1,
              "remove": [
                {
                  "kind": "lock",
                  "name": "TASK",
                  "reason": "its worker is gone"
                }
              ],
              "keep": []
            }
            """);
        Assert.Equal(before, village.Fingerprint());
        (await village.RunAsync("cleanup", "--json")).Succeed().Transcript.Replace(task, "TASK", StringComparison.Ordinal).ShouldBe("""
            {
              "command": "cleanup",
              "version": 1,
              "removed": [
                {
                  "kind": "lock",
                  "name": "TASK",
                  "reason": "its worker is gone"
                }
              ],
              "kept": [],
              "failed": []
            }
            """);
        Assert.Empty(village.Lease(task));
        Assert.Empty(village.LiveFiles());
        (await village.RunAsync("cleanup")).Transcript.ShouldBe("""
            Nothing to remove
            """);
    }

    [Fact]
    public async Task Only_workspaces_of_completed_tasks_go_and_branches_stay()
    {
        await using var village = await TestVillage.UpAsync("grep -q 'please fail' && exit 1; echo work > work.txt");
        var (good, bad) = (await village.AddAsync("please work"), await village.AddAsync("please fail"));
        (await village.RunAsync("queue", "--drain")).ExitsWith(4);
        Directory.CreateDirectory(Path.Combine(village.Root, ".worktrees", "not a task"));
        (await village.RunAsync("cleanup")).Transcript.ShouldBe("""
            Nothing to remove
            """);

        var report = (await village.RunAsync("cleanup", "--apply")).Succeed();

        Assert.Equal(
            [
                $"Keep worktree {bad}: its task failed; `village retry {bad}` goes on there",
                "Keep worktree not a task: it is named after no task",
                $"Removed worktree {good}: its task is completed",
            ],
            report.Out.TrimEnd('\n').Split('\n').Order(StringComparer.Ordinal));
        Assert.False(Directory.Exists(village.Workspace(good)));
        Assert.True(Directory.Exists(village.Workspace(bad)));
        Assert.Equal("work", village.Git("show", $"village/{good}:work.txt"));
        Assert.DoesNotContain(good, village.Git("worktree", "list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dirty_workspace_stays_until_force_saves_it_to_the_trash()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "--drain")).Succeed();
        File.WriteAllText(Path.Combine(village.Workspace(task), "unsaved.txt"), "an hour of work");

        (await village.RunAsync("cleanup", "--apply")).ExitsWith(4).Transcript.Replace(task, "TASK", StringComparison.Ordinal).ShouldBe("""
            Could not remove worktree TASK: it holds 1 uncommitted file; `village cleanup --apply --force` saves them to the trash and removes it
            [exit 4]
            """);
        Assert.Equal("an hour of work", File.ReadAllText(Path.Combine(village.Workspace(task), "unsaved.txt")));

        (await village.RunAsync("cleanup", "--apply", "--force")).Succeed();

        Assert.False(Directory.Exists(village.Workspace(task)));
        var trash = Asking.Text(village.Events().Last(e => Asking.Text(e, "cmd") is "cleanup"), "trash");
        Assert.Equal("an hour of work", village.Git("show", $"{trash}:unsaved.txt"));
    }

    [Fact]
    public async Task A_workspace_with_somebody_in_it_stays()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "--drain")).Succeed();
        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/bin/sleep", "1000") { WorkingDirectory = village.Workspace(task) })!;
        try
        {
            var report = (await village.RunAsync("cleanup", "--apply", "--force")).ExitsWith(4);

            Assert.Equal($"Could not remove worktree {task}: processes are in it: {shell.Id}\n", report.Out);
            Assert.True(Directory.Exists(village.Workspace(task)));
        }
        finally
        {
            shell.Kill();
            await shell.WaitForExitAsync();
        }
    }

    [Fact]
    public async Task Ignored_files_do_not_keep_a_workspace_and_a_completed_task_may_be_retried_after_it_went()
    {
        await using var village = await TestVillage.UpAsync("echo $VILLAGE_ATTEMPT >> work.txt; echo x > .env");
        File.WriteAllText(Path.Combine(village.Root, ".gitignore"), ".env\n");
        village.Git("add", ".gitignore");
        village.Git("commit", "-qm", "ignore");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "--drain")).Succeed();

        (await village.RunAsync("cleanup", "--apply")).Succeed();
        (await village.RunAsync("retry", task, "--force")).Succeed();
        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal("1\n2", village.Git("show", $"village/{task}:work.txt"));
    }

    [Fact]
    public async Task A_plan_that_is_overtaken_removes_nothing_that_lives()
    {
        await using var village = await TestVillage.UpAsync("touch \"$HOME/hanging\"; sleep 1000", "MAX_WORKERS=1");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("hanging");

        (await village.RunAsync("cleanup", "--apply", "--force")).Succeed().Transcript.Replace(task, "TASK", StringComparison.Ordinal).ShouldBe("""
            Keep worktree TASK: a worker is in it
            Nothing to remove
            """);
        Assert.Equal("ACTIVE", Asking.Text(await village.LockAsync(task), "status"));
        Assert.True(Asking.IsAlive(village.ProcessOf(task)));
    }

    [Fact, Trait("scm", "git")]
    public async Task Ignored_files_of_a_workspace_that_stands_on_no_commit_stay_where_they_are()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt");
        File.AppendAllText(Path.Combine(village.Root, ".git", "info", "exclude"), ".env\n");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "--drain")).Succeed();
        var secret = Path.Combine(village.Workspace(task), ".env");
        File.WriteAllText(secret, "secret\n");
        village.GitIn(task, "checkout", "-q", "--orphan", "nowhere");
        village.GitIn(task, "rm", "-rfq", ".");

        Assert.Contains("cannot be kept", (await village.RunAsync("cleanup", "--apply", "--force")).ExitsWith(4).Transcript, StringComparison.Ordinal);

        Assert.Equal("secret\n", File.ReadAllText(secret));
    }
}
