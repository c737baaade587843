using Village.Tests.Testing;

namespace Village.Tests.Agents;

/// <summary>What an agent has cost, by its own word, keeps it from starting once its budget is spent; others go on.</summary>
[Trait("scm", "none")]
public sealed class BudgetTests
{
    // In place of opencode: each attempt costs 60 cents.
    private const string Costs = """
        [ "$1" != db ] || exit 0
        echo work > work.txt
        echo '{"type":"step_finish","sessionID":"ses_1","part":{"reason":"stop","tokens":{"input":10,"output":5,"cache":{"read":0,"write":0}},"cost":0.6}}'
        """;

    [Fact]
    public async Task A_spent_budget_stops_new_starts_of_its_agent_alone()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt", "MAX_WORKERS=1");
        File.AppendAllText(Path.Combine(village.State, "config"), $"[agent.dear]\ntype=opencode\nbudget_usd=1\ncommand={village.Agent("dear", Costs)}\n");
        List<string> dear = [];
        for (var i = 0; i < 3; i++)
        {
            dear.Add(await village.AddAsync($"Dear {i}", "--label", "agent:dear"));
        }

        var free = await village.AddAsync("Free", "--priority", "4");

        Assert.Matches("budget_spent", (await village.RunAsync("queue", "--drain")).Succeed().Out);

        Assert.Equal("completed", (await village.StateAsync(free)).State);
        Assert.Equal(2, dear.Count(task => village.Events().Any(e => Asking.Text(e, "task") == task && Asking.Text(e, "to") is "completed")));
        var usage = (await village.RunAsync("usage", "--by", "agent", "--json")).Succeed().Json().GetProperty("total");
        Assert.Equal((20, 10, 1.2m), (usage.GetProperty("input_tokens").GetInt32(), usage.GetProperty("output_tokens").GetInt32(), usage.GetProperty("cost_usd").GetDecimal()));
        var config = Path.Combine(village.State, "config");
        File.WriteAllText(config, File.ReadAllText(config).Replace("budget_usd=1", "budget_usd=5", StringComparison.Ordinal));
        (await village.RunAsync("queue", "--drain")).Succeed();
        Assert.All(dear, task => Assert.Contains(village.Events(), e => Asking.Text(e, "task") == task && Asking.Text(e, "to") is "completed"));
    }
}
