using Village.Tests.Testing;

namespace Village.Tests.Conflicts;

/// <summary>What was learned at the last look is used, and never where something has changed since.</summary>
public sealed class RepeatedLooksTests
{
    // Everything that could change in a workspace without changing much.
    private static readonly string[] InWorkspace =
    [
        "printf 'ONE\\n' > a",
        "printf 'ONE\\n' > a; touch -d '2001-01-01' a",
        "echo one > dir/new",
        "mkdir -p dir/deep/er; echo one > dir/deep/er/new",
        "echo one > empty/new",
        "echo one > only/new",
        "echo one > ignored/new",
        "rm both",
        "chmod +x both",
        "ln -sfn elsewhere both",
        "mv both dir/both",
        "rm both; mkdir both; echo one > both/x",
        "printf '*.o\\n' > .gitignore",
        "printf '.gitignore\\n' > self/.gitignore",
        "printf 'seen\\n' > dir/.gitignore",
        "echo one > dir/c; git add dir/c; git commit --quiet -m c",
        "git add --all; git commit --quiet -m all",
        "git add --force ignored/x",
        "echo one > dir/s; git add dir/s; rm dir/s",
        "git checkout --quiet --force HEAD -- .",
        "git checkout --quiet --detach HEAD~1",
        "git merge --quiet --no-commit --no-ff side",
        "git update-index --assume-unchanged a; echo one > a",
        "git sparse-checkout set dir",
    ];

    [Fact]
    public async Task A_later_look_tells_of_every_workspace_what_a_first_one_would()
    {
        await using var village = await StartAsync();
        village.Git("branch", "side", "main~2");
        List<(string Task, string Change)> changed = [];
        foreach (var change in InWorkspace)
        {
            var task = await village.WorkspaceAsync();
            Prepare(village, task);
            changed.Add((task, change));
        }

        await SettleAsync(village);
        var before = await RowsAsync(village);
        foreach (var (task, change) in changed)
        {
            var (exit, _, error) = village.TryTool("sh", "-c", $"cd \"$1\" && {change}", "sh", village.Workspace(task));
            Assert.True(exit is 0, $"{change}: {error}");
        }

        var later = await RowsAsync(village);
        village.Environment["XDG_CACHE_HOME"] = Path.Combine(village.Sandbox, "fresh");
        var first = await RowsAsync(village);

        Assert.All(changed, change => Assert.True(first[change.Task] == later[change.Task], $"{change.Change}\n--- first\n{first[change.Task]}\n--- later\n{later[change.Task]}"));

        // The eye of this test: most of these changes are seen in what is told.
        Assert.InRange(changed.Count(change => before[change.Task] != later[change.Task]), 12, changed.Count);
    }

    // What lies outside of the workspaces, and counts for all of them.
    [Theory]
    [InlineData("printf 'seen\\n/.worktrees/\\n/.village/\\n' > .git/info/exclude")]
    [InlineData("mkdir -p \"$HOME/.config/git\"; echo seen > \"$HOME/.config/git/ignore\"")]
    [InlineData("echo seen > \"$HOME/mine\"; git config core.excludesFile \"$HOME/mine\"")]
    [InlineData("git config core.fileMode false")]
    [InlineData("printf 'a merge=union\\n' > .git/info/attributes")]
    public async Task A_later_look_knows_what_git_now_passes_over_and_how_it_merges(string change)
    {
        await using var village = await StartAsync();
        var (one, two) = (await village.WorkspaceAsync(), await village.WorkspaceAsync());
        Prepare(village, one);
        Prepare(village, two);
        village.Tool("sh", "-c", "cd \"$1\" && chmod +x both", "sh", village.Workspace(one));
        village.Write(two, "a", "two\n");
        await SettleAsync(village);
        var before = await village.ConflictsAsync();

        village.Tool("sh", "-c", $"cd \"$1\" && {change}", "sh", village.Root);
        var later = await village.ConflictsAsync();

        village.Environment["XDG_CACHE_HOME"] = Path.Combine(village.Sandbox, "fresh");
        Assert.Equal((await village.ConflictsAsync()).GetRawText(), later.GetRawText());
        Assert.NotEqual(before.GetRawText(), later.GetRawText());
    }

    [Fact]
    public async Task When_nothing_has_changed_no_workspace_is_given_to_git_and_no_merge_is_tried()
    {
        await using var village = await StartAsync();
        var (one, two) = (await village.WorkspaceAsync(), await village.WorkspaceAsync());
        Prepare(village, one);
        village.Write(two, "a", "two\n");

        await SettleAsync(village);

        var again = (await village.RunAsync("conflicts", "-v")).Succeed();
        Assert.DoesNotMatch("\\$ git (add|write-tree|merge-tree|diff-tree|hash-object)", again.Error);

        // And the one that has changed is looked at alone.
        village.Write(two, "a", "2\n");
        var changed = (await village.RunAsync("conflicts", "-v")).Succeed();
        Assert.Equal(1, Count(changed.Error, "$ git add"));
    }

