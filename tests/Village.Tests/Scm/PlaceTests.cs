using Village.Tests.Testing;

namespace Village.Tests.Scm;

/// <summary>Places and branches that are there before the task starts: used again where nothing can be lost, else named and left alone.</summary>
public sealed class PlaceTests
{
    [Fact]
    public async Task A_branch_that_is_there_is_gone_on_with()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt");
        var task = await village.AddAsync("One");
        village.Git("branch", $"village/{task}");
        village.Git("commit", "-q", "--allow-empty", "-m", "later");

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal(village.Git("rev-parse", "main~1"), village.Git("rev-parse", $"village/{task}~1"));
    }

    [Fact]
    public async Task An_empty_directory_is_used()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt");
        var task = await village.AddAsync("One");
        Directory.CreateDirectory(village.Workspace(task));

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal("work", village.Git("show", $"village/{task}:work.txt"));
    }

    [Fact]
    public async Task A_workspace_that_somebody_removed_by_hand_is_made_again()
    {
        await using var village = await TestVillage.UpAsync("echo $VILLAGE_ATTEMPT > work.txt; [ $VILLAGE_ATTEMPT = 2 ]", "MAX_WORKERS=1");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "--drain")).ExitsWith(1);
        Directory.Delete(village.Workspace(task), recursive: true);

        (await village.RunAsync("retry", task)).Succeed();
        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal("2", village.Git("show", $"village/{task}:work.txt"));
        Assert.Equal("1", village.Git("show", $"refs/village/trash/{task}/1-1:work.txt"));
    }

    [Fact]
    public async Task A_place_that_is_locked_for_a_workspace_on_another_disk_is_left_to_it()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt");
        var task = await village.AddAsync("One");
        village.Git("worktree", "add", "-q", "-b", "theirs", village.Workspace(task));
        village.Git("worktree", "lock", village.Workspace(task));
        Directory.Delete(village.Workspace(task), recursive: true);

        var row = (await village.RunAsync("queue", "1", "--json")).ExitsWith(1).Json().GetProperty("results")[0];

        Assert.Contains("is a missing but locked worktree", Asking.Text(row, "error"), StringComparison.Ordinal);
        Assert.Equal("main\ntheirs", village.Git("branch", "--format=%(refname:short)"));
        Assert.Equal("queued", (await village.StateAsync(task)).State);
        village.Git("worktree", "unlock", village.Workspace(task));
        (await village.RunAsync("queue", "--drain", "--force")).Succeed();
        Assert.Equal("work", village.Git("show", $"village/{task}:work.txt"));
    }
}
