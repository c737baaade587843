using Village.Tests.Testing;

namespace Village.Tests.Commands;

/// <summary><c>village changes</c>: what a task has changed, whatever state it is in.</summary>
public sealed class ChangesTests
{
    [Fact]
    public async Task Committed_and_uncommitted_work_is_told_together_and_the_workspace_stays_as_it_is()
    {
        await using var village = await TestVillage.UpAsync($"echo one > one.txt; echo two > 'two \"words\".txt'; {ScmScripts.Save("work")}; rm one.txt; echo changed > README", "COMMIT=off\nROLLBACK_ON_FAILURE=false\nMAX_WORKERS=1");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "--drain")).ExitsWith(1);
        File.WriteAllText(Path.Combine(village.Workspace(task), "new.txt"), "new\n");
        var before = village.Fingerprint();

        var told = await village.RunAsync("changes", task, "-v");

        Assert.Equal("M README\nA new.txt\nA two \"words\".txt\n", told.Succeed().Out);
        if (!TestVillage.UsesJujutsu)
        {
            Assert.Equal(2, told.Error.Split('\n').Count(line => line.StartsWith("$ git diff", StringComparison.Ordinal) || line.StartsWith("$ git ls-files", StringComparison.Ordinal)));
            Assert.Equal(3, told.Error.Split('\n').Count(line => line.StartsWith("$ git ", StringComparison.Ordinal)));
        }

        Assert.Equal(before, village.Fingerprint());
    }

    [Fact]
    public async Task Without_a_lease_it_is_what_the_base_branch_does_not_have()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt", "MAX_WORKERS=1");
        var task = await village.AddAsync("One");
        Assert.Contains("has no workspace", (await village.RunAsync("changes", task)).ExitsWith(1).Error, StringComparison.Ordinal);
        (await village.RunAsync("queue", "--drain")).Succeed();
        Assert.Empty(village.Lease(task));

        Assert.Equal("A work.txt\n", (await village.RunAsync("changes", task)).Succeed().Out);
        (await village.RunAsync("changes", "bd-none")).ExitsWith(1);
    }
}
