using System.Globalization;

namespace Village.Tests.Scm;

/// <summary>What every implementation of IScm promises about the work in a workspace, tried on the real tools.</summary>
public sealed class WorkConformanceTests
{
    private const string Branch = "village/bd-1";
    private static readonly string[] Odd = ["a b", "it's", "quo\"te", "new\nline", "ünï🦊", "-dash", "*", "[x]", "sub dir/deep/ü.txt", "tab\there", "back\\slash", ":(top)x"];

    public static TheoryData<string> Kinds => ScmSandbox.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Every_kind_of_change_is_seen_and_committed_whatever_its_name(string kind)
    {
        await using var box = await ScmSandbox.CreateAsync(kind);
        var path = await box.WorkspaceAsync("bd-1");
        var start = (await box.Scm.HeadAsync(path, default))!;
        foreach (var name in Odd)
        {
            ScmSandbox.Write(path, name, $"text of {name}");
        }

        ScmSandbox.Write(path, "README", "changed\n");
        ScmSandbox.Write(path, ".env", "secret");
        ScmSandbox.Write(path, "node_modules/x/index.js", "module");
        File.WriteAllBytes(Path.Combine(path, "large.bin"), new byte[2 << 20]);
        string[] all = [.. Odd, "README", "large.bin"];

        Assert.Equal(all.Order(StringComparer.Ordinal), (await box.Scm.DirtyPathsAsync(path, untracked: true, default)).Order(StringComparer.Ordinal));
        Assert.Equal(["README"], await box.Scm.DirtyPathsAsync(path, untracked: false, default));
        Assert.Equal([".env", "node_modules/"], (await box.Scm.IgnoredPathsAsync(path, default)).Order(StringComparer.Ordinal));

        (await box.Scm.CommitAllAsync(path, "bd-1: all \"of\" it\n\nand more", default)).Require();
        await box.Scm.AdvanceAsync(path, Branch, default);

        var head = (await box.Scm.HeadAsync(path, default))!;
        Assert.Equal(head, await box.Scm.BranchTipAsync(box.Root, Branch, default));
        Assert.Equal("bd-1: all \"of\" it\n\nand more", box.InStore("log", "-1", "--format=%B", head).TrimEnd());
        Assert.Equal("Tester <tester@example.com>", box.InStore("log", "-1", "--format=%an <%ae>", head));
        Assert.Equal(all.Length, await box.Scm.CountChangedAsync(path, start, head, default));
        Assert.NotEqual(await box.Scm.TreeOfAsync(path, start, default), await box.Scm.TreeOfAsync(path, head, default));
        Assert.Empty(await box.Scm.DirtyPathsAsync(path, untracked: true, default));
        Assert.Null(await box.Scm.StraysAsync(path, Branch, default));
        Assert.All(Odd, name => Assert.Equal($"text of {name}", box.Show(head, name)));
        Assert.Equal("secret", File.ReadAllText(Path.Combine(path, ".env")));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_commit_of_the_agents_own_is_its_branchs(string kind)
    {
        await using var box = await ScmSandbox.CreateAsync(kind);
        var path = await box.WorkspaceAsync("bd-1");
        ScmSandbox.Write(path, "one.txt", "1\n");
        Save(box, kind, path, "by hand");

        await box.Scm.AdvanceAsync(path, Branch, default);

        Assert.Equal("by hand", box.InStore("log", "-1", "--format=%s", (await box.Scm.BranchTipAsync(box.Root, Branch, default))!));
        Assert.Equal(await box.Scm.BranchTipAsync(box.Root, Branch, default), await box.Scm.HeadAsync(path, default));
        Assert.Empty(await box.Scm.DirtyPathsAsync(path, untracked: true, default));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_clean_workspace_has_nothing_to_save(string kind)
    {
        await using var box = await ScmSandbox.CreateAsync(kind);
        var path = await box.WorkspaceAsync("bd-1");
        ScmSandbox.Write(path, ".env", "secret");

        Assert.Null(await box.Scm.SaveAsync(path, Branch, "bd-1", 1, always: false, default));

        Assert.Equal("", box.InStore("for-each-ref", "refs/village"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_is_saved_holds_everything_and_the_reset_takes_back_just_that(string kind)
    {
        await using var box = await ScmSandbox.CreateAsync(kind);
        var path = await box.WorkspaceAsync("bd-1");
        foreach (var name in Odd)
        {
            ScmSandbox.Write(path, name, $"text of {name}");
        }

        ScmSandbox.Write(path, "README", "changed\n");
        File.Delete(Path.Combine(path, ".gitignore"));
        ScmSandbox.Write(path, ".gitignore", ".env\nnode_modules/\nlocal/\n");
        ScmSandbox.Write(path, "local/notes", "hidden by the agent itself");
        ScmSandbox.Write(path, ".env", "secret");
        ScmSandbox.Write(path, "sub dir/.env", "deep");
        File.CreateSymbolicLink(Path.Combine(path, "link"), "README");
        File.SetUnixFileMode(Path.Combine(path, "it's"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var files = Files(path);

        var saved = (await box.Scm.SaveAsync(path, Branch, "bd-1", 3, always: false, default))!;

        Assert.Equal("refs/village/trash/bd-1/3-1", saved);
        Assert.Equal(files, Files(path));
        Assert.All(Odd, name => Assert.Equal($"text of {name}", box.Show(saved, name)));
        Assert.Equal("changed", box.Show(saved, "README"));
        Assert.Equal(await box.Scm.BranchTipAsync(box.Root, Branch, default), box.InStore("rev-parse", $"{saved}^1"));
        Assert.Contains("120000", box.InStore("ls-tree", saved, "link"), StringComparison.Ordinal);
        Assert.Contains("100755", box.InStore("ls-tree", saved, "it's"), StringComparison.Ordinal);
        Assert.Equal("refs/village/trash/bd-1/3-2", await box.Scm.SaveAsync(path, Branch, "bd-1", 3, always: false, default));

        await box.Scm.ResetAsync(path, Branch, saved, default);

        Assert.DoesNotContain(await box.Scm.DirtyPathsAsync(path, untracked: true, default), file => !file.StartsWith("local/", StringComparison.Ordinal));
        Assert.Equal("hello\n", File.ReadAllText(Path.Combine(path, "README")));
        Assert.Equal("hidden by the agent itself", File.ReadAllText(Path.Combine(path, "local", "notes")));
        Assert.Equal(["secret", "deep"], new[] { ".env", "sub dir/.env" }.Select(file => File.ReadAllText(Path.Combine(path, file))));
        Assert.All(Odd, name => Assert.False(File.Exists(Path.Combine(path, name)), name));
        Assert.Null(await box.Scm.StraysAsync(path, Branch, default));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_was_taken_back_can_be_put_back_as_it_stood(string kind)
    {
        await using var box = await ScmSandbox.CreateAsync(kind);
        var path = await box.WorkspaceAsync("bd-1");
        foreach (var name in Odd)
        {
            ScmSandbox.Write(path, name, $"text of {name}");
        }

        ScmSandbox.Write(path, "README", "changed\n");
        ScmSandbox.Write(path, ".env", "secret");
        File.CreateSymbolicLink(Path.Combine(path, "link"), "nowhere");
        var files = Texts(path);
        var standing = await box.Scm.StandsOnAsync(path, default);
        var saved = (await box.Scm.SaveAsync(path, Branch, "bd-1", 1, always: false, default))!;
        await box.Scm.ResetAsync(path, Branch, saved, default);
        Assert.NotEqual(files, Texts(path));
        Assert.Null(await box.Scm.WhyNotRestoredAsync(box.Root, saved, standing, default));

        await box.Scm.RestoreAsync(path, saved, standing, default);

        Assert.Equal(files, Texts(path));
        Assert.Equal(standing, await box.Scm.StandsOnAsync(path, default));
        Assert.Null(await box.Scm.StraysAsync(path, Branch, default));
        Assert.Equal(Odd.Append("README").Append("link").Order(StringComparer.Ordinal), (await box.Scm.DirtyPathsAsync(path, untracked: true, default)).Order(StringComparer.Ordinal));
        var again = (await box.Scm.SaveAsync(path, Branch, "bd-1", 1, always: false, default))!;
        Assert.True(await box.Scm.IsSameWorkAsync(box.Root, saved, again, default));
        Assert.Equal([saved, again], (await box.Scm.TrashAsync(box.Root, default)).Select(row => row.Name));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Work_beside_the_branch_is_named_pinned_and_left(string kind)
    {
        await using var box = await ScmSandbox.CreateAsync(kind);
        var path = await box.WorkspaceAsync("bd-1");
        var tip = await box.Scm.BranchTipAsync(box.Root, Branch, default);
        if (kind is "git")
        {
            box.Tool(path, "git", "checkout", "--quiet", "--orphan", "other");
        }
        else
        {
            box.Tool(path, "jj", "new", "--quiet", "root()");
        }

        ScmSandbox.Write(path, "elsewhere.txt", "elsewhere\n");
        Save(box, kind, path, "beside");
        ScmSandbox.Write(path, "dirt.txt", "dirt\n");

        Assert.Contains(Branch, await box.Scm.StraysAsync(path, Branch, default), StringComparison.Ordinal);
        await box.Scm.AdvanceAsync(path, Branch, default);
        var saved = (await box.Scm.SaveAsync(path, Branch, "bd-1", 1, always: false, default))!;
        await box.Scm.ResetAsync(path, Branch, saved, default);

        Assert.Equal(tip, await box.Scm.BranchTipAsync(box.Root, Branch, default));
        Assert.Equal(("elsewhere", "dirt"), (box.Show(saved, "elsewhere.txt"), box.Show(saved, "dirt.txt")));
        Assert.Equal("beside", box.InStore("log", "-1", "--format=%s", $"{saved}^1"));
        Assert.Null(await box.Scm.StraysAsync(path, Branch, default));
        Assert.Equal("hello\n", File.ReadAllText(Path.Combine(path, "README")));
        Assert.False(File.Exists(Path.Combine(path, "dirt.txt")));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Two_savers_at_once_take_two_numbers(string kind)
    {
        await using var box = await ScmSandbox.CreateAsync(kind);
        var path = await box.WorkspaceAsync("bd-1");
        ScmSandbox.Write(path, "work.txt", "work\n");

        var saved = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => box.Scm.SaveAsync(path, Branch, "bd-1", 1, always: false, default)));

        Assert.Equal(Enumerable.Range(1, 4).Select(n => $"refs/village/trash/bd-1/1-{n.ToString(CultureInfo.InvariantCulture)}"), saved.Order(StringComparer.Ordinal));
        Assert.All(saved, reference => Assert.Equal("work", box.Show(reference!, "work.txt")));
    }

    private static void Save(ScmSandbox box, string kind, string path, string message)
    {
        if (kind is "git")
        {
            box.Tool(path, "git", "add", "--all");
            box.Tool(path, "git", "commit", "--quiet", "-m", message);
        }
        else
        {
            box.Tool(path, "jj", "commit", "--quiet", "-m", message);
        }
    }

    private static string Texts(string path) => string.Join('\n', Directory.EnumerateFileSystemEntries(path, "*", SearchOption.AllDirectories)
        .Where(file => file[path.Length..] is not ("/.jj" or "/.git") && !file[path.Length..].StartsWith("/.jj/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .Select(file => $"{file} {(new FileInfo(file) is { Exists: true, LinkTarget: null } ? File.ReadAllText(file) : new FileInfo(file).LinkTarget)}"));

    private static string Files(string path) => string.Join('\n', Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
        .Where(file => !file[path.Length..].StartsWith("/.jj/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .Select(file => $"{file} {File.GetLastWriteTimeUtc(file):O} {File.ReadAllText(file)}"));
}
