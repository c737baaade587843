using Village.Tests.Testing;

namespace Village.Tests.Commands;

/// <summary><c>rollback</c>, <c>undo</c> and <c>trash</c>: what is taken can be had again, and goes only when a person says so.</summary>
public sealed class UndoTests
{
    [Fact, Trait("scm", "git")]
    public async Task A_rollback_by_hand_and_its_undo_leave_the_workspace_as_it_was()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt");
        var task = await WorkedAsync(village);
        Dirty(village, task);
        var before = village.GitIn(task, "status", "--porcelain");

        Assert.Contains("back on its branch", (await village.RunAsync("rollback", task)).Succeed().Out, StringComparison.Ordinal);
        Assert.Equal("", village.GitIn(task, "status", "--porcelain"));
        Assert.Contains("nothing to save", (await village.RunAsync("rollback", task)).Succeed().Out, StringComparison.Ordinal);
        (await village.RunAsync("undo", task)).Succeed();

        Assert.Equal("A  staged.txt\n M work.txt\n?? new.txt", before);
        Assert.Equal(before, village.GitIn(task, "status", "--porcelain"));
        Assert.Equal("Nothing to undo\n", (await village.RunAsync("undo")).Succeed().Out);
    }

    [Fact]
    public async Task What_is_there_now_goes_to_the_trash_and_is_the_next_to_come_back()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt");
        var task = await WorkedAsync(village);
        var file = Path.Combine(village.Workspace(task), "new.txt");
        File.WriteAllText(file, "first\n");
        (await village.RunAsync("rollback", task)).Succeed();
        File.WriteAllText(file, "second\n");

        var saved = (await village.RunAsync("undo", task, "--json")).Succeed().Json().GetProperty("saved").GetString();

        Assert.Equal("first\n", File.ReadAllText(file));
        Assert.Equal("second", village.Git("show", $"{saved}:new.txt"));
        (await village.RunAsync("undo", task)).Succeed();
        Assert.Equal("second\n", File.ReadAllText(file));
        Assert.Equal("Nothing to undo\n", (await village.RunAsync("undo", task)).Succeed().Out);
    }

    [Fact, Trait("scm", "git")]
    public async Task A_removed_workspace_comes_back_with_its_ignored_files()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt");
        File.AppendAllText(Path.Combine(village.Root, ".git", "info", "exclude"), ".env\nbuild/\n");
        var task = await WorkedAsync(village);
        Dirty(village, task);
        File.WriteAllText(Path.Combine(village.Workspace(task), ".env"), "secret\n");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(village.Workspace(task), "build", "x")).FullName, "out"), "built\n");
        var before = village.GitIn(task, "status", "--porcelain", "--ignored");

        (await village.RunAsync("cleanup", "--apply", "--force")).Succeed();
        Assert.False(Directory.Exists(village.Workspace(task)));
        var row = (await village.RunAsync("trash", "list", "--json")).Succeed().Json().GetProperty("trash").EnumerateArray().Single();
        Assert.Equal(5, row.GetProperty("files").GetInt32());
        Assert.Equal("secret\n", File.ReadAllText(Path.Combine(village.State, Asking.Text(row, "kept")!, ".env")));
        (await village.RunAsync("undo")).Succeed();

        Assert.Equal(before, village.GitIn(task, "status", "--porcelain", "--ignored"));
        Assert.Equal("secret\n", File.ReadAllText(Path.Combine(village.Workspace(task), ".env")));
        Assert.Equal("built\n", File.ReadAllText(Path.Combine(village.Workspace(task), "build", "x", "out")));
    }

    [Fact]
    public async Task An_ignored_file_in_the_way_is_not_written_over()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt");
        var task = await WorkedAsync(village);
        var file = Path.Combine(village.Workspace(task), "notes.log");
        File.WriteAllText(file, "saved\n");
        (await village.RunAsync("rollback", task)).Succeed();
        File.AppendAllText(Path.Combine(village.Root, ".git", "info", "exclude"), "*.log\n");
        File.WriteAllText(file, "ignored now\n");

        var refusal = (await village.RunAsync("undo", task)).ExitsWith(3);

        Assert.Contains("'notes.log' in the workspace", refusal.Error, StringComparison.Ordinal);
        Assert.Equal("ignored now\n", File.ReadAllText(file));
        File.Delete(file);
        (await village.RunAsync("undo", task)).Succeed();
        Assert.Equal("saved\n", File.ReadAllText(file));
    }

    [Fact]
    public async Task A_removed_lock_comes_back_with_the_state_of_its_task()
    {
        await using var village = await TestVillage.UpAsync("touch \"$HOME/hanging\"; sleep 1000", "MAX_WORKERS=1");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("hanging");
        Assert.Contains("is being worked on", (await village.RunAsync("rollback", task)).ExitsWith(3).Error, StringComparison.Ordinal);
        village.Tool("tmux", "kill-pane", "-t", village.Lease(task)["pane"]);
        await village.StateBecomesAsync(task, "paused");
        var before = village.Lease(task);
        (await village.RunAsync("unlock", task)).Succeed();
        Assert.Equal("queued", (await village.StateAsync(task)).State);

        (await village.RunAsync("undo", task)).Succeed();

        Assert.Equal("paused", (await village.StateAsync(task)).State);
        Assert.Equal("PARKED", Asking.Text(await village.LockAsync(task), "status"));
        Assert.Equal(before.Where(pair => pair.Key is not "generation"), village.Lease(task).Where(pair => pair.Key is not "generation"));
        Assert.Equal("", (await village.RunAsync("doctor")).Succeed().Out);
        (await village.RunAsync("resume", task, "--detached")).Succeed();
    }

    [Fact]
    public async Task Trash_goes_only_after_a_yes_and_the_answer_says_how_to_get_it_back()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt");
        var task = await WorkedAsync(village);
        File.WriteAllText(Path.Combine(village.Workspace(task), "new.txt"), "kept\n");
        (await village.RunAsync("rollback", task)).Succeed();

        (await village.RunAsync("trash", "drop", $"{task}/1-1")).ExitsWith(3);
        (await village.RunAsync("trash", "drop")).ExitsWith(5);
        Assert.Equal("Nothing to drop\n", (await village.RunAsync("trash", "drop", "--older-than", "1h", "--yes")).Succeed().Out);
        Assert.Contains("+kept", (await village.RunAsync("trash", "show", $"{task}/1-1", "--patch")).Succeed().Out, StringComparison.Ordinal);
        var restore = (await village.RunAsync("trash", "drop", $"{task}/1-1", "--yes", "--json")).Succeed().Json().GetProperty("dropped")[0].GetProperty("restore").GetString()!;

        Assert.Equal("Nothing to undo\n", (await village.RunAsync("undo")).Succeed().Out);
        village.Git(restore.Split(' ')[1..]);
        (await village.RunAsync("undo")).Succeed();
        Assert.Equal("kept\n", File.ReadAllText(Path.Combine(village.Workspace(task), "new.txt")));
    }

    [Fact, Trait("scm", "git")]
    public async Task Work_that_does_not_fit_any_more_is_refused_with_the_command_that_applies_it()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt");
        var task = await WorkedAsync(village);
        File.WriteAllText(Path.Combine(village.Workspace(task), "new.txt"), "mine\n");
        (await village.RunAsync("rollback", task)).Succeed();
        village.GitIn(task, "commit", "-q", "--allow-empty", "-m", "since");

        var refusal = (await village.RunAsync("undo", task)).ExitsWith(3);

        var hint = refusal.Error.Split("hint: village ")[1].TrimEnd('\n').Split(' ');
        (await village.RunAsync(hint)).Succeed();
        Assert.Equal("mine\n", File.ReadAllText(Path.Combine(village.Workspace(task), "new.txt")));
        Assert.Contains("passed over the rollback", (await village.RunAsync("undo", task, "--skip")).Succeed().Out, StringComparison.Ordinal);
        Assert.Equal("Nothing to undo\n", (await village.RunAsync("undo", task)).Succeed().Out);
        Assert.Single(village.Git("for-each-ref", "refs/village/trash").Split('\n'));
    }

    private static async Task<string> WorkedAsync(TestVillage village)
    {
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "--drain")).Succeed();
        return task;
    }

    private static void Dirty(TestVillage village, string task)
    {
        File.WriteAllText(Path.Combine(village.Workspace(task), "staged.txt"), "staged\n");
        village.GitIn(task, "add", "staged.txt");
        File.AppendAllText(Path.Combine(village.Workspace(task), "work.txt"), "more\n");
        File.WriteAllText(Path.Combine(village.Workspace(task), "new.txt"), "new\n");
    }
}
