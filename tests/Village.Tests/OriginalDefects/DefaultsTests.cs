using Village.Tests.Testing;

namespace Village.Tests.OriginalDefects;

/// <summary>Wrong defaults and missing behaviour of the original. B1 to B10.</summary>
public sealed class DefaultsTests
{
    /// <summary>A yes-or-no setting that nobody had set was no, whatever the documents said: no rollback, no dashboard.</summary>
    [Fact]
    public async Task B01_what_is_not_set_has_its_documented_default()
    {
        await using var village = await TestVillage.UpAsync("echo lost > lost.txt; exit 1");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        Assert.Equal("lost", village.Git("show", $"{(await village.StateAsync(task)).Trash}:lost.txt"));
        Assert.False(File.Exists(Path.Combine(village.Workspace(task), "lost.txt")));
        (await village.RunAsync("dashboard")).Succeed();
    }

    /// <summary>Keys of its own documents were read under other names, or not at all.</summary>
    [Fact]
    public async Task B02_documented_keys_are_read()
    {
        await using var village = TestVillage.Create();
        village.Configure("MAX_WORKERS=4\nSESSION=elsewhere\nWORKTREES_DIR=spaces\nSCM=git", Scripts.Waits);
        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("hanging");

        var summary = (await village.RunAsync("status", "--json")).Json().GetProperty("summary");
        Assert.Equal((4, "elsewhere"), (summary.GetProperty("max_workers").GetInt32(), Asking.Text(summary, "tmux_session")));
        Assert.Equal(Path.Combine(village.Root, "spaces", task), village.Note("hanging")!.Trim());
    }

    /// <summary>A percent sign, a line before the first section or a word for a number ended every command in a stack trace.</summary>
    [Theory]
    [InlineData("[DEFAULT]\nCHECK=date +%H:%M %(x)s\n", 0)]
    [InlineData("MAX_WORKERS=3\n[agent.a]\ncommand=true\n", 0)]
    [InlineData("[dashboard]\nrefresh_interval_seconds=soon\n", 1)]
    [InlineData("[DEFAULT\n", 1)]
    public async Task B03_a_mistake_in_the_configuration_is_one_sentence(string config, int exit)
    {
        await using var village = await TestVillage.UpAsync();
        File.WriteAllText(Path.Combine(village.State, "config"), config);

        var result = (await village.RunAsync("status")).ExitsWith(exit);

        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Equal(exit is not 0, result.Error.Contains(".village/config:", StringComparison.Ordinal));
    }

    /// <summary><c>up</c> made no configuration and <c>ready</c> wanted one: its advice was <c>up</c>, for ever.</summary>
    [Fact]
    public async Task B04_after_up_ready_does_not_ask_for_up()
    {
        await using var village = TestVillage.Create();
        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        await village.AddAsync("One");

        Assert.True(File.Exists(Path.Combine(village.State, "config")));
        Assert.DoesNotContain("village up", (await village.RunAsync("ready")).Succeed().Out, StringComparison.Ordinal);
    }

    /// <summary>Its own files made the repository dirty, and in a dirty repository it started nothing.</summary>
    [Fact]
    public async Task B05_up_leaves_the_repository_clean_and_a_dirty_one_starts_workers()
    {
        await using var village = await TestVillage.UpAsync(Scripts.Works);
        Assert.Equal("", village.Git("status", "--porcelain"));
        File.WriteAllText(Path.Combine(village.Root, "README"), "changed\n");
        File.WriteAllText(Path.Combine(village.Root, "new.txt"), "new\n");
        var task = await village.AddAsync("One");

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal("completed", (await village.StateAsync(task)).State);
        Assert.Equal("M README\n?? new.txt", village.Git("status", "--porcelain").Trim());
    }

    /// <summary>A <c>resume</c> that failed exited with 0.</summary>
    [Fact]
    public async Task B06_a_resume_that_fails_has_another_exit_code()
    {
        await using var village = await TestVillage.UpAsync(Scripts.Works);
        var task = await village.AddAsync("One");
        Directory.CreateDirectory(village.Workspace(task));
        File.WriteAllText(Path.Combine(village.Workspace(task), "mine.txt"), "mine");

        Assert.NotEqual(0, (await village.RunAsync("resume", task, "--detached")).Exit);
        Assert.NotEqual(0, (await village.RunAsync("resume", "bd-unknown")).Exit);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(village.Workspace(task), "mine.txt")));
    }

    /// <summary>A dry run made the worktree and its branch, and logged a start.</summary>
    [Fact]
    public async Task B07_a_dry_run_makes_nothing()
    {
        await using var village = await TestVillage.UpAsync(Scripts.Works);
        var task = await village.AddAsync("One");
        var before = village.Fingerprint();

        (await village.RunAsync("resume", task, "--dry-run")).Succeed();

        Assert.Equal(before, village.Fingerprint());
    }

    /// <summary>Without a stale lock its cleanup removed nothing, and it never listed a workspace at all.</summary>
    [Fact]
    public async Task B08_cleanup_removes_workspaces_also_when_no_lock_is_stale()
    {
        await using var village = await TestVillage.UpAsync(Scripts.Works);
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Contains(task, (await village.RunAsync("cleanup", "--apply", "--plan")).Succeed().Out, StringComparison.Ordinal);
        (await village.RunAsync("cleanup", "--apply")).Succeed();

        Assert.False(Directory.Exists(village.Workspace(task)));
    }

    /// <summary>One dirty workspace ended its cleanup half way, in a stack trace.</summary>
    [Fact]
    public async Task B09_a_dirty_workspace_does_not_stop_the_cleanup_of_the_others()
    {
        await using var village = await TestVillage.UpAsync(Scripts.Works, "MAX_WORKERS=3");
        List<string> tasks = [];
        for (var n = 0; n < 3; n++)
        {
            tasks.Add(await village.AddAsync($"Task {n}"));
        }

        (await village.RunAsync("queue", "--drain")).Succeed();
        tasks.Sort(StringComparer.Ordinal);
        File.WriteAllText(Path.Combine(village.Workspace(tasks[1]), "unsaved.txt"), "an hour of work");

        var report = (await village.RunAsync("cleanup", "--apply")).ExitsWith(4);

        Assert.DoesNotContain("   at ", report.Transcript, StringComparison.Ordinal);
        Assert.Equal([false, true, false], tasks.Select(task => Directory.Exists(village.Workspace(task))));
        Assert.Equal("an hour of work", File.ReadAllText(Path.Combine(village.Workspace(tasks[1]), "unsaved.txt")));
    }

    /// <summary>A lock that did not parse was invisible, and nothing could remove it.</summary>
    [Theory]
    [InlineData("unlock", "bd-torn", "--force")]
    [InlineData("cleanup")]
    public async Task B10_a_corrupt_lock_is_shown_and_can_be_removed(params string[] words)
    {
        await using var village = await TestVillage.UpAsync();
        File.WriteAllText(village.LockPath("bd-torn"), "id=bd-torn\npa");

        Assert.Contains("CORRUPT", (await village.RunAsync("status")).Succeed().Out, StringComparison.Ordinal);
        (await village.RunAsync(words)).Succeed();

        Assert.False(File.Exists(village.LockPath("bd-torn")));
    }
}
