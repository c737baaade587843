using Village.Tests.Testing;

namespace Village.Tests.Journeys;

/// <summary>A task that is completed here while the task store has it open: it counts, unless COMPLETED_COUNTS says otherwise.</summary>
public sealed class CompletedHereTests
{
    [Fact]
    public async Task What_starts_because_of_it_is_named_in_every_answer()
    {
        var (village, first, second) = await LaggingAsync("");
        await using var _ = village;
        var sentence = $"{second} may start because {first} is completed here, though it is open in the task store";

        Assert.Contains(sentence, (await village.RunAsync("ready")).Succeed().Out, StringComparison.Ordinal);
        var ready = (await village.RunAsync("ready", "--json")).Succeed().Json().GetProperty("reliances")[0];
        Assert.Equal((second, first), (ready.GetProperty("task").GetString(), ready.GetProperty("completed")[0].GetString()));
        (await village.RunAsync("queue")).Succeed().Out.ShouldBe($"""
            0 of 2 workers active, 2 free

            WOULD START  AGENT  TITLE
            {second}       build  Second

            {sentence}

            NOT STARTED  REASON     WHY
            {first}       completed  it is completed; `village retry {first} --force` runs it again

            Start them with: village queue 1

            """);
        Assert.Equal(first, (await village.RunAsync("queue", "--plan", "--json")).Succeed().Json().GetProperty("available_tasks")[0].GetProperty("relies_on")[0].GetString());

        var drain = await village.RunAsync("queue", "--drain");

        Assert.Contains(sentence, drain.Succeed().Out, StringComparison.Ordinal);
        Assert.Equal("completed", (await village.StateAsync(second)).State);
    }

    [Fact]
    public async Task Where_it_does_not_count_the_next_task_waits_and_is_told_why()
    {
        var (village, first, second) = await LaggingAsync("COMPLETED_COUNTS=false");
        await using var _ = village;

        (await village.RunAsync("ready")).ExitsWith(3);
        var row = Assert.Single(
            (await village.RunAsync("queue", "--plan", "--json")).Succeed().Json().GetProperty("blocked_tasks").EnumerateArray(),
            row => row.GetProperty("task").GetString() == second);
        Assert.Equal(("dependencies", $"it is blocked by {first} (completed here, but open in the task store)"), (row.GetProperty("skip_reason").GetString(), row.GetProperty("message").GetString()));
        Assert.Equal([first], row.GetProperty("blocked_by").EnumerateArray().Select(id => id.GetString()));

        // The store hears of it with the next command that acts on tasks.
        (await village.RunAsync("queue", "1")).ExitsWith(3);
        (await village.RunAsync("queue", "--drain")).Succeed();
        Assert.Equal("completed", (await village.StateAsync(second)).State);
    }

    private static async Task<(TestVillage Village, string First, string Second)> LaggingAsync(string settings)
    {
        var village = await TestVillage.UpAsync("echo work > \"$VILLAGE_TASK.txt\"", settings);
        var first = await village.AddAsync("First", "--id", "bd-one");
        (await village.RunAsync("queue", "--drain")).Succeed();
        var second = await village.AddAsync("Second", "--id", "bd-two", "--depends-on", first);
        var store = Path.Combine(village.State, "tasks.jsonl");
        File.WriteAllText(store, File.ReadAllText(store).Replace("\"status\":\"closed\"", "\"status\":\"open\"", StringComparison.Ordinal));
        return (village, first, second);
    }
}
