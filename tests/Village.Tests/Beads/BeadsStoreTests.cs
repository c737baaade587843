using System.Text.Json;
using Village.Tests.Testing;

namespace Village.Tests.Beads;

/// <summary>The commands on tasks, on Beads.</summary>
public sealed class BeadsStoreTests
{
    public static TheoryData<string> Eras => StandIn.Eras;

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task A_task_is_added_with_all_that_was_said_of_it(string version)
    {
        await using var village = await StandIn.UpAsync(version);
        var first = await village.AddAsync("First");
        var id = await village.AddAsync(
            "It's \"quoted\" twice; $(touch x)", "--description", "--force\nsecond line", "--acceptance", "a", "--design", "d", "--notes", "n", "--priority", "1",
            "--type", "bug", "--label", "plain", "--label", "a,b", "--assignee", "ann", "--depends-on", first);

        var issue = village.Issue(id);
        Assert.Equal(
            ["It's \"quoted\" twice; $(touch x)", "--force\nsecond line", "a", "d", "n", "bug", "ann"],
            new[] { "title", "description", "acceptance_criteria", "design", "notes", "issue_type", "assignee" }.Select(name => issue.GetProperty(name).GetString()));
        Assert.Equal(1, issue.GetProperty("priority").GetInt32());
        Assert.Equal(["a,b", "plain"], issue.GetProperty("labels").EnumerateArray().Select(label => label.GetString()));
        Assert.Equal(first, Assert.Single(issue.GetProperty("dependencies").EnumerateArray()).GetProperty("id").GetString());
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Many_are_added_at_once_and_know_each_other(string version)
    {
        await using var village = await StandIn.UpAsync(version);

        var added = (await village.RunInAsync(village.Root, ["task", "add", "-"], """
            {"title":"Whole","key":"whole","type":"epic"}
            {"title":"Part","key":"part","parent":"whole"}
            {"title":"After","depends_on":["part"]}
            """)).Succeed();

        var ids = added.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0]).ToList();
        Assert.Equal($"{ids[0]}.1", ids[1]);
        Assert.Equal((ids[1], "blocks"), Edge(village.Issue(ids[2])));
        Assert.Equal((ids[0], "parent-child"), Edge(village.Issue(ids[1])));
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task A_task_is_changed_closed_opened_and_deleted(string version)
    {
        await using var village = await StandIn.UpAsync(version);
        var (one, two) = (await village.AddAsync("One", "--label", "old"), await village.AddAsync("Two"));

        (await village.RunAsync("task", "edit", one, "--title", "Other", "--priority", "0", "--label", "new", "--remove-label", "old", "--set-metadata", "ticket=4711", "--defer", "3d")).Succeed();
        var issue = village.Issue(one);
        Assert.Equal(("Other", 0, "open"), (issue.GetProperty("title").GetString(), issue.GetProperty("priority").GetInt32(), issue.GetProperty("status").GetString()));
        Assert.Equal(["new"], issue.GetProperty("labels").EnumerateArray().Select(label => label.GetString()));
        Assert.Equal(4711, issue.GetProperty("metadata").GetProperty("ticket").GetInt32());

        (await village.RunAsync("task", "comment", one, "--", "-seen-")).Succeed();
        Assert.Equal("-seen-", Assert.Single(village.Issue(one).GetProperty("comments").EnumerateArray()).GetProperty("text").GetString());

        (await village.RunAsync("task", "dep", "add", two, one)).Succeed();
        Assert.Contains("they would wait for each other", (await village.RunAsync("task", "dep", "add", one, two)).ExitsWith(3).Error, StringComparison.Ordinal);
        Assert.Contains("is blocked by open tasks", (await village.RunAsync("task", "close", two)).ExitsWith(3).Error, StringComparison.Ordinal);
        (await village.RunAsync("task", "close", two, "--force", "--reason", "enough")).Succeed();
        Assert.Equal(("closed", "enough"), (village.Field(two, "status"), village.Field(two, "close_reason")));
        (await village.RunAsync("task", "reopen", two)).Succeed();
        Assert.Equal("open", village.Field(two, "status"));
        (await village.RunAsync("task", "dep", "remove", two, one)).Succeed();
        (await village.RunAsync("task", "delete", one)).Succeed();

        Assert.Contains("no issue", village.TryTool(Path.Combine(village.Sandbox, "bin", "bd"), "show", one).Error, StringComparison.Ordinal);
        Assert.Equal([two], JsonDocument.Parse((await village.RunAsync("task", "list", "--json")).Out).RootElement.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("id").GetString()));
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task An_id_that_is_taken_is_never_written_over(string version)
    {
        await using var village = await StandIn.UpAsync(version);
        var id = await village.AddAsync("First", "--id", "bd-own");

        Assert.Contains("already", (await village.RunAsync("task", "add", "Second", "--id", "bd-own")).ExitsWith(3).Error, StringComparison.Ordinal);

        Assert.Equal("First", village.Field(id, "title"));
        Assert.Equal(5, (await village.RunAsync("task", "add", "Other", "--id", "zz-1")).Exit);
        Assert.Equal("zz-1", await village.AddAsync("Other", "--id", "zz-1", "--force"));
    }

    [Fact]
    public async Task What_bd_does_not_do_is_an_error_though_it_exits_with_0()
    {
        await using var village = await StandIn.UpAsync("0.49.6");
        var id = await village.AddAsync("Stubborn");
        var bd = Path.Combine(village.Sandbox, "bin", "bd");
        File.Move(bd, bd + ".own");
        village.Agent("bd", $"case $1 in update) echo 'Error updating {id}: invalid status: hooked' >&2; exit 0;; esac; exec '{bd}.own' \"$@\"");

        var edit = (await village.RunAsync("task", "edit", id, "--status", "hooked")).ExitsWith(5);

        Assert.Equal($"error: `bd update`: Error updating {id}: invalid status: hooked\n", edit.Error);
    }

    [Fact]
    public async Task A_reader_works_where_a_writer_is_refused()
    {
        await using var village = TestVillage.Create();
        village.InstallBeads("0.46.0");
        (await village.RunAsync("up", "--no-dashboard")).Succeed();

        (await village.RunAsync("task", "list")).Succeed();
        Assert.Contains("bd 0.46.0 gives one task to two workers at once", (await village.RunAsync("task", "add", "No")).ExitsWith(2).Error, StringComparison.Ordinal);
    }

    private static (string?, string?) Edge(JsonElement issue)
    {
        var edge = Assert.Single(issue.GetProperty("dependencies").EnumerateArray());
        return (edge.GetProperty("id").GetString(), edge.GetProperty("dependency_type").GetString());
    }
}
