using Village.Tests.Testing;

namespace Village.Tests.Scm;

/// <summary>Repositories whose large files Git LFS keeps, with the real one.</summary>
public sealed class LargeFileTests
{
    [Fact]
    public async Task A_workspace_holds_the_files_and_the_branch_their_pointers()
    {
        await using var village = await WithLargeFilesAsync("cp big.bin \"$HOME/seen\"; echo more >> big.bin");
        var task = await village.AddAsync("One");

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal("large\n", village.Note("seen"));
        Assert.StartsWith("version https://git-lfs.github.com/spec/v1\n", village.Git("show", $"village/{task}:big.bin"), StringComparison.Ordinal);
        Assert.Equal("large\nmore\n", File.ReadAllText(Path.Combine(village.Workspace(task), "big.bin")));
        Assert.Equal("", village.GitIn(task, "status", "--porcelain"));
    }

    [Fact]
    public async Task Without_git_lfs_the_set_up_fails_with_what_to_install_and_goes_on_where_it_stopped()
    {
        await using var village = await WithLargeFilesAsync("cat big.bin > copy.txt");
        var task = await village.AddAsync("One");
        var path = village.Environment["PATH"];
        village.Environment["PATH"] = PathWithout(village, "git-lfs");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        var story = await village.StateAsync(task);
        Assert.Equal(("setup_failed", "files of the repository are kept by Git LFS, and git-lfs is not installed or not on PATH; install it, for example: sudo apt-get install git-lfs"), (story.Reason, story.Message));
        Assert.Equal($"village/{task}", village.Git("branch", "--list", "village/*", "--format=%(refname:short)"));
        Assert.True(Directory.Exists(village.Workspace(task)), "the branch belongs to a workspace");
        village.Environment["PATH"] = path;
        (await village.RunAsync("retry", task)).Succeed();
        (await village.RunAsync("queue", "--drain")).Succeed();
        Assert.Equal("large", village.Git("show", $"village/{task}:copy.txt"));
    }

    // The same programs by links, but for one.
    private static string PathWithout(TestVillage village, string program)
    {
        var directory = Directory.CreateDirectory(Path.Combine(village.Sandbox, "tools")).FullName;
        foreach (var file in new[] { "/usr/bin", "/bin", "/usr/local/bin" }.SelectMany(Directory.EnumerateFiles).Where(file => Path.GetFileName(file) != program).DistinctBy(Path.GetFileName))
        {
            File.CreateSymbolicLink(Path.Combine(directory, Path.GetFileName(file)), file);
        }

        return $"{Path.Combine(village.Sandbox, "bin")}:{directory}";
    }

    private static async Task<TestVillage> WithLargeFilesAsync(string agent)
    {
        var village = TestVillage.Create();
        village.Git("lfs", "install");
        village.Git("lfs", "track", "*.bin");
        File.WriteAllText(Path.Combine(village.Root, "big.bin"), "large\n");
        village.Git("add", "--all");
        village.Git("commit", "-q", "-m", "a large file");
        village.Configure("MAX_WORKERS=1", agent);
        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        return village;
    }
}
