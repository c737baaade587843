using Village.Tests.Testing;

namespace Village.Tests.Journeys;

/// <summary>Odd places: paths with anything in them, callers inside a workspace, two repositories, and the user's own work.</summary>
public sealed class PlacesTests
{
    [Theory]
    [InlineData("with a space")]
    [InlineData("it's \"quoted\"")]
    [InlineData("#{pane_id} #(touch pwned) ##")]
    [InlineData("%H%M 100% $(touch pwned) `x` $HOME")]
    [InlineData("trailing;")]
    [InlineData("ünï🦊 -dash")]
    [InlineData("back\\slash [x]* ?")]
    public async Task The_whole_journey_works_in_a_repository_with_such_a_name(string name)
    {
        await using var village = await TestVillage.UpAsync(
            "pwd > \"$HOME/where\"; echo 'the agent spoke'; village signal working -m here; echo work > work.txt", "CHECK=test -f work.txt", name);
        var task = await village.AddAsync("One");

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal(village.Workspace(task) + "\n", village.Note("where"));
        Assert.Equal("work", village.Git("show", $"village/{task}:work.txt"));
        Assert.Contains("the agent spoke", (await village.RunAsync("logs", task)).Succeed().Out, StringComparison.Ordinal);
        Assert.Equal(village.Root, village.Tool("tmux", "list-panes", "-t", "=village:shell", "-F", "#{pane_current_path}").TrimEnd('\n'));
        Assert.Equal("", village.Git("status", "--porcelain"));
        Assert.Empty(Directory.EnumerateFiles(village.Sandbox, "pwned", SearchOption.AllDirectories));
        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        (await village.RunAsync("cleanup", "--apply")).Succeed();
        Assert.False(Directory.Exists(village.Workspace(task)));
        (await village.RunAsync("down")).Succeed();
    }

    [Fact]
    public async Task The_users_checkout_index_branch_and_stash_are_never_touched()
    {
        await using var village = await TestVillage.UpAsync("echo agent > README; echo work > work.txt; [ $VILLAGE_ATTEMPT = 1 ] && exit 1; exit 0");
        village.Git("checkout", "-q", "-b", "mine");
        File.WriteAllText(Path.Combine(village.Root, "README"), "stashed\n");
        village.Git("stash", "-q");
        File.WriteAllText(Path.Combine(village.Root, "staged.txt"), "staged\n");
        village.Git("add", "staged.txt");
        File.WriteAllText(Path.Combine(village.Root, "README"), "dirty\n");
        File.WriteAllText(Path.Combine(village.Root, "untracked.txt"), "untracked\n");
        var before = Mine(village);
        var index = File.ReadAllBytes(Path.Combine(village.Root, ".git", "index"));
        var task = await village.AddAsync("One");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);
        (await village.RunAsync("retry", task)).Succeed();
        (await village.RunAsync("queue", "--drain")).Succeed();
        (await village.RunAsync("cleanup", "--apply")).Succeed();
        (await village.RunAsync("down")).Succeed();

