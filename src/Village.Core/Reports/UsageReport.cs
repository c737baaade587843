using System.Globalization;
using Village.Agents;
using Village.Events;

namespace Village.Reports;

/// <summary>What the attempts of one task, agent or day have used.</summary>
public sealed record UsageRow
{
    /// <summary>The task, the agent, or the day (UTC).</summary>
    public required string Name { get; init; }

    /// <summary>How many attempts told of what they used.</summary>
    public required int Attempts { get; init; }

    /// <summary>Tokens that were read, without those from a cache.</summary>
    public required long InputTokens { get; init; }

    /// <summary>Tokens that were written.</summary>
    public required long OutputTokens { get; init; }

    /// <summary>Tokens that came from a cache.</summary>
    public required long CacheReadTokens { get; init; }

    /// <summary>Tokens that were put into one.</summary>
    public required long CacheWriteTokens { get; init; }

    /// <summary>Dollars; null where no agent said.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>The row of some attempts' sum.</summary>
    public static UsageRow Of(string name, int attempts, AgentUsage usage) => new()
    {
        Name = name,
        Attempts = attempts,
        InputTokens = usage.Input,
        OutputTokens = usage.Output,
        CacheReadTokens = usage.CacheRead,
        CacheWriteTokens = usage.CacheWrite,
        CostUsd = usage.Usd,
    };
}

/// <summary>The answer of <c>usage</c>.</summary>
/// <param name="By"><c>task</c>, <c>agent</c> or <c>day</c>.</param>
/// <param name="Rows">A row for each, by name.</param>
/// <param name="Total">The sum of them.</param>
public sealed record UsageReport(string By, IReadOnlyList<UsageRow> Rows, UsageRow Total) : Report("usage")
{
    /// <summary>What can be asked for.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["task", "agent", "day"];

    /// <summary>The sums of a log; only the ends of attempts tell what the attempt used.</summary>
    public static UsageReport For(IEnumerable<VillageEvent> events, string by)
    {
        var sums = new SortedDictionary<string, (int Attempts, AgentUsage Usage)>(StringComparer.Ordinal);
        var (attempts, total) = (0, AgentUsage.None);
        foreach (var e in events)
        {
            if (e is not { To: not null, Usage: { } usage })
            {
                continue;
            }

            var name = by switch
            {
                "agent" => e.Agent,
                "day" => e.Ts.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                _ => e.Task,
            }
            ?? "-";
            var known = sums.TryGetValue(name, out var found) ? found : (Attempts: 0, Usage: AgentUsage.None);
            sums[name] = (known.Attempts + 1, known.Usage + usage);
            (attempts, total) = (attempts + 1, total + usage);
        }

        return new(by, [.. sums.Select(pair => UsageRow.Of(pair.Key, pair.Value.Attempts, pair.Value.Usage))], UsageRow.Of("total", attempts, total));
    }
}
