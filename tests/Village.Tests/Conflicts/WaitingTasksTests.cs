using Village.Tests.Testing;

namespace Village.Tests.Conflicts;

/// <summary><c>village queue</c> where a task that waits has work already, and that does not merge with work in progress.</summary>
public sealed class WaitingTasksTests
{
    private const string Works = "echo \"$VILLAGE_TASK\" > README; touch \"$HOME/$VILLAGE_TASK\"; sleep 1000";

    [Fact]
    public async Task A_task_that_conflicts_with_work_in_progress_is_started_with_a_warning()
    {
        await using var village = await TestVillage.UpAsync(Works, "MAX_WORKERS=2");
        var (busy, waits) = await ConflictingAsync(village);

        var plan = (await village.RunAsync("queue", "--plan", "--json")).Succeed().Json();
        Assert.Equal(waits, plan.GetProperty("available_tasks").EnumerateArray().Single().GetProperty("task").GetString());
        Assert.Equal(["README"], Parallel.Texts(plan.GetProperty("conflicts").EnumerateArray().Single(), "conflicts"));
        Assert.Contains("conflict  README", (await village.RunAsync("queue", "--plan")).Succeed().Out, StringComparison.Ordinal);
        var started = (await village.RunAsync("queue", "1")).Succeed();
        var pair = new[] { busy, waits }.Order(StringComparer.Ordinal).ToList();
        Assert.Contains($"warning: the work of {pair[0]} does not merge with that of {pair[1]}: README\n", started.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_BLOCK_ON_CONFLICT_it_waits_until_the_other_has_ended_and_force_does_not()
    {
        await using var village = await TestVillage.UpAsync(Works, "MAX_WORKERS=2\nBLOCK_ON_CONFLICT=true");
        var (busy, waits) = await ConflictingAsync(village);
        var before = village.Everything();

        var row = (await village.RunAsync("queue", "--plan", "--json")).Succeed().Json().GetProperty("blocked_tasks").EnumerateArray()
            .Single(row => row.GetProperty("task").GetString() == waits);

        Assert.Equal(before, village.Everything());
        Assert.Equal(("conflict", $"its work so far does not merge with that of {busy}: README; --force starts it all the same"), (Asking.Text(row, "skip_reason"), Asking.Text(row, "message")));
        (await village.RunAsync("queue", "1")).ExitsWith(3);
        Assert.True((await village.ConflictsAsync()).GetProperty("blocked").GetBoolean());
        Assert.Equal(waits, Available(await village.RunAsync("queue", "--plan", "--force", "--json")));
        village.Environment["VILLAGE_CONFLICT_DETECTION_ENABLED"] = "false";
        Assert.Equal(waits, Available(await village.RunAsync("queue", "--plan", "--json")));
        village.Environment.Remove("VILLAGE_CONFLICT_DETECTION_ENABLED");

        village.Tool("tmux", "kill-pane", "-t", village.Lease(busy)["pane"]);
        await village.StateBecomesAsync(busy, "paused");
        await TestVillage.EventuallyAsync(async () => Available(await village.RunAsync("queue", "--plan", "--json")) == waits, "the work that it waited for is parked");
    }

    // A branch is work too, also where the workspace is gone.
    [Fact]
    public async Task A_branch_without_a_workspace_is_compared_as_well()
    {
        await using var village = await TestVillage.UpAsync(Works, "MAX_WORKERS=2\nBLOCK_ON_CONFLICT=true");
        var (busy, waits) = await ConflictingAsync(village);
        village.GitIn(waits, "commit", "--quiet", "--all", "-m", "work");
        village.Git("worktree", "remove", village.Workspace(waits));

        Assert.Equal("conflict", await village.SkipReasonAsync(waits));
        Assert.NotEqual(busy, waits);
    }

    [Fact]
    public async Task Of_two_that_would_start_together_and_conflict_one_waits()
    {
        await using var village = await TestVillage.UpAsync(Works, "MAX_WORKERS=2\nBLOCK_ON_CONFLICT=true");
        var (one, two) = (await village.WorkspaceAsync(), await village.WorkspaceAsync());
        village.Write(one, "README", "one\n");
        village.Write(two, "README", "two\n");

        var plan = (await village.RunAsync("queue", "--plan", "--json")).Succeed().Json();

        var starts = plan.GetProperty("available_tasks").EnumerateArray().Single().GetProperty("task").GetString()!;
        Assert.Equal("conflict", await village.SkipReasonAsync(starts == one ? two : one));
    }

    [Fact]
    public async Task Fresh_tasks_cost_no_look_at_any_workspace()
    {
        await using var village = await TestVillage.UpAsync(Works, "MAX_WORKERS=4");
        await ConflictingAsync(village, start: false);
        var fresh = await village.AddAsync("fresh", "--priority", "0");

        var plan = (await village.RunAsync("queue", "--plan", "-v", "--max-workers", "1")).Succeed();

        Assert.Contains(fresh, plan.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("worktree list", plan.Error, StringComparison.Ordinal);
        Assert.Contains("$ git for-each-ref", plan.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asked_for_all_conflicts_are_shown_whoever_starts()
    {
        await using var village = await TestVillage.UpAsync(Works, "MAX_WORKERS=2");
        Assert.Contains("No two tasks touch the same file", (await village.RunAsync("queue", "--conflicts")).Succeed().Out, StringComparison.Ordinal);
        await ConflictingAsync(village, start: false);

        Assert.Contains("conflict  README", (await village.RunAsync("queue", "--conflicts", "--agent", "nobody")).Succeed().Out, StringComparison.Ordinal);
        Assert.Single((await village.RunAsync("queue", "2", "--conflicts", "--agent", "nobody", "--json")).ExitsWith(3).Json().GetProperty("conflicts").EnumerateArray());
    }

    // A task at work, or one that is not started either, and one that waits, with a workspace that does not merge with it.
    private static async Task<(string Busy, string Waits)> ConflictingAsync(TestVillage village, bool start = true)
    {
        string busy;
        if (start)
        {
            busy = await village.AddAsync("busy");
            (await village.RunAsync("queue", "1")).Succeed();
            await village.NoteAppearsAsync(busy);
        }
        else
        {
            busy = await village.WorkspaceAsync("busy");
            village.Write(busy, "README", "busy\n");
        }

        var waits = await village.WorkspaceAsync("waits");
        village.Write(waits, "README", "waits\n");
        return (busy, waits);
    }

    private static string? Available(CliResult plan) =>
        plan.Succeed().Json().GetProperty("available_tasks").EnumerateArray().Select(row => row.GetProperty("task").GetString()).SingleOrDefault();
}
