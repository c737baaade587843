using Village.Tests.Testing;

namespace Village.Tests.Journeys;

/// <summary>Work that builds on other work before anything has landed.</summary>
public sealed class DependencyTests
{
    [Fact]
    public async Task The_tip_of_a_diamond_starts_from_both_of_its_sides()
    {
        await using var village = await TestVillage.UpAsync("ls > \"$HOME/saw-$VILLAGE_TASK\"; echo work > \"$VILLAGE_TASK.txt\"", "MAX_WORKERS=2");
        var root = await village.AddAsync("Root");
        var left = await village.AddAsync("Left", "--depends-on", root);
        var right = await village.AddAsync("Right", "--depends-on", root);
        var tip = await village.AddAsync("Tip", "--depends-on", left, right);

        (await village.RunAsync("queue", "--drain")).Succeed();

        string[] Saw(string task) => [.. village.Note($"saw-{task}")!.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
        Assert.Equal(["README"], Saw(root));
        Assert.Equal(new[] { "README", $"{root}.txt" }.Order(StringComparer.Ordinal), Saw(left));
        Assert.Equal(new[] { "README", $"{root}.txt", $"{left}.txt", $"{right}.txt" }.Order(StringComparer.Ordinal), Saw(tip));
        var pinned = village.Git("rev-parse", $"refs/village/base/{tip}");
        Assert.Equal(pinned, village.Git("rev-parse", $"village/{tip}~1"));
        Assert.Equal(
            new[] { village.Git("rev-parse", $"village/{left}"), village.Git("rev-parse", $"village/{right}") }.Order(StringComparer.Ordinal),
            village.Git("show", "-s", "--format=%P", pinned).Split(' ').Order(StringComparer.Ordinal));
        Assert.Equal("1 file changed", (await village.StateAsync(tip)).Message);
    }

    [Fact]
    public async Task What_does_not_merge_is_skipped_with_the_files_and_leaves_nothing_behind()
    {
        await using var village = await TestVillage.UpAsync("echo \"$VILLAGE_TASK\" > same.txt", "MAX_WORKERS=2");
        var (a, b) = (await village.AddAsync("A"), await village.AddAsync("B"));
        (await village.RunAsync("queue", "--drain")).Succeed();
        var task = await village.AddAsync("Both", "--depends-on", a, b);
        var refs = village.Git("for-each-ref");

        var report = (await village.RunAsync("queue", "1", "--json")).ExitsWith(3).Json();

        var row = report.GetProperty("blocked_tasks").EnumerateArray().Single(r => Asking.Text(r, "task") == task);
        Assert.Equal(("dependency_merge", "what it depends on does not merge: same.txt"), (Asking.Text(row, "skip_reason"), Asking.Text(row, "message")));
        Assert.Equal(refs, village.Git("for-each-ref"));
        Assert.False(Directory.Exists(village.Workspace(task)));
        Assert.Empty(village.Lease(task));
        Assert.Equal("", (await village.StateAsync(task)).Path);
        var plan = (await village.RunAsync("queue", "--plan", "--json")).Succeed().Json();
        Assert.Equal("dependency_merge", Asking.Text(plan.GetProperty("blocked_tasks").EnumerateArray().Single(r => Asking.Text(r, "task") == task), "skip_reason"));
        (await village.RunAsync("resume", task)).ExitsWith(3);
        (await village.RunAsync("queue", "--drain")).ExitsWith(3);
    }

    [Fact]
    public async Task What_has_landed_needs_no_merge()
    {
        await using var village = await TestVillage.UpAsync("echo \"$VILLAGE_TASK\" > \"$VILLAGE_TASK.txt\"");
        var first = await village.AddAsync("First");
        (await village.RunAsync("queue", "--drain")).Succeed();
        village.Git("merge", "-q", "--no-ff", "-m", "land", $"village/{first}");
        var second = await village.AddAsync("Second", "--depends-on", first);

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal(village.Git("rev-parse", "main"), village.Git("rev-parse", $"village/{second}~1"));
    }

    [Fact]
    public async Task A_base_branch_that_is_configured_is_where_work_starts()
    {
        await using var village = await TestVillage.UpAsync();
        village.Configure("BASE_BRANCH=develop", "echo work > work.txt");
        var task = await village.AddAsync("One");
        Assert.Contains("there is no branch 'develop'", (await village.RunAsync("up", "--no-dashboard")).ExitsWith(1).Error, StringComparison.Ordinal);
        (await village.RunAsync("queue", "1")).ExitsWith(1).Transcript.ShouldBe("""
            error: BASE_BRANCH: there is no branch 'develop'
            hint: set it in .village/config to one of `git branch`
            [exit 1]
            """);
        village.Git("branch", "develop");
        village.Git("commit", "-q", "--allow-empty", "-m", "main goes on");

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal(village.Git("rev-parse", "develop"), village.Git("rev-parse", $"village/{task}~1"));
    }
}
