using System.Text.Json;
using Village.Tests.Testing;

namespace Village.Tests.Commands;

/// <summary>
/// The embedded store as a person and a script use it: what is asked of it in issue 5, from the command line. What Beads does in each
/// case was tried, and is the same here unless a test says otherwise. Claims are leases here, and their tests are those of leases.
/// </summary>
[Trait("scm", "none")]
public sealed class TaskStoreTests
{
    [Fact]
    public async Task A_task_becomes_ready_when_the_last_of_what_it_waits_for_is_closed()
    {
        await using var village = await TestVillage.UpAsync();
        var d = await village.AddAsync("D");
        var (b, c) = (await village.AddAsync("B", "--depends-on", d), await village.AddAsync("C", "--depends-on", d));
        var a = await village.AddAsync("A", "--depends-on", b, c);
        Assert.Equal([d], await IdsAsync(village, "ready"));
        Assert.Equal(new[] { a, b, c }.Order(), (await IdsAsync(village, "blocked")).Order());

        (await village.RunAsync("task", "close", d)).Succeed();
        Assert.Equal(new[] { b, c }.Order(), (await IdsAsync(village, "ready")).Order());
        (await village.RunAsync("task", "close", b)).Succeed();
        Assert.Equal([c], await IdsAsync(village, "ready"));
        (await village.RunAsync("task", "close", c)).Succeed();
        Assert.Equal([a], await IdsAsync(village, "ready"));
    }

    [Fact]
    public async Task Children_get_numbers_that_are_never_given_again()
    {
        await using var village = await TestVillage.UpAsync();
        var epic = await village.AddAsync("Epic", "-t", "epic");
        Assert.Equal($"{epic}.1", await village.AddAsync("One", "--parent", epic));
        var two = await village.AddAsync("Two", "--parent", epic);
        (await village.RunAsync("task", "delete", two)).Succeed();

        Assert.Equal($"{epic}.3", await village.AddAsync("Three", "--parent", epic));

        Assert.Equal([$"{epic}.1", $"{epic}.3"], (await IdsAsync(village, "list", "--parent", epic)).Order());
        Assert.Empty(await village.RefuseAsync(village.Root, 1, "not_found", [["task", "add", "Orphan", "--parent", "bd-nope"], ["task", "show", two]]));
        Assert.Empty(await village.RefuseAsync(village.Root, 3, "blocked", [["task", "close", epic], ["task", "add", "Again", "--id", two], ["task", "add", "Again", "--id", epic]]));
        Assert.Empty(await village.RefuseAsync(village.Root, 5, "user_input", [["task", "add", "Foreign", "--id", "zz-1"]]));
        Assert.Equal("zz-1", await village.AddAsync("Foreign", "--id", "zz-1", "--force"));
    }