        Assert.Equal(index, File.ReadAllBytes(Path.Combine(village.Root, ".git", "index")));
        Assert.Equal(before, Mine(village));
        Assert.Equal(village.Git("rev-parse", "mine"), village.Git("rev-parse", $"village/{task}~1"));
        static string Mine(TestVillage village) => string.Join('\n', village.Git("status", "--porcelain", "--branch"), village.Git("stash", "list"), village.Git("log", "--format=%H", "mine"),
            village.Git("log", "--format=%H", "main"), village.Git("diff"), village.Git("diff", "--cached"), File.ReadAllText(Path.Combine(village.Root, "untracked.txt")),
            village.Git("config", "--local", "--list"));
    }

    [Fact]
    public async Task Called_from_inside_a_workspace_or_a_subdirectory_it_is_the_same_village()
    {
        await using var village = await TestVillage.UpAsync("mkdir -p sub/dir; cd sub/dir; village task add 'Found on the way' > \"$HOME/new\"; village status --json > \"$HOME/status\"; echo work > work.txt", "MAX_WORKERS=1");
        var task = await village.AddAsync("One");

        (await village.RunAsync("queue", "1")).Succeed();
        await village.StateBecomesAsync(task, "completed");
        await village.NothingIsLeftRunningAsync();

        Assert.Equal("queued", (await village.RunInAsync(Path.Combine(village.Workspace(task), "sub"), ["state", village.Note("new")!.Trim(), "--json"])).Succeed().Json().GetProperty("current_state").GetString());
        Assert.Contains(task, village.Note("status"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(village.Workspace(task), ".village")));
        Directory.CreateDirectory(Path.Combine(village.Root, "deep", "er"));
        var from = await village.RunInAsync(Path.Combine(village.Root, "deep", "er"), ["task", "list", "--all"]);
        Assert.Equal((await village.RunAsync("task", "list", "--all")).Out, from.Succeed().Out);
    }

    [Fact]
    public async Task A_call_from_inside_git_hooks_sees_the_village_around_it()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt");
        var task = await village.AddAsync("One");
        foreach (var (name, value) in new[] { ("GIT_DIR", "/nonexistent"), ("GIT_WORK_TREE", "/"), ("GIT_INDEX_FILE", "/nonexistent/index") })
        {
            village.Environment[name] = value;
        }

        var drained = await village.RunAsync("queue", "--drain");

        drained.Succeed();
        Assert.Equal("completed", (await village.StateAsync(task)).State);
    }

    [Fact]
    public async Task Two_repositories_with_one_session_name_are_kept_apart()
    {
        await using var village = await TestVillage.UpAsync();
        var other = Path.Combine(village.Sandbox, "other");
        village.Tool("git", "clone", "-q", village.Root, other);
        village.MakeJujutsu(other);

        var refused = await village.RunInAsync(other, ["up"]);

        refused.ExitsWith(2).Transcript.ShouldBe("""
            error: the tmux session 'village' belongs to '$SANDBOX/repo'
            hint: give this repository its own: put SESSION=<name> under [DEFAULT] in $SANDBOX/other/.village/config
            [exit 2]
            """);
        Directory.CreateDirectory(Path.Combine(other, ".village"));
        File.WriteAllText(Path.Combine(other, ".village", "config"), "[DEFAULT]\nSESSION=village-2\n");
        (await village.RunInAsync(other, ["up", "--no-dashboard"])).Succeed();
        (await village.RunInAsync(other, ["down"])).Succeed();
        Assert.Equal("village", village.Tool("tmux", "list-sessions", "-F", "#{session_name}").Trim());
    }

    [Fact]
    public async Task A_session_that_somebody_else_made_is_not_taken()
    {
        await using var village = TestVillage.Create();
        village.Tool("tmux", "new-session", "-d", "-s", "village");

        (await village.RunAsync("up")).ExitsWith(2);

        Assert.Single(village.Tool("tmux", "list-windows", "-t", "=village:").Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.False(Directory.Exists(village.State));
    }

    [Fact]
    public async Task A_workspace_that_is_in_the_way_is_named_and_left_alone()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt");
        var task = await village.AddAsync("One");
        Directory.CreateDirectory(village.Workspace(task));
        File.WriteAllText(Path.Combine(village.Workspace(task), "precious"), "mine");

        var report = (await village.RunAsync("queue", "1", "--json")).ExitsWith(1).Json();

        Assert.Equal("workspace", Asking.Text(report.GetProperty("results")[0], "reason"));
        Assert.Equal("mine", File.ReadAllText(Path.Combine(village.Workspace(task), "precious")));
        Assert.Equal("claimed queued", (await village.StateAsync(task)).Path);
        Assert.Equal("", village.Git("branch", "--list", "village/*"));
    }

    [Fact, Trait("scm", "git")]
    public async Task A_branch_that_is_checked_out_elsewhere_is_named_and_left_alone()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt");
        var task = await village.AddAsync("One");
        village.Git("worktree", "add", "-q", "-b", $"village/{task}", Path.Combine(village.Sandbox, "elsewhere"));

        var report = (await village.RunAsync("queue", "1", "--json")).ExitsWith(1).Json();

        Assert.Equal($"branch village/{task} is checked out in '$SANDBOX/elsewhere'", Asking.Text(report.GetProperty("results")[0], "error"));
        Assert.False(Directory.Exists(village.Workspace(task)));
    }
}
