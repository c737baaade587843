using Village.Tests.Testing;

namespace Village.Tests.Workers;

/// <summary>What an agent is told of the tasks that its own builds on.</summary>
public sealed class FoundationTests
{
    [Fact]
    public async Task It_is_told_their_branches_commits_and_files_and_never_a_branch_that_is_gone()
    {
        await using var village = await TestVillage.UpAsync("cat > \"$HOME/$VILLAGE_TASK\"; echo work > \"$VILLAGE_TASK.txt\"");
        var first = await village.AddAsync("One");
        var second = await village.AddAsync("Two", "--depends-on", first);
        var third = await village.AddAsync("Three", "--depends-on", first);
        string Line(string standing, string files = "") =>
            $"\n## Builds on\n\n- {first}: One ({standing})\n{files}\n## Where to work\n";
        Assert.Contains(Line("not done yet"), (await village.RunAsync("contract", second)).Succeed().Out, StringComparison.Ordinal);
        (await village.RunAsync("task", "edit", third, "--defer", "2999-01-01")).Succeed();

        (await village.RunAsync("queue", "--drain")).Succeed();

        var commit = (await village.StateAsync(first)).Commit!;
        var files = $"  - Last commit: `{commit[..10]}`\n  - Changed: `{first}.txt`\n";
        Assert.Contains(Line($"its work is on branch `village/{first}`, and in your workspace", files), village.Note(second), StringComparison.Ordinal);
        Assert.Contains(Line($"its work is on branch `village/{first}`, and in your workspace", files), (await village.RunAsync("contract", third)).Succeed().Out, StringComparison.Ordinal);

        // Landed, and its branch removed.
        village.Git("merge", "-q", "--no-ff", "--no-edit", $"village/{second}");
        (await village.RunAsync("cleanup", "--apply")).Succeed();
        Assert.Contains(Line("its work is in your workspace", files), (await village.RunAsync("contract", third)).Succeed().Out, StringComparison.Ordinal);
    }
}
