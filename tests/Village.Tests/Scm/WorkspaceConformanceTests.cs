using Village.Errors;

namespace Village.Tests.Scm;

/// <summary>What every implementation of IScm promises about workspaces and branches, tried on the real tools.</summary>
public sealed class WorkspaceConformanceTests
{
    public static TheoryData<string> Kinds => ScmSandbox.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_workspace_is_made_on_a_new_branch_and_filled_and_nobody_elses_files_change(string kind)
    {
        await using var box = await ScmSandbox.CreateAsync(kind);
        ScmSandbox.Write(box.Root, "mine.txt", "untracked\n");
        ScmSandbox.Write(box.Root, "README", "changed\n");
        if (kind is not "jj-plain")
        {
            box.Tool(box.Root, "git", "add", "README");
            ScmSandbox.Write(box.Root, "README", "changed again\n");
        }

        var (before, head) = (box.Mine(), await box.Scm.BaseHeadAsync(box.Root, null, default));
        var path = box.Path_("bd-1");
        Assert.True(box.Scm.IsVacant(path));

        await box.Scm.AddWorkspaceAsync(box.Root, path, "village/bd-1", branchExists: false, head!, default);

        Assert.True(await box.Scm.IsEmptyAsync(path, default));
        await box.Scm.FillAsync(path, "village/bd-1", default);
        Assert.False(await box.Scm.IsEmptyAsync(path, default));
        Assert.False(box.Scm.IsVacant(path));
        Assert.Equal("hello\n", File.ReadAllText(Path.Combine(path, "README")));
        Assert.False(File.Exists(Path.Combine(path, "mine.txt")));
        Assert.Equal(head, await box.Scm.HeadAsync(path, default));
        Assert.Equal(head, await box.Scm.BranchTipAsync(box.Root, "village/bd-1", default));
        Assert.Equal(new Dictionary<string, string> { ["village/bd-1"] = head! }, await box.Scm.BranchTipsAsync(box.Root, "village/", default));
        Assert.Empty(await box.Scm.DirtyPathsAsync(path, untracked: true, default));
        Assert.Null(await box.Scm.StraysAsync(path, "village/bd-1", default));
        Assert.Contains(await box.Scm.ListCheckoutsAsync(box.Root, default), checkout => checkout.Path == path && checkout.Branch is "village/bd-1");
        Assert.Equal(before, box.Mine());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_base_is_what_the_main_checkout_stands_on_or_the_branch_that_is_named(string kind)
    {
        await using var box = await ScmSandbox.CreateAsync(kind);
        var first = await box.Scm.BaseHeadAsync(box.Root, null, default);
        ScmSandbox.Write(box.Root, "second.txt", "2\n");
        if (kind is "jj-plain")
        {
            box.Tool(box.Root, "jj", "commit", "--quiet", "-m", "second");
        }
        else
        {
            box.Tool(box.Root, "git", "add", "--all");
            box.Tool(box.Root, "git", "commit", "--quiet", "-m", "second");
            box.Tool(box.Root, "git", "branch", "--force", "old", first!);
        }

        var second = await box.Scm.BaseHeadAsync(box.Root, null, default);

        Assert.NotEqual(first, second);
        Assert.Equal(first, await box.Scm.BaseHeadAsync(box.Root, kind is "jj-plain" ? "main" : "old", default));
        Assert.Null(await box.Scm.BaseHeadAsync(box.Root, "no-such-branch", default));
        var path = await box.WorkspaceAsync("bd-1");
        Assert.Equal("2\n", File.ReadAllText(Path.Combine(path, "second.txt")));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_branch_that_is_there_is_continued_and_a_new_one_must_not_be_there(string kind)
    {
        await using var box = await ScmSandbox.CreateAsync(kind);
        var head = (await box.Scm.BaseHeadAsync(box.Root, null, default))!;
        var tip = await box.CommittedAsync("bd-1", "work.txt", "kept\n");
        Assert.Null(await box.Scm.RemoveWorkspaceAsync(box.Root, box.Path_("bd-1"), default));

        await Assert.ThrowsAsync<VillageException>(() => box.Scm.AddWorkspaceAsync(box.Root, box.Path_("bd-1"), "village/bd-1", branchExists: false, head, default));

        Assert.Equal(tip, await box.Scm.BranchTipAsync(box.Root, "village/bd-1", default));
        Assert.True(box.Scm.IsVacant(box.Path_("bd-1")));
        await box.Scm.AddWorkspaceAsync(box.Root, box.Path_("bd-1"), "village/bd-1", branchExists: true, tip, default);
        await box.Scm.FillAsync(box.Path_("bd-1"), "village/bd-1", default);
        Assert.Equal("kept\n", File.ReadAllText(Path.Combine(box.Path_("bd-1"), "work.txt")));
        Assert.Equal(tip, await box.Scm.HeadAsync(box.Path_("bd-1"), default));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_workspace_that_cannot_be_made_leaves_no_branch(string kind)
    {
        await using var box = await ScmSandbox.CreateAsync(kind);
        var head = (await box.Scm.BaseHeadAsync(box.Root, null, default))!;
        File.WriteAllText(Path.Combine(box.Root, ".worktrees", "file"), "in the way");

        await Assert.ThrowsAsync<VillageException>(() => box.Scm.AddWorkspaceAsync(
            box.Root, Path.Combine(box.Root, ".worktrees", "file", "bd-1"), "village/bd-1", branchExists: false, head, default));

        Assert.Null(await box.Scm.BranchTipAsync(box.Root, "village/bd-1", default));
        Assert.DoesNotContain(await box.Scm.ListCheckoutsAsync(box.Root, default), checkout => checkout.Branch is "village/bd-1");
        await box.WorkspaceAsync("bd-1");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_clean_workspace_is_removed_and_its_branch_stays(string kind)
    {
        await using var box = await ScmSandbox.CreateAsync(kind);
        var tip = await box.CommittedAsync("bd-1", "work.txt", "kept\n");
        var before = box.Mine();

        Assert.Null(await box.Scm.RemoveWorkspaceAsync(box.Root, box.Path_("bd-1"), default));

        Assert.False(Directory.Exists(box.Path_("bd-1")));
        Assert.DoesNotContain(await box.Scm.ListCheckoutsAsync(box.Root, default), checkout => checkout.Branch is "village/bd-1");
        Assert.Equal(tip, await box.Scm.BranchTipAsync(box.Root, "village/bd-1", default));
        Assert.Equal(before, box.Mine());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(box.Root, ".worktrees")));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_workspace_with_anything_that_nobody_has_is_not_removed(string kind)
    {
        await using var box = await ScmSandbox.CreateAsync(kind);
        var changed = await box.WorkspaceAsync("bd-1");
        ScmSandbox.Write(changed, "README", "changed\n");
        var untracked = await box.WorkspaceAsync("bd-2");
        ScmSandbox.Write(untracked, "new dir/new.txt", "new\n");
        var nested = await box.WorkspaceAsync("bd-3");
        box.Tool(nested, "git", "init", "--quiet", "inner");
        ScmSandbox.Write(nested, "inner/precious.txt", "precious\n");
        var large = await box.WorkspaceAsync("bd-4");
        File.WriteAllBytes(Path.Combine(large, "large.bin"), new byte[3 << 20]);

        foreach (var path in new[] { changed, untracked, nested, large })
        {
            Assert.NotNull(await box.Scm.RemoveWorkspaceAsync(box.Root, path, default));
        }

        Assert.Equal("changed\n", File.ReadAllText(Path.Combine(changed, "README")));
        Assert.Equal("new\n", File.ReadAllText(Path.Combine(untracked, "new dir", "new.txt")));
        Assert.Equal("precious\n", File.ReadAllText(Path.Combine(nested, "inner", "precious.txt")));
        Assert.Equal(3 << 20, new FileInfo(Path.Combine(large, "large.bin")).Length);
        Assert.Null(await box.Scm.StraysAsync(changed, "village/bd-1", default));
        Assert.Equal(["README"], await box.Scm.DirtyPathsAsync(changed, untracked: true, default));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_workspace_whose_directory_is_gone_can_be_forgotten_or_made_again(string kind)
    {
        await using var box = await ScmSandbox.CreateAsync(kind);
        var tip = await box.CommittedAsync("bd-1", "work.txt", "kept\n");
        var before = box.Mine();
        Directory.Delete(box.Path_("bd-1"), recursive: true);

        Assert.Null(await box.Scm.RemoveWorkspaceAsync(box.Root, box.Path_("bd-1"), default));

        Assert.DoesNotContain(await box.Scm.ListCheckoutsAsync(box.Root, default), checkout => checkout.Branch is "village/bd-1");
        await box.Scm.AddWorkspaceAsync(box.Root, box.Path_("bd-1"), "village/bd-1", branchExists: true, tip, default);
        Directory.Delete(box.Path_("bd-1"), recursive: true);
        await box.Scm.AddWorkspaceAsync(box.Root, box.Path_("bd-1"), "village/bd-1", branchExists: true, tip, default);
        await box.Scm.FillAsync(box.Path_("bd-1"), "village/bd-1", default);
        Assert.Equal("kept\n", File.ReadAllText(Path.Combine(box.Path_("bd-1"), "work.txt")));
        Assert.Equal(before, box.Mine());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Branches_that_merge_give_a_base_and_those_that_do_not_name_the_files(string kind)
    {
        await using var box = await ScmSandbox.CreateAsync(kind);
        var head = (await box.Scm.BaseHeadAsync(box.Root, null, default))!;
        var one = await box.CommittedAsync("bd-1", "one.txt", "1\n");
        var two = await box.CommittedAsync("bd-2", "two.txt", "2\n");
        var other = await box.CommittedAsync("bd-3", "one.txt", "another 1\n");

        var (merged, none) = await box.Scm.MergeBaseAsync(box.Root, head, [one, two], "Base", null, default);
        var (failed, conflicts) = await box.Scm.MergeBaseAsync(box.Root, head, [one, other], "Base", null, default);

        Assert.Equal((one, []), await box.Scm.MergeBaseAsync(box.Root, head, [one], "Base", null, default));
        Assert.Empty(none);
        Assert.Null(failed);
        Assert.Equal(["one.txt"], conflicts);
        await box.Scm.PinAsync(box.Root, "refs/village/base/bd-4", merged!, default);
        Assert.Equal(merged, box.InStore("rev-parse", "refs/village/base/bd-4"));
        var path = await box.WorkspaceAsync("bd-4", merged);
        Assert.Equal(["1\n", "2\n"], new[] { "one.txt", "two.txt" }.Select(file => File.ReadAllText(Path.Combine(path, file))));
        Assert.Equal(merged, await box.Scm.HeadAsync(path, default));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_trial_merge_leaves_nothing_in_the_repository(string kind)
    {
        await using var box = await ScmSandbox.CreateAsync(kind);
        var head = (await box.Scm.BaseHeadAsync(box.Root, null, default))!;
        var one = await box.CommittedAsync("bd-1", "one.txt", "1\n");
        var two = await box.CommittedAsync("bd-2", "two.txt", "2\n");
        var before = box.InStore("count-objects", "-v");
        var scratch = Directory.CreateTempSubdirectory("v-").FullName;

        var (merged, _) = await box.Scm.MergeBaseAsync(box.Root, head, [one, two], "Base", scratch, default);

        Directory.Delete(scratch, recursive: true);
        Assert.NotNull(merged);
        Assert.Equal(before, box.InStore("count-objects", "-v"));
        Assert.Equal([merged], await box.Scm.MissingCommitsAsync(box.Root, [merged!, one, head], default));
    }
}
