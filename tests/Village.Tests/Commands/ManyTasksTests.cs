using Village.Tests.Testing;

namespace Village.Tests.Commands;

/// <summary>Commands that take several tasks: all are changed, or none.</summary>
[Trait("scm", "none")]
public sealed class ManyTasksTests
{
    [Fact]
    public async Task Several_tasks_are_closed_and_opened_at_once()
    {
        await using var village = await TestVillage.UpAsync();
        var (a, b) = (await village.AddAsync("A"), await village.AddAsync("B"));

        Assert.Equal($"Closed {a}\nClosed {b}\n", (await village.RunAsync("task", "close", a, b, a)).Succeed().Out);
        Assert.Empty(await TaskStoreTests.IdsAsync(village, "list"));
        Assert.Equal([b, a], await TaskStoreTests.IdsAsync(village, "reopen", b, a));
        Assert.Equal(new[] { a, b }.Order(), (await TaskStoreTests.IdsAsync(village, "ready")).Order());
        Assert.Equal(2, File.ReadLines(Path.Combine(village.State, "events.log")).Count(line => line.Contains("\"cmd\":\"task close\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task One_of_several_that_may_not_be_changed_leaves_all_as_they_were()
    {
        await using var village = await TestVillage.UpAsync();
        var (a, b) = (await village.AddAsync("A"), await village.AddAsync("B"));
        var waits = await village.AddAsync("Waits", "--depends-on", b);
        var before = File.ReadAllBytes(Path.Combine(village.State, "tasks.jsonl"));
        var events = File.ReadAllBytes(Path.Combine(village.State, "events.log"));

        Assert.Contains($"'{waits}' is blocked by open tasks: {b}", (await village.RunAsync("task", "close", a, waits)).ExitsWith(3).Error, StringComparison.Ordinal);
        (await village.RunAsync("task", "close", a, "bd-none")).ExitsWith(1);
        (await village.RunAsync("task", "edit", a, "bd-none", "--label", "x")).ExitsWith(1);
        (await village.RunAsync("task", "delete", a, b)).ExitsWith(3);
        (await village.RunAsync("task", "reopen", a, "../a")).ExitsWith(5);

        Assert.Equal(before, File.ReadAllBytes(Path.Combine(village.State, "tasks.jsonl")));
        Assert.Equal(events, File.ReadAllBytes(Path.Combine(village.State, "events.log")));
    }

    [Fact]
    public async Task What_waits_for_each_other_is_closed_together_in_any_order()
    {
        await using var village = await TestVillage.UpAsync();
        var first = await village.AddAsync("First");
        var second = await village.AddAsync("Second", "--depends-on", first);
        var epic = await village.AddAsync("Epic", "-t", "epic");
        var part = await village.AddAsync("Part", "--parent", epic);

        (await village.RunAsync("task", "close", second, first, epic, part)).Succeed();

        Assert.Empty(await TaskStoreTests.IdsAsync(village, "list"));
    }

    [Fact]
    public async Task Fields_and_labels_of_several_tasks_are_changed_at_once()
    {
        await using var village = await TestVillage.UpAsync();
        var (a, b, c) = (await village.AddAsync("A", "-l", "old"), await village.AddAsync("B", "-l", "old"), await village.AddAsync("C", "-l", "old"));

        (await village.RunAsync("task", "edit", a, b, "--label", "new", "--remove-label", "old", "--priority", "0")).Succeed();

        Assert.Equal(new[] { a, b }.Order(), (await TaskStoreTests.IdsAsync(village, "list", "--label", "new", "--priority", "0")).Order());
        Assert.Equal([c], await TaskStoreTests.IdsAsync(village, "list", "--label", "old"));
    }

    [Fact]
    public async Task Tasks_that_depend_on_each_other_are_deleted_together_and_their_lines_stay_whole()
    {
        await using var village = await TestVillage.UpAsync();
        var first = await village.AddAsync("First");
        var second = await village.AddAsync("Second", "--depends-on", first);

        var rows = (await village.RunAsync("task", "delete", first, second, "--json")).Succeed().Json().GetProperty("tasks");

        Assert.Equal([first, second], rows.EnumerateArray().Select(row => row.GetProperty("deleted").GetString()));
        var line = File.ReadLines(Path.Combine(village.State, "tasks.jsonl")).Single(line => line.Contains("\"Second\"", StringComparison.Ordinal));
        Assert.Contains($"\"depends_on_id\":\"{first}\"", line, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"tombstone\"", line, StringComparison.Ordinal);
    }
}
