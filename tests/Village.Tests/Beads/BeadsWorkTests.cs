using System.Text.Json;
using Village.Tests.Testing;

namespace Village.Tests.Beads;

/// <summary>The main job on Beads: claimed there, worked on here, closed there.</summary>
public sealed class BeadsWorkTests
{
    private const string Works = """echo "$VILLAGE_TASK" > "$VILLAGE_TASK.txt"; echo "$VILLAGE_ATTEMPT" > "attempt-$VILLAGE_TASK"; printf '%s\n' "$BD_ACTOR" "$BEADS_DIR" > "$HOME/$VILLAGE_TASK.env" """;

    public static TheoryData<string> Versions => StandIn.Versions;

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Tasks_are_claimed_done_in_order_and_closed(string version)
    {
        await using var village = await StandIn.UpAsync(version, Works);
        var first = await village.AddAsync("First");
        var second = await village.AddAsync("Second", "--depends-on", first);
        village.TakeCalls();

        (await village.RunAsync("queue", "--drain")).Succeed();

        foreach (var id in new[] { first, second })
        {
            Assert.Equal("closed", village.Field(id, "status"));
            Assert.StartsWith("Village: completed (commit ", village.Field(id, "close_reason"), StringComparison.Ordinal);
            Assert.Matches($"^village/.+/village-[0-9a-f]{{8}}/{id}$", village.Field(id, "assignee"));
            Assert.Equal("COMPLETED", village.Issue(id).GetProperty("metadata").GetProperty("village_state").GetString());
            Assert.Equal(
                [village.Field(id, "assignee"), Path.Combine(village.Root, ".beads")],
                File.ReadAllLines(Path.Combine(village.Environment["HOME"], $"{id}.env")));
        }

        Assert.Equal($"{first}\n", village.Tool("git", "show", $"village/{second}:{first}.txt"));
        Assert.All(village.TakeCalls().Where(call => call.StartsWith("update", StringComparison.Ordinal) || call.StartsWith("close", StringComparison.Ordinal)), call =>
        {
            Assert.Contains("--json", call, StringComparison.Ordinal);
            Assert.Contains("--actor=village/", call, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_plan_is_one_call_whatever_the_number_of_tasks_and_so_is_every_look()
    {
        await using var village = await StandIn.UpAsync("1.0.3");
        for (var i = 0; i < 12; i++)
        {
            await village.AddAsync($"Task {i}");
        }

        foreach (var look in new[] { "queue --plan", "ready", "status", "task list", "task ready", "task stats", "task blocked", "conflicts" })
        {
            village.TakeCalls();
            await village.RunAsync(look.Split(' '));
            Assert.Equal(["export"], village.TakeCalls());
        }

        var plan = (await village.RunAsync("queue", "--plan", "--json", "--max-workers", "100")).Succeed();
        Assert.Equal(12, JsonDocument.Parse(plan.Out).RootElement.GetProperty("available_tasks").GetArrayLength());
    }

    [Fact]
    public async Task Every_command_that_looks_works_on_Beads()
    {
        await using var village = await StandIn.UpAsync("1.0.3", Works);
        var one = await village.AddAsync("One");

        foreach (var words in EveryCommand.Reading(one).Concat(EveryCommand.Examining).Append(["complete", "--", "task", "close", "bd-"]).Where(words => words is not ["dashboard", ..]))
        {
            Assert.DoesNotContain("this is a bug", (await village.RunAsync(words)).Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_the_log_knows_is_told_without_asking_Beads()
    {
        await using var village = await StandIn.UpAsync("1.0.3", Works);
        var id = await village.AddAsync("Once");
        (await village.RunAsync("queue", "--drain")).Succeed();
        // Its worker may still be telling Beads what the queue has told it already.
        await TestVillage.EventuallyAsync(() => !village.Processes().Any(id => Asking.CommandOf(id).Contains("\0worker\0", StringComparison.Ordinal)), "the worker has ended");
        village.TakeCalls();

        foreach (var look in new[] { $"logs {id}", $"state {id}", $"events --task {id}", "config list" })
        {
            (await village.RunAsync(look.Split(' '))).Succeed();
        }

        Assert.Empty(village.TakeCalls());
    }

    [Fact]
    public async Task A_dashboard_does_not_ask_Beads_at_each_look()
    {
        await using var village = await StandIn.UpAsync("1.0.3");
        await village.AddAsync("Seen");
        village.TakeCalls();
        village.Tool("tmux", "new-window", "-d", "-e", "VILLAGE_DASHBOARD_REFRESH_INTERVAL=1", "-t", "village:", "-n", "watch", TestVillage.Binary, "dashboard");
        await TestVillage.EventuallyAsync(() => village.Tool("tmux", "capture-pane", "-p", "-t", "village:watch").Contains("(1 ready", StringComparison.Ordinal), "it shows the task");

        await Task.Delay(TimeSpan.FromSeconds(4));
        Assert.Equal(["export"], village.TakeCalls());

        await village.AddAsync("Second");
        await TestVillage.EventuallyAsync(() => village.Tool("tmux", "capture-pane", "-p", "-t", "village:watch").Contains("(2 ready", StringComparison.Ordinal), "what happens here is seen at once");
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_task_that_another_has_is_not_started(string version)
    {
        await using var village = await StandIn.UpAsync(version, Works);
        var theirs = await village.AddAsync("Theirs");
        var ours = await village.AddAsync("Ours");
        village.Bd("somebody", "update", theirs, "--claim", "--json");

        var queue = await village.RunAsync("queue", "--drain");

        Assert.Matches($"{theirs} +task_status ", queue.Out);
        Assert.Equal(("in_progress", "somebody"), (village.Field(theirs, "status"), village.Field(theirs, "assignee")));
        Assert.Equal("closed", village.Field(ours, "status"));
    }

    [Theory]
    [InlineData("0.49.6", "assigned", "'somebody' has it in Beads")]
    [InlineData("1.0.3", "assigned", "'somebody' has it in Beads")]
    [InlineData("head", "assigned", "'somebody' has it in Beads")]
    [InlineData("1.0.3", "closed", "it has the status 'closed' in Beads")]
    [InlineData("1.0.3", "blocked", "it is blocked by ")]
    public async Task What_has_changed_between_plan_and_claim_gives_the_lease_back(string version, string change, string why)
    {
        await using var village = await StandIn.UpAsync(version, Works);
        var id = await village.AddAsync("Wanted");
        var other = await village.AddAsync("Other", "--priority", "4");
        var meanwhile = change switch
        {
            "assigned" => $"update {id} --assignee=somebody",
            "closed" => $"close {id}",
            _ => $"dep add {id} {other}",
        };

        // The change is made after the plan's look, by the first call that follows it.
        var bd = Path.Combine(village.Sandbox, "bin", "bd");
        File.Move(bd, bd + ".own");
        village.Agent("bd", $"""
            case $1 in show) if mkdir "$HOME/once" 2>/dev/null; then '{bd}.own' {meanwhile} >/dev/null; fi;; esac
            exec '{bd}.own' "$@"
            """);
        var queue = await village.RunAsync("queue", "1");

        Assert.Contains(why, queue.Out + queue.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(village.State, "locks"), "*.lock"));
        Assert.NotEqual("in_progress", village.Field(id, "status"));
        Assert.False(Directory.Exists(Path.Combine(village.Root, ".worktrees", id)));
        Assert.Equal("queued", JsonDocument.Parse((await village.RunAsync("state", id, "--json")).Out).RootElement.GetProperty("current_state").GetString());
    }

    [Fact]
    public async Task A_task_that_was_assigned_to_this_village_before_is_taken_though_bd_leaves_it_open()
    {
        await using var village = await StandIn.UpAsync("1.0.3", Works);
        var id = await village.AddAsync("Mine");
        (await village.RunAsync("queue", "--drain")).Succeed();
        village.Bd("ann", "reopen", id);
        Assert.StartsWith("village/", village.Field(id, "assignee"), StringComparison.Ordinal);

        (await village.RunAsync("retry", id, "--force")).Succeed();
        village.Bd("ann", "update", id, $"--assignee={village.Issue(id).GetProperty("metadata").GetProperty("village_run").GetString()}");
        (await village.RunAsync("queue", "--drain", "--force")).Succeed();

        Assert.Equal("closed", village.Field(id, "status"));
    }

    [Fact]
    public async Task A_worker_that_cannot_be_started_gives_the_task_back_in_Beads_too()
    {
        await using var village = await StandIn.UpAsync("1.0.3", Works, "SYNC=off");
        var id = await village.AddAsync("Stuck");
        Directory.CreateDirectory(Path.Combine(village.Root, ".worktrees", id, "somebody's"));

        Assert.NotEqual(0, (await village.RunAsync("queue", "1")).Exit);

        Assert.Equal(("open", null), (village.Field(id, "status"), village.Field(id, "assignee")));
    }

    [Fact]
    public async Task A_task_that_another_took_meanwhile_is_not_given_back_for_him()
    {
        await using var village = await StandIn.UpAsync("1.0.3", Works, "SYNC=off");
        var id = await village.AddAsync("Stuck");
        Directory.CreateDirectory(Path.Combine(village.Root, ".worktrees", id, "somebody's"));

        // Before the claim, after it, and before it is given back.
        var bd = Path.Combine(village.Sandbox, "bin", "bd");
        File.Move(bd, bd + ".own");
        village.Agent("bd", $"""
            case $1 in show) echo >> "$HOME/shows"; if [ "$(wc -l < "$HOME/shows")" = 3 ]; then '{bd}.own' update {id} --assignee=somebody >/dev/null; fi;; esac
            exec '{bd}.own' "$@"
            """);
        Assert.NotEqual(0, (await village.RunAsync("queue", "1")).Exit);

        Assert.Equal(3, File.ReadAllLines(Path.Combine(village.Environment["HOME"], "shows")).Length);
        Assert.Equal(("in_progress", "somebody"), (village.Field(id, "status"), village.Field(id, "assignee")));
    }

    [Fact]
    public async Task Two_villages_on_one_database_share_the_tasks_and_do_none_twice()
    {
        await using var one = await StandIn.UpAsync("1.0.3", "echo ran >> \"$HOME/$VILLAGE_TASK.ran\"; echo x > \"$VILLAGE_TASK.txt\"", "MAX_WORKERS=4");
        await using var two = TestVillage.Create();
        foreach (var name in new[] { "BD_STAND_IN", "HOME" })
        {
            two.Environment[name] = one.Environment[name];
        }

        two.Environment["BEADS_DIR"] = Path.Combine(one.Root, ".beads");
        two.Environment["PATH"] = $"{two.Environment["PATH"]}:{Path.Combine(one.Sandbox, "bin")}";
        two.Configure("MAX_WORKERS=4", "echo ran >> \"$HOME/$VILLAGE_TASK.ran\"; echo x > \"$VILLAGE_TASK.txt\"");
        (await two.RunAsync("up", "--no-dashboard")).Succeed();
        List<string> ids = [];
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await one.AddAsync($"Task {i}"));
        }

        await Task.WhenAll(one.RunAsync("queue", "--drain"), two.RunAsync("queue", "--drain"));

        Assert.All(ids, id => Assert.Equal("ran\n", File.ReadAllText(Path.Combine(one.Environment["HOME"], $"{id}.ran"))));
        Assert.All(ids, id => Assert.Equal("closed", one.Field(id, "status")));
    }

    [Fact]
    public async Task With_SYNC_off_only_the_claim_is_told()
    {
        await using var village = await StandIn.UpAsync("1.0.3", Works, "SYNC=off");
        var id = await village.AddAsync("Quiet");
        (await village.RunAsync("queue", "--drain")).Succeed();
        Assert.Equal("in_progress", village.Field(id, "status"));

        (await village.RunAsync("sync", "--to-beads")).Succeed();

        Assert.Equal("closed", village.Field(id, "status"));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task What_a_dead_worker_had_is_taken_over_and_what_was_interrupted_is_gone_on_with(string version)
    {
        await using var village = await StandIn.UpAsync(version, "[ -e \"$HOME/go\" ] || exec sleep 600; echo x > \"$VILLAGE_TASK.txt\"", "QUEUE_TTL_MINUTES=0");
        var (dies, stops) = (await village.AddAsync("Dies"), await village.AddAsync("Stops"));
        (await village.RunAsync("queue", "2")).Succeed();
        await TestVillage.EventuallyAsync(() => village.Field(stops, "metadata")?.Contains("IN_PROGRESS", StringComparison.Ordinal) is true, "Beads knows");
        var worker = File.ReadLines(Path.Combine(village.State, "locks", $"{dies}.lock")).First(line => line.StartsWith("worker=", StringComparison.Ordinal))[7..].Split(':')[0];
        System.Diagnostics.Process.GetProcessById(int.Parse(worker, System.Globalization.CultureInfo.InvariantCulture)).Kill();
        (await village.RunAsync("down", "--force")).Succeed();
        await TestVillage.EventuallyAsync(() => village.Field(stops, "metadata")!.Contains("PAUSED", StringComparison.Ordinal), "Beads is told of the interruption");
        Assert.Contains("village:paused", village.Field(stops, "labels"), StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(village.Environment["HOME"], "go"), "");
        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        (await village.RunAsync("resume", stops)).Succeed();
        (await village.RunAsync("queue", "--drain", "--force")).Succeed();

        Assert.Equal(["closed", "closed"], [village.Field(dies, "status"), village.Field(stops, "status")]);
        Assert.DoesNotContain("village:paused", village.Field(stops, "labels") ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_that_is_being_worked_on_can_be_edited_and_stays_claimed()
    {
        await using var village = await StandIn.UpAsync("1.0.3", "exec sleep 600");
        var id = await village.AddAsync("Long");
        (await village.RunAsync("queue", "1")).Succeed();

        (await village.RunAsync("task", "edit", id, "--title", "Longer", "--priority", "0")).Succeed();

        Assert.Equal(("Longer", "in_progress"), (village.Field(id, "title"), village.Field(id, "status")));
        Assert.StartsWith("village/", village.Field(id, "assignee"), StringComparison.Ordinal);
    }
}
