using Village.Tests.Testing;

namespace Village.Tests.Conflicts;

/// <summary><c>village conflicts</c>: what is said, of whom, and that nothing is touched by looking.</summary>
public sealed class ConflictsTests
{
    private static readonly string Lines = string.Concat(Enumerable.Range(1, 30).Select(n => $"{n}\n"));

    [Fact]
    public async Task Work_of_every_kind_is_compared_and_nothing_is_touched()
    {
        await using var village = await TestVillage.UpAsync();
        village.Commit(("num", Lines), ("src/a", "a\n"));
        var (one, two, far) = (await village.WorkspaceAsync(), await village.WorkspaceAsync(), await village.WorkspaceAsync());
        village.Write(one, "num", Lines.Replace("\n5\n", "\nfive\n", StringComparison.Ordinal));
        village.Write(one, "new.txt", "one\n");
        village.Write(two, "num", Lines.Replace("\n5\n", "\nFIVE\n", StringComparison.Ordinal));
        village.GitIn(two, "commit", "--quiet", "--all", "-m", "work");
        village.Write(two, "new.txt", "two\n");
        village.GitIn(two, "add", "new.txt");
        village.Write(far, "num", Lines.Replace("\n25\n", "\nXXV\n", StringComparison.Ordinal));
        var before = village.Everything();

        var text = (await village.RunAsync("conflicts")).Succeed();

        Assert.Equal(before, village.Everything());
        Named(text.Transcript, one, two, far).ShouldBe("""
            TASKS           KIND      FILES
            ONE   , TWO     conflict  new.txt, num
            FAR   , ONE     overlap   num
            FAR   , TWO     overlap   num

            1 pair conflicts, 2 only touch the same files
            """);
        var json = await village.ConflictsAsync();
        Assert.True(json.GetProperty("has_conflicts").GetBoolean());
        Assert.False(json.GetProperty("blocked").GetBoolean());
        var row = json.GetProperty("conflicts").EnumerateArray().Single(row => row.GetProperty("file").GetString() is "num");
        Assert.Equal(new[] { one, two }.Order(), Parallel.Texts(row, "workers"));
        Assert.Equal(before, village.Everything());
    }

