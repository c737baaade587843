using Village.Tests.Testing;

namespace Village.Tests.Scm;

/// <summary>Repositories with submodules: what is in an initialised one is in no snapshot, so nothing is taken back or removed over it.</summary>
public sealed class SubmoduleTests
{
    private const string Init = "git -c protocol.file.allow=always submodule --quiet update --init";

    [Fact]
    public async Task A_workspace_may_initialise_them_and_complete()
    {
        await using var village = await WithSubmoduleAsync($"{Init}; cp sub/README copy.txt");
        var task = await village.AddAsync("One");

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal("hello", village.Git("show", $"village/{task}:copy.txt"));
    }

    [Theory]
    [InlineData("echo lost > sub/README", "")]
    [InlineData("echo lost > sub/new.txt", "")]
    [InlineData("echo lost > sub/README", "submodule.sub.ignore all")]
    [InlineData("echo lost > sub/README", "submodule.recurse true")]
    [InlineData("echo lost > sub/README; git -C sub commit -qam own", "")]
    public async Task A_dirty_one_keeps_a_failed_workspace_as_it_is(string dirt, string setting)
    {
        await using var village = await WithSubmoduleAsync($"{Init}; {dirt}; echo changed > README; exit 1");
        if (setting.Split(' ') is [var key, var value])
        {
            village.Git("config", key, value);
        }

        var task = await village.AddAsync("One");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        var story = await village.StateAsync(task);
        Assert.Equal(("failed", "agent_exit", null), (story.State, story.Reason, story.Trash));
        Assert.Contains("the workspace was left as it is, because it could not be saved: its submodule 'sub' holds work", story.Message, StringComparison.Ordinal);
        ShouldHoldAll();
        (await village.RunAsync("retry", task)).Succeed();
        (await village.RunAsync("queue", "1")).ExitsWith(1);
        Assert.Equal("queued", (await village.StateAsync(task)).State);
        ShouldHoldAll();

        void ShouldHoldAll()
        {
            Assert.Equal("changed\n", File.ReadAllText(Path.Combine(village.Workspace(task), "README")));
            Assert.Contains("lost\n", Directory.EnumerateFiles(Path.Combine(village.Workspace(task), "sub")).Select(File.ReadAllText));
        }
    }

    [Fact]
    public async Task Work_left_in_one_is_no_committed_work()
    {
        await using var village = await WithSubmoduleAsync($"{Init}; echo left > sub/README; echo work > work.txt");
        var task = await village.AddAsync("One");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        var story = await village.StateAsync(task);
        Assert.Equal("commit_failed", story.Reason);
        Assert.Contains("the submodule 'sub' holds work that is not committed in it", story.Message, StringComparison.Ordinal);
        Assert.Equal("left\n", File.ReadAllText(Path.Combine(village.Workspace(task), "sub", "README")));
    }

    [Fact]
    public async Task Cleanup_keeps_a_workspace_with_an_initialised_one()
    {
        await using var village = await WithSubmoduleAsync($"{Init}; cd sub; git commit -q --allow-empty -m own; cd ..; git add sub; git commit -qm moved");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "--drain")).Succeed();
        var own = village.Tool("git", "-C", Path.Combine(village.Workspace(task), "sub"), "rev-parse", "HEAD");

        var report = (await village.RunAsync("cleanup", "--apply", "--force")).ExitsWith(4);

        Assert.Contains("submodule", report.Out, StringComparison.Ordinal);
        Assert.Equal(own, village.Tool("git", "-C", Path.Combine(village.Workspace(task), "sub"), "rev-parse", "HEAD"));
    }

    private static async Task<TestVillage> WithSubmoduleAsync(string agent)
    {
        var village = TestVillage.Create();
        var other = Path.Combine(village.Sandbox, "other");
        village.Tool("git", "clone", "-q", village.Root, other);
        village.Git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other, "sub");
        village.Git("commit", "-q", "-m", "a submodule");
        village.Configure("MAX_WORKERS=1", agent);
        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        return village;
    }
}
