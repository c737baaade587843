using System.Text.Json;
using Village.Tests.Testing;

namespace Village.Tests.Beads;

/// <summary><c>village task move</c>: all of it arrives, or nothing is different.</summary>
public sealed class BeadsMoveTests
{
    public static TheoryData<string> Eras => StandIn.Eras;

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task All_tasks_go_to_Beads_and_back_and_the_old_store_is_kept(string version)
    {
        await using var village = await TestVillage.UpAsync("echo x > \"$VILLAGE_TASK.txt\"");
        var first = await village.AddAsync("First <&> \"é\" 🙂", "--description", "line\nline", "--label", "a,b", "--defer", "2099-01-01");
        var epic = await village.AddAsync("Whole", "--type", "epic");
        var part = await village.AddAsync("Part", "--parent", epic, "--depends-on", first);
        (await village.RunAsync("task", "comment", part, "seen")).Succeed();
        (await village.RunAsync("task", "edit", part, "--set-metadata", "k=1")).Succeed();
        var done = await village.AddAsync("Done");
        (await village.RunAsync("queue", "--drain")).Succeed();
        var before = await ExportAsync(village);
        village.InstallBeads(version);

        Assert.Contains("village task move --to beads", (await village.RunAsync("ready")).Out, StringComparison.Ordinal);
        (await village.RunAsync("task", "move", "--to", "beads", "--plan")).Succeed();
        Assert.Equal(before.Select(task => task.GetRawText()), (await ExportAsync(village)).Select(task => task.GetRawText()));
        Assert.Equal(4, JsonDocument.Parse((await village.RunAsync("task", "move", "--to", "beads", "--json")).Succeed().Out).RootElement.GetProperty("moved").GetInt32());

        Assert.False(File.Exists(Path.Combine(village.State, "tasks.jsonl")));
        Assert.Single(Directory.GetFiles(village.State, "tasks.jsonl.moved-*"));
        Assert.Equal("beads", JsonDocument.Parse((await village.RunAsync("ready", "--json")).Out).RootElement.GetProperty("task_store").GetProperty("kind").GetString());
        Assert.Equal("closed", village.Field(done, "status"));
        Assert.Equal("line\nline", village.Field(first, "description"));
        Assert.Equal("waiting", JsonDocument.Parse((await village.RunAsync("task", "show", part, "--json")).Out).RootElement.GetProperty("task").GetProperty("ready").GetBoolean() ? "ready" : "waiting");

        (await village.RunAsync("task", "move", "--to", "embedded")).Succeed();

        Assert.Equal("embedded", JsonDocument.Parse((await village.RunAsync("ready", "--json")).Out).RootElement.GetProperty("task_store").GetProperty("kind").GetString());
        Assert.Equal(before.Select(Kept), (await ExportAsync(village)).Select(Kept));
        Assert.Equal("closed", village.Field(done, "status"));
    }

