using Village.Tests.Testing;

namespace Village.Tests.Journeys;

/// <summary>What Village is for, from an empty repository to committed, checked work.</summary>
public sealed class MainJobTests
{
    [Fact]
    public async Task Tasks_with_a_dependency_run_to_committed_and_checked_work()
    {
        await using var village = await TestVillage.UpAsync("""cat > "$VILLAGE_TASK.txt"; pwd > "../../$VILLAGE_TASK.pwd" """, "MAX_WORKERS=2\nCHECK=test -d .");
        var first = await village.AddAsync("First");
        var second = await village.AddAsync("Second", "--depends-on", first);

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal($"{second}: Second\n{first}: First\ninitial\n", village.Tool("git", "log", "--format=%s", $"village/{second}"));
        Assert.Equal("README\n" + string.Join('\n', new[] { $"{first}.txt", $"{second}.txt" }.Order(StringComparer.Ordinal)) + "\n",
            village.Tool("git", "ls-tree", "--name-only", $"village/{second}"));
        Assert.Equal(Path.Combine(village.Root, ".worktrees", first), File.ReadAllText(Path.Combine(village.Root, $"{first}.pwd")).Trim());
        Assert.Equal("closed", (await village.RunAsync("task", "show", second, "--json")).Succeed().Json().GetProperty("task").GetProperty("status").GetString());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(village.State, "locks"), "*.lock"));
        await TestVillage.EventuallyAsync(() => village.Processes().Count <= 1, "only the session's shell is left");
    }
}