    [Fact]
    public async Task With_tasks_only_their_pairs_are_told()
    {
        await using var village = await TestVillage.UpAsync();
        var (one, two, three) = (await village.WorkspaceAsync(), await village.WorkspaceAsync(), await village.WorkspaceAsync());
        foreach (var task in new[] { one, two, three })
        {
            village.Write(task, "README", task);
        }

        Assert.Equal(3, (await village.PairsAsync()).Count);
        Assert.All(await village.PairsAsync(one), pair => Assert.Contains(one, pair.Tasks, StringComparison.Ordinal));
        Assert.Equal(2, (await village.PairsAsync(one)).Count);
        var fresh = await village.AddAsync("fresh");
        var none = (await village.RunAsync("conflicts", fresh)).Succeed();
        Assert.Equal($"warning: {fresh} has no workspace yet, so nothing can be said about it\n", none.Error);
        Assert.Equal("not_found", (await village.RunAsync("conflicts", "bd-nope", "--json")).ExitsWith(1).Json().GetProperty("error").GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Without_two_that_hold_changes_nothing_can_conflict()
    {
        await using var village = await TestVillage.UpAsync();
        const string Nothing = "Nothing can conflict: fewer than two workspaces hold changes";
        Assert.Equal(Nothing, (await village.RunAsync("conflicts")).Succeed().Transcript);
        var one = await village.WorkspaceAsync();
        village.Write(one, "README", "changed\n");
        await village.WorkspaceAsync();
        Assert.Equal(Nothing, (await village.RunAsync("conflicts")).Succeed().Transcript);
        Assert.Equal(["README"], Parallel.Texts((await village.ConflictsAsync()).GetProperty("workspaces").EnumerateArray().Single(row => row.GetProperty("task").GetString() == one), "changed_files"));
    }

    // Between `worktree add --no-checkout` and the checkout a workspace lacks all files, and none of them is deleted.
    [Fact]
    public async Task A_workspace_that_is_not_filled_yet_has_no_work()
    {
        await using var village = await TestVillage.UpAsync();
        var one = await village.WorkspaceAsync();
        village.Write(one, "README", "changed\n");
        var empty = await village.AddAsync("empty");
        village.Git("worktree", "add", "--quiet", "--no-checkout", "-b", $"village/{empty}", village.Workspace(empty), "main");

        Assert.Empty(await village.PairsAsync());
    }

    [Theory]
    [InlineData("merge")]
    [InlineData("rebase")]
    [InlineData("detached")]
    public async Task An_agent_in_the_middle_of_something_is_looked_at_as_it_stands(string what)
    {
        await using var village = await TestVillage.UpAsync();
        var (one, two) = (await village.WorkspaceAsync(), await village.WorkspaceAsync());
        village.Write(one, "README", "one\n");
        village.GitIn(one, "commit", "--quiet", "--all", "-m", "one");
        village.Write(two, "README", "two\n");
        village.GitIn(two, "commit", "--quiet", "--all", "-m", "two");
        string[] words = what is "detached" ? ["checkout", "--quiet", "--detach"] : [what, $"village/{one}"];
        Assert.Equal(what is "detached" ? 0 : 1, village.TryTool("git", ["-C", village.Workspace(two), .. words]).Exit);
        var before = village.Everything();

        var pairs = await village.PairsAsync();

        // A merge contains the other side already; nothing conflicts any more.
        Assert.Equal(what is "detached" ? ["README"] : [], pairs.SelectMany(pair => pair.Conflicts));
        Assert.Equal(before, village.Everything());
    }

    [Fact]
    public async Task A_workspace_that_is_removed_while_others_are_looked_at_is_left_out()
    {
        await using var village = await TestVillage.UpAsync();
        var (one, two, gone) = (await village.WorkspaceAsync(), await village.WorkspaceAsync(), await village.WorkspaceAsync());
        village.Write(one, "README", "one\n");
        village.Write(two, "README", "two\n");

        // The git that looks at it finds that somebody has just taken it away.
        village.Agent("git", $"""
            case "$PWD $*" in "{village.Workspace(gone)} "*" add "*) mv "$PWD" "$PWD.away"; cd /;; esac
            exec /usr/bin/git "$@"
            """);
        var result = (await village.RunAsync("conflicts", "--json")).Succeed();

        Assert.True(Directory.Exists(village.Workspace(gone) + ".away"));
        Assert.Equal(new[] { one, two }.Order(StringComparer.Ordinal), result.Json().GetProperty("workspaces").EnumerateArray().Select(row => row.GetProperty("task").GetString()!).Order(StringComparer.Ordinal));
        Assert.True(result.Json().GetProperty("has_conflicts").GetBoolean());
    }

    [Fact]
    public async Task Work_that_git_cannot_read_is_named_and_the_rest_compared()
    {
        await using var village = await TestVillage.UpAsync();
        var (one, two) = (await village.WorkspaceAsync(), await village.WorkspaceAsync());
        village.Write(one, "README", "one\n");
        village.Write(two, "README", "two\n");
        village.Tool("git", "init", "--quiet", Path.Combine(village.Workspace(one), "nested"));

        var result = (await village.RunAsync("conflicts")).Succeed();

        Assert.StartsWith($"warning: {one}: not all of its workspace could be looked at: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("conflict  README", result.Out, StringComparison.Ordinal);
    }

    // At 80 columns: the first files, and how many more there are.
    [Fact]
    public async Task A_long_list_of_files_is_cut_in_the_text_and_whole_in_the_JSON()
    {
        await using var village = await TestVillage.UpAsync();
        var (one, two) = (await village.WorkspaceAsync(), await village.WorkspaceAsync());
        for (var n = 0; n < 9; n++)
        {
            village.Write(one, $"f{n}", "one\n");
            village.Write(two, $"f{n}", "two\n");
        }

        Assert.Contains("f0, f1, f2, f3, f4 and 4 more", (await village.RunAsync("conflicts")).Succeed().Out, StringComparison.Ordinal);
        Assert.Equal(9, (await village.PairsAsync()).Single().Conflicts.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a directory")]
    public async Task Without_a_cache_the_answer_is_the_same_and_nothing_is_left(string cache)
    {
        await using var village = await TestVillage.UpAsync();
        var (one, two) = (await village.WorkspaceAsync(), await village.WorkspaceAsync());
        village.Write(one, "README", "one\n");
        village.Write(two, "README", "two\n");
        village.Environment["TMPDIR"] = Directory.CreateDirectory(Path.Combine(village.Sandbox, "tmp")).FullName;
        if (cache is "")
        {
            village.Environment.Remove("HOME");
        }
        else
        {
            village.Environment["XDG_CACHE_HOME"] = Path.Combine(village.Root, "README");
        }

        var result = await village.RunAsync("conflicts");
        village.Environment["HOME"] = Path.Combine(village.Sandbox, "home");

        Assert.Contains("conflict  README", result.Succeed().Out, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(village.Environment["TMPDIR"]));
    }

    // Ids are of chance: longer than these names, and in another order.
    private static string Named(string text, string one, string two, string far)
    {
        var lines = text.Replace(one, "ONE   ", StringComparison.Ordinal).Replace(two, "TWO   ", StringComparison.Ordinal).Replace(far, "FAR   ", StringComparison.Ordinal)
            .Split('\n').Select(line => line.Replace("TWO   , ONE", "ONE   , TWO", StringComparison.Ordinal).Replace("ONE   , FAR", "FAR   , ONE", StringComparison.Ordinal).Replace("TWO   , FAR", "FAR   , TWO", StringComparison.Ordinal)).ToList();
        return string.Join('\n', [.. lines[..2], .. lines[2..4].Order(StringComparer.Ordinal), .. lines[4..]]);
    }
}
