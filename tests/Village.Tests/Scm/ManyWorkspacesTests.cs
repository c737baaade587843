using Village.Tests.Testing;

namespace Village.Tests.Scm;

/// <summary>Many at once: workspaces that are made, and looks at those in which agents work.</summary>
public sealed class ManyWorkspacesTests
{
    [Fact]
    public async Task Sixty_four_are_made_at_once_by_eight_commands_without_a_failure_or_a_leaked_branch()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt", "MAX_WORKERS=64");
        var tasks = new List<string>();
        for (var n = 1; n <= 64; n++)
        {
            tasks.Add(await village.AddAsync($"Task {n}"));
        }

        var queues = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => village.RunAsync("queue", "64", "--json")));

        Assert.All(queues, queue => Assert.All(queue.Json().GetProperty("results").EnumerateArray(), row => Assert.True(row.GetProperty("success").GetBoolean(), queue.Transcript)));
        Assert.Equal(
            tasks.Order(StringComparer.Ordinal),
            queues.SelectMany(queue => queue.Json().GetProperty("results").EnumerateArray()).Select(row => Asking.Text(row, "task")!).Order(StringComparer.Ordinal));
        await village.NothingIsLeftRunningAsync();
        Assert.Equal(
            tasks.Select(task => $"village/{task}").Order(StringComparer.Ordinal),
            village.Git("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads/village").Split('\n').Order(StringComparer.Ordinal));
        Assert.All(tasks, task => Assert.Equal("work", village.Git("show", $"village/{task}:work.txt")));
        Assert.Equal(65, village.Git("worktree", "list").Split('\n').Length);
    }

    [Fact]
    public async Task Looking_again_and_again_fails_no_git_of_an_agent()
    {
        await using var village = await TestVillage.UpAsync(
            "for i in $(seq 200); do echo $i > file.$((i % 7)); git add -A || exit 1; git commit -qm \"$i\" || exit 1; done; touch \"$HOME/done\"", "MAX_WORKERS=1");
        var task = await village.AddAsync("One");
        await village.AddAsync("Two");
        (await village.RunAsync("queue", "1")).Succeed();
        var looks = 0;

        while (village.Note("done") is null && village.LoggedState(task) is not "failed")
        {
            foreach (var look in new string[][] { ["status"], ["ready"], ["queue", "--plan"], ["cleanup", "--apply", "--plan"] })
            {
                (await village.RunAsync(look)).Succeed();
                looks++;
            }
        }

        await village.StateBecomesAsync(task, "completed");
        Assert.Equal("200", village.Git("rev-list", "--count", $"main..village/{task}"));
        Assert.True(looks >= 4, "the agent was looked at while it worked");
    }
}
