using Village.Tests.Testing;

namespace Village.Tests.Scm;

/// <summary>Every shape of repository that git makes: the whole journey works in it, or one sentence says what is missing.</summary>
public sealed class RepositoryTests
{
    [Fact]
    public async Task A_bare_repository_has_its_village_inside()
    {
        await using var village = TestVillage.Create();
        village.BecomesOf(origin => village.Tool("git", "clone", "-q", "--bare", origin, village.Root));

        await village.GoesThroughItAllAsync();

        Assert.Equal("true", village.Git("rev-parse", "--is-bare-repository"));
        (await village.RunInAsync(Path.Combine(village.Root, "objects"), ["status"])).Succeed();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hidden_bare_repository_has_its_village_beside_it(bool hasGitFile)
    {
        await using var village = TestVillage.Create();
        village.BecomesOf(origin => village.Tool("git", "clone", "-q", "--bare", origin, Path.Combine(village.Root, ".bare")));
        File.WriteAllText(Path.Combine(village.Root, ".git"), "gitdir: ./.bare\n");
        village.Git("worktree", "add", "-q", "main");
        File.WriteAllText(Path.Combine(village.Root, "main", "README"), "dirty\n");
        if (hasGitFile)
        {
            await village.GoesThroughItAllAsync();
        }
        else
        {
            File.Delete(Path.Combine(village.Root, ".git"));
            village.Configure("", "echo work > work.txt");
            var main = Path.Combine(village.Root, "main");
            (await village.RunInAsync(main, ["up", "--no-dashboard"])).Succeed();
            var task = (await village.RunInAsync(main, ["task", "add", "One"])).Succeed().Out.Trim();
            (await village.RunInAsync(main, ["queue", "--drain"])).Succeed();
            Assert.Equal("work\n", village.Tool("git", "-C", main, "show", $"village/{task}:work.txt"));
            Assert.Contains(task, (await village.RunInAsync(Path.Combine(village.Root, ".bare"), ["task", "list", "--all"])).Succeed().Out, StringComparison.Ordinal);
            (await village.RunInAsync(main, ["cleanup", "--apply"])).Succeed();
            Assert.False(Directory.Exists(village.Workspace(task)));
        }

        Assert.Equal(" M README\n", village.Tool("git", "-C", Path.Combine(village.Root, "main"), "status", "--porcelain"));
        Assert.Equal("refs/heads/main\n", village.Tool("git", "-C", Path.Combine(village.Root, ".bare"), "symbolic-ref", "HEAD"));
    }

    [Fact]
    public async Task A_checkout_that_is_a_submodule_is_a_repository_like_any_other()
    {
        await using var village = TestVillage.Create("super/sub");
        village.BecomesOf(origin =>
        {
            var super = Path.GetDirectoryName(village.Root)!;
            village.Tool("git", "init", "-q", super);
            village.Tool("git", "-c", "protocol.file.allow=always", "-C", super, "submodule", "--quiet", "add", origin, "sub");
        });

        await village.GoesThroughItAllAsync();

        Assert.Equal("", village.Git("status", "--porcelain"));
        Assert.Equal("A  .gitmodules\nA  sub\n", village.Tool("git", "-C", Path.GetDirectoryName(village.Root)!, "status", "--porcelain"));
    }

    [Fact]
    public async Task A_repository_kept_elsewhere_must_say_where_its_checkout_is()
    {
        await using var village = TestVillage.Create();
        village.BecomesOf(origin => village.Tool("git", "clone", "-q", "--separate-git-dir", Path.Combine(village.Sandbox, "kept"), origin, village.Root));

        (await village.RunAsync("up", "--no-dashboard")).ExitsWith(2).Transcript.ShouldBe("""
            error: the repository in '$SANDBOX/kept' does not say where its main checkout is
            hint: git config core.worktree '$SANDBOX/repo'
            [exit 2]
            """);
        village.Git("config", "core.worktree", village.Root);

        await village.GoesThroughItAllAsync();
    }

    [Fact]
    public async Task The_inside_of_git_is_no_checkout()
    {
        await using var village = TestVillage.Create();

        (await village.RunInAsync(Path.Combine(village.Root, ".git"), ["status"])).ExitsWith(2).Transcript.ShouldBe("""
            error: this is the inside of .git
            hint: run village in a checkout of it
            [exit 2]
            """);
    }

    [Fact]
    public async Task Commits_may_have_long_names()
    {
        await using var village = TestVillage.Create();
        village.BecomesOf(_ =>
        {
            village.Tool("git", "init", "-q", "--initial-branch=main", "--object-format=sha256", village.Root);
            village.Git("commit", "-q", "--allow-empty", "-m", "initial");
        });

        var task = await village.GoesThroughItAllAsync();

        Assert.Equal(64, village.Git("rev-parse", $"village/{task}").Length);
    }

    [Fact]
    public async Task A_detached_head_is_what_work_starts_from()
    {
        await using var village = TestVillage.Create();
        village.Git("commit", "-q", "--allow-empty", "-m", "second");
        village.Git("checkout", "-q", "--detach", "HEAD~1");

        var task = await village.GoesThroughItAllAsync();

        Assert.Equal(village.Git("rev-parse", "main~1"), village.Git("rev-parse", $"village/{task}~1"));
        Assert.Equal("HEAD", village.Git("rev-parse", "--abbrev-ref", "HEAD"));
    }

    [Fact]
    public async Task A_branch_without_a_commit_is_no_hindrance_where_work_starts_from_another()
    {
        await using var village = TestVillage.Create();
        village.Git("checkout", "-q", "--orphan", "unborn");
        (await village.RunAsync("up", "--no-dashboard")).ExitsWith(2);

        var task = await village.GoesThroughItAllAsync("BASE_BRANCH=main");

        Assert.Equal(village.Git("rev-parse", "main"), village.Git("rev-parse", $"village/{task}~1"));
        Assert.Equal("refs/heads/unborn", village.Git("symbolic-ref", "HEAD"));
    }

    [Fact]
    public async Task A_sparse_checkout_makes_sparse_workspaces()
    {
        await using var village = TestVillage.Create();
        foreach (var directory in new[] { "near", "far" })
        {
            Directory.CreateDirectory(Path.Combine(village.Root, directory));
            File.WriteAllText(Path.Combine(village.Root, directory, "file"), "x\n");
        }

        village.Git("add", "--all");
        village.Git("commit", "-q", "-m", "two directories");
        village.Git("sparse-checkout", "set", "near");
        village.Configure("", "ls > \"$HOME/seen\"; echo work > near/work.txt");
        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        var task = await village.AddAsync("One");

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal("README\nnear\n", village.Note("seen"));
        Assert.Equal("far/file\nnear/file\nnear/work.txt", village.Git("ls-tree", "-r", "--name-only", $"village/{task}", "far", "near"));
        Assert.False(Directory.Exists(Path.Combine(village.Root, "far")));
    }
}
