using Village.Tests.Testing;

namespace Village.Tests.Scm;

/// <summary>Names of branches: another prefix, and what stands in the way of one.</summary>
public sealed class BranchNameTests
{
    [Theory]
    [InlineData("ai-")]
    [InlineData("agents/v1/")]
    public async Task Branches_of_tasks_may_begin_otherwise(string prefix)
    {
        await using var village = TestVillage.Create();
        village.Git("branch", "village");

        var task = await village.GoesThroughItAllAsync($"BRANCH_PREFIX={prefix}", prefix);

        Assert.Equal($"{prefix}{task}\nmain\nvillage", string.Join('\n', village.Git("branch", "--format=%(refname:short)").Split('\n').Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task A_contract_names_branches_as_they_are()
    {
        await using var village = await TestVillage.UpAsync("echo work > \"$VILLAGE_TASK\"", "BRANCH_PREFIX=ai-\nMAX_WORKERS=1");
        var first = await village.AddAsync("One");
        var second = await village.AddAsync("Two", "--depends-on", first);

        (await village.RunAsync("queue", "--drain")).Succeed();

        var contract = File.ReadAllText(Path.Combine(village.State, "contracts", second, "1.md"));
        Assert.Contains($"- {first}: One (its work is on branch `ai-{first}`, and in your workspace)", contract, StringComparison.Ordinal);
        Assert.Contains($"- Branch: `ai-{second}`.", contract, StringComparison.Ordinal);
        Assert.Equal("work", village.Git("show", $"ai-{second}:{first}"));
    }

    [Fact]
    public async Task A_branch_named_village_is_in_the_way_and_the_setting_is_named()
    {
        await using var village = TestVillage.Create();
        village.Git("branch", "village");
        const string Refusal = """
            error: the branch 'village' keeps the branches of tasks, village/…, from being made
            hint: give them another beginning: put BRANCH_PREFIX=<prefix> under [DEFAULT] in $SANDBOX/repo/.village/config
            [exit 2]
            """;

        (await village.RunAsync("up", "--no-dashboard")).Transcript.ShouldBe(Refusal);

        Assert.False(Directory.Exists(village.State));
        village.Git("branch", "-m", "village", "aside");
        village.Configure("", "echo work > work.txt");
        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        var task = await village.AddAsync("One");
        village.Git("branch", "-m", "aside", "village");
        (await village.RunAsync("queue", "1")).Transcript.ShouldBe(Refusal);
        (await village.RunAsync("resume", task)).Transcript.ShouldBe(Refusal);
        Assert.Equal("queued", (await village.StateAsync(task)).State);
        Assert.Equal("main\nvillage", village.Git("branch", "--format=%(refname:short)"));
    }

    [Theory]
    [InlineData("BRANCH", "branch 'village/TASK' differs from 'village/task' only in case; rename it: git branch -m 'village/TASK' <name>")]
    [InlineData("BELOW", "branch 'village/task/below' keeps 'village/task' from being made; rename it: git branch -m 'village/task/below' <name>")]
    [InlineData("DIRECTORY", "'$SANDBOX/repo/.worktrees/TASK' differs from the workspace's name only in case; move it away")]
    public async Task What_would_be_the_same_name_on_another_machine_is_refused(string clash, string sentence)
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt");
        var task = await village.AddAsync("One");
        var upper = task.ToUpperInvariant();
        switch (clash)
        {
            case "BRANCH": village.Git("branch", $"village/{upper}"); break;
            case "BELOW": village.Git("branch", $"village/{task}/below"); break;
            default: Directory.CreateDirectory(Path.Combine(village.Root, ".worktrees", upper)); break;
        }

        var row = (await village.RunAsync("queue", "1", "--json")).ExitsWith(1).Json().GetProperty("results")[0];

        Assert.Equal(
            ("workspace", sentence.Replace("TASK", upper, StringComparison.Ordinal).Replace("task'", $"{task}'", StringComparison.Ordinal).Replace("task/", $"{task}/", StringComparison.Ordinal)),
            (Asking.Text(row, "reason"), Asking.Text(row, "error")));
        Assert.Equal("claimed queued", (await village.StateAsync(task)).Path);
        Assert.False(Directory.Exists(village.Workspace(task)));
        Assert.Equal("", village.Git("branch", "--list", $"village/{task}"));
    }
}
