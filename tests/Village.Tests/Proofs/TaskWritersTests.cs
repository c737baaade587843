using System.Diagnostics;
using Village.Tests.Commands;
using Village.Tests.Testing;

namespace Village.Tests.Proofs;

/// <summary>The embedded store under many writers, and under death at every step of a change.</summary>
public sealed class TaskWritersTests
{
    [Fact]
    public async Task Of_many_processes_that_add_and_close_tasks_none_loses_one()
    {
        var (processes, each) = Soak.IsOn ? (32, 100) : (6, 4);
        await using var village = await TestVillage.UpAsync();

        var done = await Task.WhenAll(Enumerable.Range(0, processes).Select(async p =>
        {
            List<(string Id, bool Closed)> mine = [];
            for (var n = 0; n < each; n++)
            {
                // The guard may be busy for longer than a command waits; then it says so, and nothing has changed.
                var id = (await UntilAsync(village, "task", "add", $"Task {n} of {p}")).Out.Trim();
                mine.Add((id, n % 2 is 0));
                if (n % 2 is 0)
                {
                    await UntilAsync(village, "task", "close", id);
                }
            }

            return mine;
        }));

        var all = done.SelectMany(mine => mine).ToList();
        Assert.Distinct(all.Select(task => task.Id));
        Assert.Equal(all.Select(task => task.Id).Order(), (await TaskStoreTests.IdsAsync(village, "list", "--all")).Order());
        Assert.Equal(all.Where(task => !task.Closed).Select(task => task.Id).Order(), (await TaskStoreTests.IdsAsync(village, "ready")).Order());
    }

    public static TheoryData<string, string[]> Changes => new()
    {
        { "task add", ["task", "add", "New"] },
        { "task delete", ["task", "delete", "bd-1", "--force"] },
        { "task import", ["task", "import", "more.jsonl"] },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Killed_before_any_step_the_file_is_the_old_or_the_new_one(string name, string[] words)
    {
        const string before = """
            {"id":"bd-1","title":"One","status":"open","priority":1,"issue_type":"task"}
            {"id":"bd-2","title":"Two","status":"open","priority":1,"issue_type":"task","dependencies":[{"issue_id":"bd-2","depends_on_id":"bd-1","type":"blocks"}]}

            """;
        await using var village = await TestVillage.UpAsync();
        var file = Path.Combine(village.State, "tasks.jsonl");
        File.WriteAllText(Path.Combine(village.Root, "more.jsonl"), """{"id":"bd-1","title":"Otherwise","updated_at":"2026-11-22T00:00:00Z"}""");
        File.WriteAllText(file, before);
        Assert.False(await DieAsync(village, 0, words));
        var steps = village.Steps();
        var after = File.ReadAllText(file);
        Assert.NotEqual(before, after);
        for (var step = 1; step <= steps.Count; step++)
        {
            File.WriteAllText(file, before);

            Assert.True(await DieAsync(village, step, words));

            var left = File.ReadAllText(file);
            Assert.True(left == before || Shape(left) == Shape(after), $"{name}, killed before {steps[step - 1]}: {left}");
            (await village.RunAsync("task", "list")).Succeed();
        }
    }

    private static async Task<bool> DieAsync(TestVillage village, int step, string[] words)
    {
        using var dying = village.StartDying(step, "task", words);
        return await dying.WasKilledAsync();
    }

    // Ids and times differ from run to run, lines and their keys do not.
    private static string Shape(string text) => $"{text.Count(c => c is '\n')} {text.Count(c => c is ':')}";

    private static async Task<CliResult> UntilAsync(TestVillage village, params string[] words)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var result = await village.RunAsync(words);
            if (result.Exit is not 2 || watch.Elapsed > TimeSpan.FromMinutes(5))
            {
                return result.Succeed();
            }
        }
    }
}
