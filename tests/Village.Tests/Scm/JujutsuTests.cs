using Village.Errors;
using Village.Tests.Testing;

namespace Village.Tests.Scm;

/// <summary>What is jj's alone: whatever else the tests of workers and journeys say holds for it too, for they run twice.</summary>
public sealed class JujutsuTests
{
    private const string Works = "echo work > work.txt";

    [Fact]
    public async Task A_plain_repository_of_jjs_has_a_whole_journey()
    {
        await using var village = TestVillage.Create("plain", null);
        Plain(village);
        village.Configure("SCM=jj\nMAX_WORKERS=2\nCHECK=test -f README", "echo \"$VILLAGE_TASK\" > \"$VILLAGE_TASK.txt\"; [ $VILLAGE_ATTEMPT = 1 ] && [ -e \"$HOME/fail\" ] && exit 1; exit 0");
        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        var first = await village.AddAsync("First");
        var second = await village.AddAsync("Second");
        var third = await village.AddAsync("Third", "--depends-on", first, "--depends-on", second);

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal(string.Join('\n', new[] { first, second, third }.Select(task => $"{task}.txt").Order(StringComparer.Ordinal)), Jj(village, "file", "list", "-r", $"village/{third}", "glob:*.txt").TrimEnd());
        Assert.Equal($"{third}: Third", Jj(village, "log", "--no-graph", "-r", $"village/{third}", "-T", "description").TrimEnd());
        File.WriteAllText(Path.Combine(village.Home, "fail"), "");
        var fourth = await village.AddAsync("Fourth");
        (await village.RunAsync("queue", "--drain")).ExitsWith(1);
        Assert.Equal($"refs/village/trash/{fourth}/1-1", (await village.StateAsync(fourth)).Trash);
        (await village.RunAsync("retry", fourth)).Succeed();
        (await village.RunAsync("queue", "--drain")).Succeed();
        (await village.RunAsync("cleanup", "--apply")).Succeed();
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(village.Root, ".worktrees")));
        Assert.Equal("default", Jj(village, "workspace", "list", "-T", "name ++ \"\\n\"").TrimEnd());
        (await village.RunAsync("doctor")).Succeed();
    }

    [Fact]
    public async Task Without_jj_the_sentence_says_so_and_git_is_no_fall_back()
    {
        await using var village = await TestVillage.UpAsync(Works, kind: "jj");
        await village.AddAsync("One");
        village.Environment["PATH"] = $"{Path.Combine(village.Sandbox, "bin")}:/usr/bin:/bin";

        var refused = await village.RunAsync("queue", "1");

        Assert.StartsWith("error: jj binary not found in PATH\nhint: ", refused.ExitsWith(2).Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(village.Root, ".worktrees")));
        Assert.Contains("jj", (await village.RunAsync("doctor")).ExitsWith(1).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repository_that_is_not_jjs_is_refused_with_what_to_type()
    {
        await using var village = TestVillage.Create("repo", "git");
        village.Environment["VILLAGE_SCM"] = "jj";

        (await village.RunAsync("up")).ExitsWith(2).Transcript.ShouldBe("""
            error: SCM is jj, and '$SANDBOX/repo' is no jj repository
            hint: jj git init --colocate, or set SCM=git in .village/config
            [exit 2]
            """);
        village.Environment.Remove("VILLAGE_SCM");
        var plain = Path.Combine(village.Sandbox, "plain");
        Directory.CreateDirectory(plain);
        village.Tool("jj", "git", "init", "--no-colocate", "--quiet", plain);
        (await village.RunInAsync(plain, ["up"])).ExitsWith(2).Transcript.ShouldBe("""
            error: '$SANDBOX/plain' is a jj repository without a git checkout, and SCM is git
            hint: put SCM=jj into .village/config, or set VILLAGE_SCM=jj
            [exit 2]
            """);
    }

    [Fact]
    public async Task An_agent_that_types_git_in_its_workspace_does_not_reach_the_main_checkout()
    {
        await using var village = await TestVillage.UpAsync(
            "echo work > work.txt; git add -A 2> \"$HOME/said\"; git commit -qam stolen; git reset -q --hard; git checkout -q -b stolen; exit 0", kind: "jj");
        File.WriteAllText(Path.Combine(village.Root, "README"), "mine\n");
        File.WriteAllText(Path.Combine(village.Root, "new.txt"), "mine too\n");
        var before = (village.Git("status", "--porcelain", "--branch"), village.Git("for-each-ref", "refs/heads/main", "refs/heads/stolen"), File.ReadAllText(Path.Combine(village.Root, "README")));
        var task = await village.AddAsync("One");

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Contains("not a git repository", village.Note("said"), StringComparison.Ordinal);
        Assert.Equal(before, (village.Git("status", "--porcelain", "--branch"), village.Git("for-each-ref", "refs/heads/main", "refs/heads/stolen"), File.ReadAllText(Path.Combine(village.Root, "README"))));
        Assert.Equal("work", village.Git("show", $"village/{task}:work.txt"));
    }

    [Fact]
    public async Task An_agent_that_throws_jjs_directory_away_fails_and_its_files_stay()
    {
        await using var village = await TestVillage.UpAsync("echo precious > p.txt; rm -rf .jj; exit 0", kind: "jj");
        var task = await village.AddAsync("One");
        var before = Jj(village, "--ignore-working-copy", "log", "--no-graph", "-r", "@", "-T", "commit_id");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        Assert.Equal("failed", (await village.StateAsync(task)).State);
        Assert.Equal("precious\n", File.ReadAllText(Path.Combine(village.Workspace(task), "p.txt")));
        Assert.Equal(before, Jj(village, "--ignore-working-copy", "log", "--no-graph", "-r", "@", "-T", "commit_id"));
        await village.NothingIsLeftRunningAsync();
        await village.ShouldHaveEndedLeaseAsync(task);
    }

    [Fact]
    public async Task A_workspace_whose_commit_was_rewritten_from_elsewhere_loses_no_edit()
    {
        await using var village = await TestVillage.UpAsync(
            "echo seen > seen.txt; jj st --quiet > /dev/null; echo unseen > unseen.txt; touch \"$HOME/ready\"; while [ ! -e \"$HOME/go\" ]; do sleep 0.02; done; exit 1", "MAX_WORKERS=1", kind: "jj");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("ready");

        Jj(village, "restore", "--quiet", "--from", "main", "--into", $"{task}@");
        File.WriteAllText(Path.Combine(village.Home, "go"), "");
        await village.StateBecomesAsync(task, "failed");
        await village.NothingIsLeftRunningAsync();

        var kept = village.Git("for-each-ref", "--format=%(refname)", $"refs/village/trash/{task}").Split('\n');
        Assert.Contains(kept, reference => village.TryTool("git", "show", $"{reference}:unseen.txt") is (0, "unseen\n", _));
        Assert.Contains(kept.Append($"village/{task}"), reference => village.TryTool("git", "show", $"{reference}:seen.txt") is (0, "seen\n", _));
        await village.ShouldHaveEndedLeaseAsync(task);
    }

    // jj sets the files of such a workspace to the new commit: what could not be saved before must stop it.
    [Fact]
    public async Task A_workspace_whose_commit_was_rewritten_is_left_alone_while_git_cannot_save_its_files()
    {
        await using var sandbox = await ScmSandbox.CreateAsync("jj");
        var workspace = await RewrittenAsync(sandbox);
        ScmSandbox.Write(workspace, "README", "edited\n");
        sandbox.InStore("config", "filter.broken.clean", "false");
        sandbox.InStore("config", "filter.broken.required", "true");
        var attributes = Path.Combine(sandbox.Repository.CommonDirectory, "info", "attributes");
        File.WriteAllText(attributes, "README filter=broken\n");

        var refused = await Assert.ThrowsAsync<VillageException>(() => sandbox.Scm.MendAsync(workspace, "bd-1", 1, default));

        Assert.StartsWith("the files of the workspace cannot be saved: `git add ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("README: clean filter 'broken' failed", refused.Message, StringComparison.Ordinal);
        Assert.Equal("edited\n", File.ReadAllText(Path.Combine(workspace, "README")));
        File.Delete(attributes);
        Assert.Equal("edited", sandbox.Show((await sandbox.Scm.MendAsync(workspace, "bd-1", 1, default))!, "README"));
    }

    [Fact]
    public async Task A_nested_repository_without_commits_does_not_keep_such_a_workspace_from_being_saved()
    {
        await using var sandbox = await ScmSandbox.CreateAsync("jj");
        var workspace = await RewrittenAsync(sandbox);
        ScmSandbox.Write(workspace, "new.txt", "new\n");
        sandbox.Tool(workspace, "git", "init", "--quiet", "nested");

        Assert.Equal("new", sandbox.Show((await sandbox.Scm.MendAsync(workspace, "bd-1", 1, default))!, "new.txt"));
    }

    [Fact]
    public async Task The_branch_can_be_published_with_git_alone()
    {
        await using var village = TestVillage.Create("plain", null);
        Plain(village);
        village.Configure("SCM=jj", Works);
        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "--drain")).Succeed();
        var remote = Path.Combine(village.Sandbox, "remote.git");
        village.Tool("git", "init", "--quiet", "--bare", remote);

        // As docs/jj.md has it, for a git that is too old for `jj git push`.
        var store = Jj(village, "git", "root").TrimEnd();
        var commit = Jj(village, "log", "--no-graph", "-r", $"village/{task}", "-T", "commit_id");
        village.Tool("git", $"--git-dir={store}", "push", "--quiet", remote, $"{commit}:refs/heads/village/{task}");

        Assert.Equal("work\n", village.Tool("git", $"--git-dir={remote}", "show", $"village/{task}:work.txt"));
    }

    private static async Task<string> RewrittenAsync(ScmSandbox sandbox)
    {
        var workspace = await sandbox.WorkspaceAsync("bd-1");
        ScmSandbox.Write(workspace, "seen.txt", "seen\n");
        sandbox.Tool(workspace, "jj", "status", "--quiet");
        sandbox.Tool(sandbox.Root, "jj", "restore", "--quiet", "--from", "main", "--into", "bd-1@");
        return workspace;
    }

    private static string Jj(TestVillage village, params string[] args) => village.Tool("jj", args);

    private static void Plain(TestVillage village)
    {
        village.Environment["PATH"] += $":{Path.Combine(SourceRoot.Path, "artifacts", "tools", "jj", "bin")}";
        village.Environment["JJ_USER"] = "Tester";
        village.Environment["JJ_EMAIL"] = "tester@example.com";
        village.Tool("jj", "git", "init", "--no-colocate", "--quiet");
        File.WriteAllText(Path.Combine(village.Root, "README"), "hello\n");
        village.Tool("jj", "commit", "--quiet", "-m", "initial");
    }
}
