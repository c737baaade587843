using Village.Tests.Testing;

namespace Village.Tests.Scm;

/// <summary>Hooks of the repository, in workspaces.</summary>
public sealed class HookTests
{
    [Fact]
    public async Task Making_a_workspace_runs_none()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt");
        Hook(Path.Combine(village.Root, ".git", "hooks", "post-checkout"), "touch \"$HOME/ran\"; exit 1");
        var task = await village.AddAsync("One");

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Null(village.Note("ran"));
        Assert.Equal("work", village.Git("show", $"village/{task}:work.txt"));
    }

    [Fact]
    public async Task One_that_refuses_the_commit_fails_the_attempt_with_its_words()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt", "MAX_WORKERS=1");
        var task = await village.AddAsync("One");
        Hook(Path.Combine(village.Root, ".git", "hooks", "pre-commit"), "[ -f work.txt ] && { echo 'work.txt is not formatted' >&2; exit 1; }; exit 0");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        var story = await village.ShouldHaveFailedAsync(task, "commit_failed", ("work.txt", "work"));
        Assert.Contains("work.txt is not formatted", story.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_relative_directory_of_hooks_is_the_workspaces_own()
    {
        await using var village = TestVillage.Create();
        Hook(Path.Combine(village.Root, "hooks", "pre-commit"), "touch \"$HOME/checked\"");
        village.Git("config", "core.hooksPath", "hooks");
        village.Git("add", "--all");
        village.Git("commit", "-q", "-m", "hooks");
        File.Delete(Path.Combine(village.Home, "checked"));
        village.Configure("", "echo work > work.txt");
        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        await village.AddAsync("One");

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.NotNull(village.Note("checked"));
    }

    private static void Hook(string path, string script)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