    [Fact]
    public async Task A_task_that_is_different_in_Beads_stops_the_move()
    {
        await using var village = await TestVillage.UpAsync();
        var id = await village.AddAsync("Mine");
        village.InstallBeads("1.0.3");
        village.Bd("ann", "create", "Theirs", $"--id={id}", "--json");

        var move = (await village.RunAsync("task", "move", "--to", "beads")).ExitsWith(3);

        Assert.Contains($"{id} is in Beads already, and is different there (title", move.Error, StringComparison.Ordinal);
        Assert.Equal("Theirs", village.Field(id, "title"));
        Assert.Contains("Mine", (await village.RunAsync("task", "list")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_arrive_as_it_was_leaves_the_old_store_in_use()
    {
        await using var village = await TestVillage.UpAsync();
        await village.AddAsync("Mine", "--description", "all of this");
        village.InstallBeads("1.0.3");
        var bd = Path.Combine(village.Sandbox, "bin", "bd");
        File.Move(bd, bd + ".own");
        village.Agent("bd", $$"""case $1 in import) for f; do :; done; sed -i 's/all of this/some/' "$f";; esac; exec '{{bd}}.own' "$@" """);

        Assert.Contains("did not arrive in Beads as it was (description)", (await village.RunAsync("task", "move", "--to", "beads")).ExitsWith(3).Error, StringComparison.Ordinal);

        Assert.True(File.Exists(Path.Combine(village.State, "tasks.jsonl")));
        Assert.Empty(Directory.GetFiles(village.State, "*.moved-*"));
        Assert.Contains("embedded", (await village.RunAsync("ready", "--json")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_that_is_added_while_the_others_move_makes_no_second_store()
    {
        await using var village = await TestVillage.UpAsync();
        await village.AddAsync("Mine");
        village.InstallBeads("1.0.3");
        var bd = Path.Combine(village.Sandbox, "bin", "bd");
        File.Move(bd, bd + ".own");
        village.Agent("bd", $"case $1 in import) touch \"$HOME/moving\"; while [ ! -e \"$HOME/go\" ]; do sleep 0.05; done;; esac; exec '{bd}.own' \"$@\"");
        var move = village.RunAsync("task", "move", "--to", "beads");
        await TestVillage.EventuallyAsync(() => File.Exists(Path.Combine(village.Environment["HOME"], "moving")), "the move is under way");
        using var add = village.Start(village.Root, "task", "add", "Late");
        await TestVillage.EventuallyAsync(() => WaitsForLock(add.Id), "it waits for the guard");
        File.WriteAllText(Path.Combine(village.Environment["HOME"], "go"), "");
        (await move).Succeed();
        await add.WaitForExitAsync();

        Assert.NotEqual(0, add.ExitCode);
        Assert.Contains("were moved to another store at this moment", await add.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(village.State, "tasks.jsonl")));
        await village.AddAsync("Again");
    }

    // A lock that is waited for stands in /proc/locks behind an arrow.
    private static bool WaitsForLock(int process) =>
        File.ReadLines("/proc/locks").Any(line => line.Contains("->", StringComparison.Ordinal) && line.Contains($" {process} ", StringComparison.Ordinal));

    [Fact]
    public async Task Nothing_is_moved_while_a_worker_is_at_work_or_to_where_it_would_not_be_found()
    {
        await using var village = await TestVillage.UpAsync("sleep 600");
        var id = await village.AddAsync("Long");
        village.InstallBeads("1.0.3");
        (await village.RunAsync("queue", "1")).Succeed();

        Assert.Contains($"{id} is being worked on", (await village.RunAsync("task", "move", "--to", "beads")).ExitsWith(3).Error, StringComparison.Ordinal);
        (await village.RunAsync("down", "--force")).Succeed();
        village.Environment["VILLAGE_TASKS"] = "embedded";
        Assert.Contains("TASKS is embedded", (await village.RunAsync("task", "move", "--to", "beads")).ExitsWith(3).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_database_the_way_to_get_one_is_told_and_not_gone()
    {
        await using var village = await TestVillage.UpAsync();
        await village.AddAsync("Mine");

        Assert.Contains("bd init --prefix bd", (await village.RunAsync("task", "move", "--to", "beads")).ExitsWith(2).Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(village.Root, ".beads")));
    }

    private static async Task<IReadOnlyList<JsonElement>> ExportAsync(TestVillage village) =>
        [.. (await village.RunAsync("task", "export")).Succeed().Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    // What Beads keeps: times to the second, and no ids of comments nor makers of edges.
    private static string Kept(JsonElement task) => string.Join('|',
        from field in task.EnumerateObject()
        where field.Name is not ("comments" or "dependencies" or "updated_at" or "created_by" or "owner")
        orderby field.Name
        select $"{field.Name}={(field.Name.EndsWith("_at", StringComparison.Ordinal) ? field.Value.GetString()![..19] : field.Value.GetRawText())}")
        + string.Join('|', Items(task, "dependencies").Select(edge => $"{edge.GetProperty("depends_on_id")} {edge.GetProperty("type")}").Order())
        + string.Join('|', Items(task, "comments").Select(comment => $"{comment.GetProperty("author")} {comment.GetProperty("text")}"));

    private static IEnumerable<JsonElement> Items(JsonElement task, string name) => task.TryGetProperty(name, out var list) ? list.EnumerateArray() : [];
}