    [Fact]
    public async Task Delete_refuses_while_others_depend_on_the_task_and_keeps_its_line()
    {
        await using var village = await TestVillage.UpAsync();
        var first = await village.AddAsync("First", "-d", "All that was known");
        var second = await village.AddAsync("Second", "--depends-on", first);
        Assert.Empty(await village.RefuseAsync(village.Root, 3, "blocked", [["task", "delete", first]]));

        var answer = (await village.RunAsync("task", "delete", first, "--force", "--reason", "a copy", "--json")).Succeed().Json();

        Assert.Equal(second, Assert.Single(answer.GetProperty("dependencies_removed").EnumerateArray()).GetString());
        Assert.Equal([second], await IdsAsync(village, "list", "--all"));
        Assert.Equal([second], await IdsAsync(village, "ready"));
        var grave = Lines(village).Single(line => line.Contains("tombstone", StringComparison.Ordinal));
        Assert.Contains("All that was known", grave, StringComparison.Ordinal);
        Assert.Contains("\"delete_reason\":\"a copy\"", grave, StringComparison.Ordinal);
        Assert.Contains(grave, (await village.RunAsync("task", "export", "--dialect", "classic")).Out, StringComparison.Ordinal);
        Assert.DoesNotContain("tombstone", (await village.RunAsync("task", "export")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Close_asks_before_it_closes_what_waits_or_is_pinned()
    {
        await using var village = await TestVillage.UpAsync();
        var first = await village.AddAsync("First");
        var second = await village.AddAsync("Second", "--depends-on", first);
        var pinned = await village.AddAsync("Pinned");
        (await village.RunAsync("task", "edit", pinned, "--status", "pinned")).Succeed();
        (await village.RunAsync("task", "dep", "add", pinned, second, "-t", "related")).Succeed();

        Assert.Empty(await village.RefuseAsync(village.Root, 3, "blocked", [["task", "close", second], ["task", "close", pinned], ["task", "edit", first, "--status", "closed"]]));
        (await village.RunAsync("task", "close", second, "--force")).Succeed();
        (await village.RunAsync("task", "close", second)).Succeed();

        var show = (await village.RunAsync("task", "show", second, "--json")).Json();
        Assert.Equal("Closed", show.GetProperty("close_reason").GetString());
        Assert.Empty(await village.RefuseAsync(village.Root, 3, "blocked", [["task", "edit", second, "--status", "open"]]));
    }

    [Fact]
    public async Task What_is_no_work_is_skipped_with_a_reason_of_its_own()
    {
        await using var village = await TestVillage.UpAsync();
        var (later, stuck, pinned) = (await village.AddAsync("Later", "--defer", "3d"), await village.AddAsync("Stuck"), await village.AddAsync("Pinned"));
        var epic = await village.AddAsync("Epic", "-t", "epic");
        (await village.RunAsync("task", "edit", stuck, "--status", "blocked")).Succeed();
        (await village.RunAsync("task", "edit", pinned, "--status", "pinned")).Succeed();

        Assert.Equal(
            ("deferred", "task_status", "pinned", "task_type"),
            (await village.SkipReasonAsync(later), await village.SkipReasonAsync(stuck), await village.SkipReasonAsync(pinned), await village.SkipReasonAsync(epic)));
        Assert.Empty(await IdsAsync(village, "ready"));
        (await village.RunAsync("task", "edit", later, "--defer", "")).Succeed();
        Assert.Equal([later], await IdsAsync(village, "ready"));
    }

    [Fact]
    public async Task Every_field_can_be_set_and_is_shown()
    {
        await using var village = await TestVillage.UpAsync();
        var task = await village.AddAsync("T", "--design", "D", "--notes", "N", "--assignee", "ann", "--due", "2026-12-24", "--defer", "2020-01-01");
        (await village.RunAsync("task", "edit", task, "--append-notes", "M", "--set-metadata", "a=3", "--set-metadata", "b=x")).Succeed();
        (await village.RunAsync("task", "label", "add", task, "ui", "agent/build")).Succeed();
        (await village.RunAsync("task", "comment", task, "Seen\nagain")).Succeed();

        var show = (await village.RunAsync("task", "show", task, "--json")).Json();
        Assert.Equal(("D", "N\nM", "ann", "2026-12-24T00:00:00Z"), (Text(show, "design"), Text(show, "notes"), Text(show, "assignee"), Text(show, "due_at")));
        Assert.Equal("""{"a":3,"b":"x"}""", JsonSerializer.Serialize(show.GetProperty("metadata")));
        Assert.Equal(("tester", "Seen\nagain"), show.GetProperty("comments")[0] is var comment ? (Text(comment, "author"), Text(comment, "text")) : default);
        Assert.Equal([task], await IdsAsync(village, "list", "--agent", "build"));
        Assert.Contains("Comments:\n", (await village.RunAsync("task", "show", task)).Out, StringComparison.Ordinal);
        Assert.Empty(await village.RefuseAsync(
            village.Root, 5, "user_input",
            [
                ["task", "comment", task, " "], ["task", "edit", task, "--set-metadata", "bad-key=1"], ["task", "edit", task, "--due", "nonsense"],
                ["task", "edit", task, "--status", "bogus"], ["task", "label", "add", task, ""], ["task", "export", "--dialect", "old"],
                ["task", "export", "--output", "/dev/null"], ["task", "export", "--output", Path.Combine(village.State, "tasks.jsonl")], ["task", "list", "--limit", "0"],
            ]));
    }

    [Fact]
    public async Task Many_tasks_come_from_a_list_all_or_none()
    {
        await using var village = await TestVillage.UpAsync();
        var known = await village.AddAsync("Known");
        var plan = Path.Combine(village.Home, "plan.md");
        File.WriteAllText(plan, $"- Whole P1 #ui\n  - Part after:{known}\n- [x] Done\n");

        var added = (await village.RunAsync("task", "add", "--file", plan, "--json")).Succeed().Json().GetProperty("tasks").EnumerateArray().ToList();
        Assert.Equal(["Whole", "Part"], added.Select(row => Text(row, "title")));
        Assert.Equal($"{Text(added[0], "id")}.1", Text(added[1], "id"));
        Assert.Equal(known, Assert.Single(added[1].GetProperty("blocked_by").EnumerateArray()).GetString());

        var circle = """{"title":"A","key":"a","depends_on":["b"]}""" + "\n" + """{"title":"B","key":"b","depends_on":["a"]}""";
        var before = Lines(village);
        var refused = (await village.RunInAsync(village.Root, ["task", "add", "-"], circle)).ExitsWith(3);
        Assert.StartsWith("error: they would wait for each other: ", refused.Error, StringComparison.Ordinal);
        (await village.RunInAsync(village.Root, ["task", "add", "-"], "- Good\n- After nothing after:bd-none\n")).ExitsWith(1);
        (await village.RunInAsync(village.Root, ["task", "add", "-", "-p", "1"], "- Good\n")).ExitsWith(5);
        Assert.Equal(before, Lines(village));
    }

    [Fact]
    public async Task An_import_is_whole_or_not_at_all_and_an_export_comes_back_the_same()
    {
        await using var village = await TestVillage.UpAsync();
        var file = Path.Combine(village.Home, "issues.jsonl");
        File.WriteAllText(file, """
            {"_schema":"beads-jsonl/1"}
            {"_type":"issue","id":"bd-1","title":"A \u003c\u0026\u003e","priority":1,"created_at":"2020-01-01T00:00:00.123456789+02:00","updated_at":"2020-01-01T00:00:00Z","own":{"k": 1},"dependency_count":3}
            {"_type":"memory","key":"k","value":"v"}

            {"id":"bd-2","title":"B","updated_at":"2020-01-01T00:00:00Z","dependencies":[{"issue_id":"bd-2","depends_on_id":"bd-1","type":"blocks"}]}
            """.ReplaceLineEndings("\r\n"));
        Assert.Equal((2, false), (await village.RunAsync("task", "import", file, "--plan", "--json")).Succeed().Json() is var plan ? (plan.GetProperty("created").GetArrayLength(), File.Exists(Path.Combine(village.State, "tasks.jsonl"))) : default);

        (await village.RunAsync("task", "import", file)).Succeed();
        Assert.Equal(["bd-1"], await IdsAsync(village, "ready"));
        Assert.Contains("\"created_at\":\"2020-01-01T00:00:00.123456789+02:00\"", Lines(village)[0], StringComparison.Ordinal);
        Assert.Contains("\"own\":{\"k\": 1}", Lines(village)[0], StringComparison.Ordinal);
        var export = (await village.RunAsync("task", "export", "-o", file)).Succeed();
        var fingerprint = village.Fingerprint();
        Assert.Equal(2, (await village.RunAsync("task", "import", file, "--json")).Succeed().Json().GetProperty("unchanged").GetInt32());
        Assert.Equal(fingerprint, village.Fingerprint());

        File.AppendAllText(file, "{\"id\":\"bd-3\",\"title\":\"C\"}\n<<<<<<< HEAD\n");
        Assert.Empty(await village.RefuseAsync(village.Root, 5, "user_input", [["task", "import", file], ["task", "import", file, "--plan"], ["task", "import", "/nowhere"], ["task", "import", "/dev/null"]]));
        Assert.Contains("issues.jsonl:5: the line is a merge conflict marker", (await village.RunAsync("task", "import", file)).Error, StringComparison.Ordinal);
        (await village.RunInAsync(village.Root, ["task", "import", "-"], "")).Succeed();
    }

    [Fact]
    public async Task A_circle_that_an_import_brings_is_named_and_holds_its_tasks()
    {
        await using var village = await TestVillage.UpAsync();
        (await village.RunInAsync(village.Root, ["task", "import", "-"], """
            {"id":"bd-1","title":"A","dependencies":[{"depends_on_id":"bd-2","type":"blocks"}]}
            {"id":"bd-2","title":"B","dependencies":[{"depends_on_id":"bd-1","type":"blocks"}]}
            """)).Succeed();

        Assert.Empty(await IdsAsync(village, "ready"));
        Assert.Equal("bd-1, bd-2\n", (await village.RunAsync("task", "dep", "cycles")).Succeed().Out);
        Assert.Equal("bd-1  A\n  bd-2  B\n    bd-1  A …\n", (await village.RunAsync("task", "dep", "tree", "bd-1")).Succeed().Out);
    }

    [Fact]
    public async Task The_store_is_one_from_everywhere_and_no_database_of_Beads()
    {
        await using var village = await TestVillage.UpAsync();
        var task = await village.AddAsync("One");
        var deep = Path.Combine(village.Root, "deep", "er");
        Directory.CreateDirectory(deep);

        Assert.Contains(task, (await village.RunInAsync(deep, ["task", "list"])).Succeed().Out, StringComparison.Ordinal);

        Assert.Empty(Directory.GetFiles(village.State, "*.db", SearchOption.AllDirectories));
        Assert.False(Directory.Exists(Path.Combine(village.Root, ".beads")));
    }

    [Fact]
    public async Task Numbers_and_labels_of_the_store_are_counted()
    {
        await using var village = await TestVillage.UpAsync();
        var epic = await village.AddAsync("Epic", "-t", "epic", "-l", "ui");
        var part = await village.AddAsync("Part", "--parent", epic, "-l", "ui", "x");
        await village.AddAsync("Waits", "--depends-on", part, "-p", "0");
        (await village.RunAsync("task", "close", part)).Succeed();

        var stats = (await village.RunAsync("task", "stats", "--json")).Succeed().Json();
        Assert.Equal((3, 1, 0, 0), (Number(stats, "total"), Number(stats, "ready"), Number(stats, "blocked"), Number(stats, "deferred")));
        Assert.Equal(epic, Assert.Single(stats.GetProperty("epics_to_close").EnumerateArray()).GetString());
        Assert.Contains($"village task close {epic}\n", (await village.RunAsync("task", "stats")).Out, StringComparison.Ordinal);
        Assert.Equal(
            ["ui 1 1", "x 0 1"],
            (await village.RunAsync("task", "label", "list", "--json")).Json().GetProperty("labels").EnumerateArray()
                .Select(row => $"{Text(row, "label")} {Number(row, "open")} {Number(row, "closed")}"));
    }

    [Fact]
    public async Task An_estimate_is_a_number_of_minutes()
    {
        await using var village = await TestVillage.UpAsync();
        var task = await village.AddAsync("T", "--estimate", "90", "--assignee", "ann");
        Assert.Contains("\nestimate: 90 minutes\n", (await village.RunAsync("task", "show", task)).Out, StringComparison.Ordinal);
        Assert.Contains("\"estimated_minutes\":90,\"created_at\"", Lines(village)[0], StringComparison.Ordinal);

        Assert.Empty(await village.RefuseAsync(village.Root, 5, "user_input", [["task", "add", "U", "--estimate", "-5"], ["task", "edit", task, "--estimate", "1h"]]));
        Assert.Equal(0, Number((await village.RunAsync("task", "edit", task, "--estimate", "0", "--json")).Succeed().Json(), "estimated_minutes"));
        (await village.RunAsync("task", "edit", task, "--estimate", "", "--assignee", "")).Succeed();
        Assert.DoesNotContain("estimated_minutes", Lines(village)[0], StringComparison.Ordinal);
        Assert.DoesNotContain("assignee", Lines(village)[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_removed_edge_holds_nothing_back()
    {
        await using var village = await TestVillage.UpAsync();
        var (a, b, c) = (await village.AddAsync("A"), await village.AddAsync("B"), await village.AddAsync("C"));
        (await village.RunAsync("task", "dep", "add", a, b)).Succeed();
        var before = Lines(village);
        (await village.RunAsync("task", "dep", "add", a, b)).Succeed();
        (await village.RunAsync("task", "reopen", a)).Succeed();
        Assert.Equal(before, Lines(village));
        Assert.Empty(await village.RefuseAsync(village.Root, 1, "not_found", [["task", "dep", "add", a, "bd-none"], ["task", "add", "D", "--depends-on", "bd-none"]]));

        (await village.RunAsync("task", "dep", "remove", a, b)).Succeed();
        Assert.Contains(a, await IdsAsync(village, "ready"));

        (await village.RunAsync("task", "dep", "add", a, b, "-t", "related")).Succeed();
        (await village.RunAsync("task", "dep", "add", a, c, "-t", "parent-child")).Succeed();
        (await village.RunAsync("task", "close", a)).Succeed();
    }

    internal static async Task<IReadOnlyList<string>> IdsAsync(TestVillage village, params string[] words) =>
        [.. (await village.RunAsync(["task", .. words, "--json"])).Succeed().Json().GetProperty("tasks").EnumerateArray().Select(row => Text(row, "id"))];

    private static string[] Lines(TestVillage village) => File.ReadAllLines(Path.Combine(village.State, "tasks.jsonl"));

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();
}