    [Fact]
    public async Task A_first_look_takes_at_most_three_processes_a_workspace()
    {
        await using var village = await StartAsync();
        for (var n = 0; n < 5; n++)
        {
            var task = await village.WorkspaceAsync();
            Prepare(village, task);
            village.Write(task, "a", task);
        }

        var look = (await village.RunAsync("conflicts", "-v")).Succeed();

        Assert.Contains("10 pairs conflict", look.Out, StringComparison.Ordinal);
        // Two of them are not of the workspaces alone: the one that every command begins with, and the list of workspaces.
        Assert.True(Count(look.Error, "$ git ") <= (3 * 5) + 7, look.Error);
    }

    [Theory]
    [InlineData("rm -rf objects/*")]
    [InlineData("find objects -type f -exec sh -c 'chmod u+w \"$1\"; : > \"$1\"' sh {} ';'")]
    [InlineData("for f in work/*/index; do head -c 100 \"$f\" > x; mv x \"$f\"; done; rm -f answers")]
    [InlineData("for f in work/*/seal answers; do head -c 50 \"$f\" > x; mv x \"$f\"; done")]
    [InlineData("touch work/*/index.lock; rm -f work/*/seal answers")]
    [InlineData("rm -rf ./*")]
    public async Task A_broken_cache_costs_time_and_never_an_answer(string damage)
    {
        await using var village = await StartAsync();
        var (one, two) = (await village.WorkspaceAsync(), await village.WorkspaceAsync());
        Prepare(village, one);
        village.Write(one, "a", "one\n");
        village.Write(two, "a", "two\n");
        await SettleAsync(village);
        var expected = (await village.RunAsync("conflicts", "--json")).Succeed().Out;

        village.Tool("sh", "-c", $"cd \"$HOME\"/.cache/village/* && {damage}");
        village.Write(two, "b", "new, so that git must read again\n");
        File.Delete(Path.Combine(village.Workspace(two), "b"));

        Assert.Equal(expected, (await village.RunAsync("conflicts", "--json")).Succeed().Out);
    }

    [Fact]
    public async Task Two_looks_at_once_tell_the_same()
    {
        await using var village = await StartAsync();
        var (one, two) = (await village.WorkspaceAsync(), await village.WorkspaceAsync());
        village.Write(one, "a", "one\n");
        village.Write(two, "a", "two\n");

        var looks = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => village.RunAsync("conflicts", "--json")));

        Assert.Single(looks.Select(look => look.Succeed().Out).Distinct());
        Assert.True(looks[0].Json().GetProperty("has_conflicts").GetBoolean());
    }

    private static async Task<TestVillage> StartAsync()
    {
        var village = await TestVillage.UpAsync();
        village.Commit(("a", "a\n"), ("both", "both\n"), (".gitignore", "*.o\nignored/\n"), ("dir/x", "x\n"));
        village.Commit(("self/y", "y\n"));
        village.Commit(("self/z", "z\n"));
        return village;
    }

    private static void Prepare(TestVillage village, string task)
    {
        village.Write(task, "a", "one\n");
        village.Write(task, "untracked", task);
        village.Write(task, "only/x.o", "ignored\n");
        village.Write(task, "ignored/x", task);
        village.Write(task, "dir/seen", task);
        village.Write(task, "self/.gitignore", ".gitignore\nhidden\n");
        village.Write(task, "self/hidden", task);
        Directory.CreateDirectory(Path.Combine(village.Workspace(task), "empty"));
    }

    // What was written a moment ago could be written again without a trace, so it is looked at once more.
    private static Task SettleAsync(TestVillage village) => TestVillage.EventuallyAsync(
        async () => !(await village.RunAsync("conflicts", "-v")).Succeed().Error.Contains("$ git add", StringComparison.Ordinal), "a look needs no git in any workspace");

    // What is told of each task: its changes, and its pairs.
    private static async Task<IReadOnlyDictionary<string, string>> RowsAsync(TestVillage village)
    {
        var json = await village.ConflictsAsync();
        var pairs = json.GetProperty("pairs").EnumerateArray().Select(pair => pair.GetRawText()).ToList();
        return json.GetProperty("workspaces").EnumerateArray().ToDictionary(
            row => row.GetProperty("task").GetString()!,
            row => row.GetRawText() + string.Concat(pairs.Where(pair => pair.Contains($"\"{row.GetProperty("task").GetString()}\"", StringComparison.Ordinal))));
    }

    private static int Count(string text, string what) => text.Split(what).Length - 1;
}
