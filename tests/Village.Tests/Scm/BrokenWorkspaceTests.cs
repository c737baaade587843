using Village.Tests.Testing;

namespace Village.Tests.Scm;

/// <summary>
/// An agent breaks the <c>.git</c> of its workspace. git called there would walk up into the user's checkout, whose branch, index
/// and files stay as they are; the attempt fails, and what it left stays where it is.
/// </summary>
public sealed class BrokenWorkspaceTests
{
    public static TheoryData<string, string> WaysToBreakIt()
    {
        var data = new TheoryData<string, string>();
        foreach (var way in new[] { "rm .git", ": > .git", "echo junk > .git", "rm .git; git init -q; git add -A; git commit -qm own", "echo 'gitdir: ../../.git' > .git", "rm .git; mkfifo .git" })
        {
            data.Add(way, "0");
            data.Add(way, "1");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(WaysToBreakIt))]
    public async Task The_users_checkout_is_not_taken_for_the_workspace(string way, string exit)
    {
        await using var village = await TestVillage.UpAsync($"echo work > work.txt; {way}; exit {exit}", "MAX_WORKERS=1");
        village.Git("checkout", "-q", "-b", "mine");
        File.WriteAllText(Path.Combine(village.Root, "staged.txt"), "staged\n");
        village.Git("add", "staged.txt");
        File.WriteAllText(Path.Combine(village.Root, "README"), "dirty\n");
        File.WriteAllText(Path.Combine(village.Root, "untracked.txt"), "untracked\n");
        var task = await village.AddAsync("One");
        var before = Mine(village);

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        Assert.Equal(before, Mine(village));
        var story = await village.StateAsync(task);
        Assert.Equal("failed", story.State);
        Assert.Equal(exit is "0" ? "uncommitted" : "agent_exit", story.Reason);
        Assert.Contains("the workspace was left as it is, because it could not be saved", story.Message, StringComparison.Ordinal);
        Assert.Null(story.Trash);
        await village.ShouldHaveEndedLeaseAsync(task);
        Assert.Equal("work\n", File.ReadAllText(Path.Combine(village.Workspace(task), "work.txt")));
    }

    [Theory]
    [InlineData("rm .git")]
    [InlineData(": > .git")]
    [InlineData("echo junk > .git")]
    public async Task What_it_left_is_saved_once_git_has_repaired_the_workspace(string way)
    {
        await using var village = await TestVillage.UpAsync($"[ $VILLAGE_ATTEMPT = 1 ] && {{ echo lost > work.txt; {way}; exit 1; }}; echo found > work.txt", "MAX_WORKERS=1");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        village.Git("worktree", "repair");
        (await village.RunAsync("retry", task)).Succeed();
        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal("found", village.Git("show", $"village/{task}:work.txt"));
        Assert.Equal("lost", village.Git("show", $"refs/village/trash/{task}/1-1:work.txt"));
    }

    [Fact]
    public async Task A_workspace_that_became_a_repository_of_its_own_does_not_stop_the_others()
    {
        await using var village = await TestVillage.UpAsync("rm .git; git init -q; exit 1", "MAX_WORKERS=1");
        village.AddAgent("good", "echo work > work.txt");
        var (bad, good) = (await village.AddAsync("One"), await village.AddAsync("Two", "--label", "agent:good"));

        (await village.RunAsync("queue", "--drain")).ExitsWith(4);

        Assert.Equal(("failed", "completed"), ((await village.StateAsync(bad)).State, (await village.StateAsync(good)).State));
        Assert.True(Directory.Exists(Path.Combine(village.Workspace(bad), ".git")));
    }

    [Fact]
    public async Task The_agents_own_git_does_not_find_the_users_checkout_either()
    {
        await using var village = await TestVillage.UpAsync("echo \"$GIT_CEILING_DIRECTORIES\" > \"$HOME/ceilings\"; rm .git; git add -A; git commit -qam mine && touch \"$HOME/reached\"; exit 1", "MAX_WORKERS=1");
        village.Environment["GIT_CEILING_DIRECTORIES"] = village.Home;
        var task = await village.AddAsync("One");
        File.WriteAllText(Path.Combine(village.Root, "README"), "dirty\n");
        var before = Mine(village);

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        Assert.Equal($"{village.Home}:{village.Root}/.worktrees\n", village.Note("ceilings"));
        Assert.Null(village.Note("reached"));
        Assert.Equal(before, Mine(village));
        Assert.Equal("failed", (await village.StateAsync(task)).State);
    }

    private static string Mine(TestVillage village) => string.Join('\n', village.Git("rev-parse", "--symbolic-full-name", "HEAD"), village.Git("rev-parse", "HEAD"), village.Git("rev-parse", "main"),
        Convert.ToHexString(File.ReadAllBytes(Path.Combine(village.Root, ".git", "index"))), village.Git("diff", "HEAD"), village.Git("ls-files", "--others", "--exclude-standard"),
        village.Git("config", "--local", "--list"));
}
