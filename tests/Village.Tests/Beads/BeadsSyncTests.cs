using System.Text.Json;
using Village.Tests.Testing;

namespace Village.Tests.Beads;

/// <summary><c>village sync --to-beads</c>, and what is told without it.</summary>
public sealed class BeadsSyncTests
{
    private const string Works = """echo "$VILLAGE_TASK" > "$VILLAGE_TASK.txt" """;

    public static TheoryData<string> Eras => StandIn.Eras;

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task A_second_sync_writes_nothing(string version)
    {
        await using var village = await StandIn.UpAsync(version, $"case $VILLAGE_TASK in *) [ -e \"$HOME/fail\" ] && exit 3; {Works};; esac", "SYNC=off");
        var done = await village.AddAsync("Done");
        (await village.RunAsync("queue", "--drain")).Succeed();
        File.WriteAllText(Path.Combine(village.Environment["HOME"], "fail"), "");
        var fails = await village.AddAsync("Fails");
        await village.RunAsync("queue", "--drain");
        village.TakeCalls();

        var plan = await RowsAsync(village, "--plan");
        Assert.Equal([(done, "close", "closed"), (fails, "update", "blocked")], plan.OrderBy(row => row.Action));
        Assert.All(village.TakeCalls(), call => Assert.Matches("^(export|version|show)", call));

        Assert.Equal([(done, "close", "closed"), (fails, "update", "blocked")], (await RowsAsync(village)).OrderBy(row => row.Action));
        Assert.Equal("closed", village.Field(done, "status"));
        Assert.Equal(("blocked", null), (village.Field(fails, "status"), village.Field(fails, "assignee")));
        Assert.Equal("FAILED", village.Issue(fails).GetProperty("metadata").GetProperty("village_state").GetString());
        Assert.Contains("village:failed", village.Field(fails, "labels"), StringComparison.Ordinal);
        Assert.Contains("attempt 1 failed (agent_exit)", Assert.Single(village.Issue(fails).GetProperty("comments").EnumerateArray()).GetProperty("text").GetString(), StringComparison.Ordinal);

        village.TakeCalls();
        Assert.All(await RowsAsync(village), row => Assert.Equal("none", row.Action));
        Assert.All(village.TakeCalls(), call => Assert.Matches("^(export|version|show)", call));
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task A_failed_task_keeps_what_waits_for_it_waiting_and_retry_opens_it(string version)
    {
        await using var village = await StandIn.UpAsync(version, "[ -e \"$HOME/mended\" ] || exit 3; echo x > \"$VILLAGE_TASK.txt\"");
        var first = await village.AddAsync("First");
        var second = await village.AddAsync("Second", "--depends-on", first);
        await village.RunAsync("queue", "--drain");
        Assert.Equal("blocked", village.Field(first, "status"));
        Assert.DoesNotContain(second, village.Tool(Path.Combine(village.Sandbox, "bin", "bd"), "ready", "--json"), StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(village.Environment["HOME"], "mended"), "");
        (await village.RunAsync("retry", first)).Succeed();
        Assert.Equal("open", village.Field(first, "status"));
        Assert.DoesNotContain("village:failed", village.Field(first, "labels") ?? "", StringComparison.Ordinal);
        (await village.RunAsync("queue", "--drain", "--force")).Succeed();

        Assert.Equal(["closed", "closed"], [village.Field(first, "status"), village.Field(second, "status")]);
        Assert.Single(village.Issue(first).GetProperty("comments").EnumerateArray());
    }

    [Fact]
    public async Task What_was_closed_in_Beads_meanwhile_is_reported_and_not_opened()
    {
        await using var village = await StandIn.UpAsync("1.0.3", "exit 3", "SYNC=off");
        var id = await village.AddAsync("Closed by hand");
        await village.RunAsync("queue", "--drain");
        village.Bd("ann", "close", id);

        var row = Assert.Single(JsonDocument.Parse((await village.RunAsync("sync", "--to-beads", "--json")).Succeed().Out).RootElement.GetProperty("tasks").EnumerateArray());

        Assert.Equal(("refused", "it was closed in Beads meanwhile"), (row.GetProperty("action").GetString(), row.GetProperty("message").GetString()));
        Assert.Equal("closed", village.Field(id, "status"));
    }

    [Fact]
    public async Task A_failed_task_that_was_opened_in_Beads_is_not_blocked_again()
    {
        await using var village = await StandIn.UpAsync("1.0.3", "exit 3");
        var id = await village.AddAsync("Once more");
        await village.RunAsync("queue", "--drain");
        village.Bd("ann", "update", id, "--status=open");

        Assert.Equal([(id, "refused", "open")], await RowsAsync(village));
        Assert.Equal("open", village.Field(id, "status"));
    }

    [Fact]
    public async Task What_a_stranger_took_meanwhile_is_not_touched()
    {
        await using var village = await StandIn.UpAsync("1.0.3", Works, "SYNC=off");
        var id = await village.AddAsync("Taken over");
        (await village.RunAsync("queue", "--drain")).Succeed();
        village.Bd("ann", "update", id, "--assignee=somebody");

        Assert.Equal([(id, "foreign", "in_progress")], await RowsAsync(village));

        Assert.Equal(("in_progress", "somebody"), (village.Field(id, "status"), village.Field(id, "assignee")));
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task What_Beads_refuses_to_close_stays_open_and_is_not_forced(string version)
    {
        await using var village = await StandIn.UpAsync(version, Works, "SYNC=off");
        var id = await village.AddAsync("Blocked later");
        var blocker = await village.AddAsync("Blocker", "--defer", "3d");
        (await village.RunAsync("queue", "--drain")).Succeed();
        village.Bd("ann", "dep", "add", id, blocker);
        village.TakeCalls();

        var row = Assert.Single(JsonDocument.Parse((await village.RunAsync("sync", "--to-beads", "--json")).Succeed().Out).RootElement.GetProperty("tasks").EnumerateArray());

        Assert.Equal("refused", row.GetProperty("action").GetString());
        Assert.Contains(blocker, row.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("in_progress", village.Field(id, "status"));
        Assert.DoesNotContain(village.TakeCalls(), call => call.Contains("--force", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bd_that_fails_stops_no_work_and_the_next_sync_makes_good_for_it()
    {
        await using var village = await StandIn.UpAsync("1.0.3", $"{Works}; mv \"$HOME/../bin/bd\" \"$HOME/../bin/bd.gone\"");
        var id = await village.AddAsync("Done without bd");
        await village.RunAsync("queue", "1");
        await TestVillage.EventuallyAsync(
            () => File.ReadAllText(Path.Combine(village.State, "events.log")) is var log && log.LastIndexOf("\"cmd\":\"sync\"", StringComparison.Ordinal) > log.IndexOf("\"to\":\"completed\"", StringComparison.Ordinal)
                && log.Contains("\"to\":\"completed\"", StringComparison.Ordinal),
            "after the end of the task, the failure is an event");
        File.Move(Path.Combine(village.Sandbox, "bin", "bd.gone"), Path.Combine(village.Sandbox, "bin", "bd"));
        Assert.Equal("in_progress", village.Field(id, "status"));
        Assert.Contains($"warning: {id} is completed by the log, and open in Beads; `village sync --to-beads` tells it [completed_not_closed]", (await village.RunAsync("doctor")).Out, StringComparison.Ordinal);

        Assert.Equal([(id, "close", "closed")], await RowsAsync(village));
    }

    [Fact]
    public async Task With_the_embedded_store_there_is_nothing_to_tell()
    {
        await using var village = await TestVillage.UpAsync(Works);
        await village.AddAsync("Here");
        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal("The tasks are in Village's own store: there is nothing to tell\n", (await village.RunAsync("sync", "--to-beads")).Succeed().Out);
        Assert.Equal(5, (await village.RunAsync("sync")).Exit);
    }

    private static async Task<IReadOnlyList<(string Task, string Action, string After)>> RowsAsync(TestVillage village, params string[] more) =>
    [
        .. from row in JsonDocument.Parse((await village.RunAsync(["sync", "--to-beads", "--json", .. more])).Succeed().Out).RootElement.GetProperty("tasks").EnumerateArray()
           select (row.GetProperty("task").GetString()!, row.GetProperty("action").GetString()!, row.GetProperty("beads_after").GetString()!),
    ];
}
