using Village.Agents;
using Village.Tasks;

namespace Village.Metrics;

/// <summary>
/// What the ends of attempts add up to, over the whole log: the log is the memory, so that every reader of it counts the same.
/// Feed it every end in the order of the log; it ignores those of an older lease generation, as the ledger does.
/// </summary>
public sealed class AttemptStatistics
{
    /// <summary>The label of what no longer gets a label of its own.</summary>
    public const string Others = "other";

    // A metric whose labels anybody can invent would grow without bound.
    private const int MostNames = 100;
    private readonly Dictionary<string, long> generations = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<(string Agent, bool IsCompleted), long> finished = [];
    private readonly Dictionary<(string Agent, bool IsCompleted), Histogram> durations = [];
    private readonly Dictionary<string, AgentUsage> used = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> failures = new(StringComparer.Ordinal);
    private readonly HashSet<string> agents = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, (long Completed, long Ended)> hours = [];

    /// <summary>How many attempts ended, by agent and by whether they were completed.</summary>
    public IReadOnlyDictionary<(string Agent, bool IsCompleted), long> Finished => finished;

    /// <summary>How long they took, in seconds, by the same.</summary>
    public IReadOnlyDictionary<(string Agent, bool IsCompleted), Histogram> Durations => durations;

    /// <summary>How many failed for each reason.</summary>
    public IReadOnlyDictionary<string, long> Failures => failures;

    /// <summary>What each agent has used, as far as it told.</summary>
    public IReadOnlyDictionary<string, AgentUsage> Used => used;

    /// <summary>Takes in the next end; returns it with the agent's label, or null when it does not count.</summary>
    public AttemptEnd? Add(AttemptEnd end)
    {
        if (end.Generation < generations.GetValueOrDefault(end.Task))
        {
            return null;
        }

        generations[end.Task] = end.Generation;
        var agent = Label(end.Agent);
        if (end.Usage is { } usage)
        {
            used[agent] = used.GetValueOrDefault(agent, AgentUsage.None) + usage;
        }

        if (end.IsEnd)
        {
            Count(end, (agent, end.IsCompleted));
        }

        return end with { Agent = agent };
    }

    private void Count(AttemptEnd end, (string, bool) key)
    {
        finished[key] = finished.GetValueOrDefault(key) + 1;
        if (end.Seconds is { } seconds)
        {
            if (!durations.TryGetValue(key, out var histogram))
            {
                durations[key] = histogram = new(Histogram.Durations);
            }

            histogram.Observe(seconds);
        }

        if (!end.IsCompleted)
        {
            var reason = end.Reason is { } known && (failures.ContainsKey(known) || (failures.Count < MostNames && TaskId.TryParse(known, out _))) ? known : Others;
            failures[reason] = failures.GetValueOrDefault(reason) + 1;
        }

        var hour = end.Ts.UtcTicks / TimeSpan.TicksPerHour;
        var (completed, ended) = hours.GetValueOrDefault(hour);
        hours[hour] = (completed + (end.IsCompleted ? 1 : 0), ended + 1);
    }

    /// <summary>Of each clock hour (UTC) that is over and in which attempts ended, the share that was completed.</summary>
    public Histogram CompletionRates(DateTimeOffset now)
    {
        var rates = new Histogram(Histogram.Shares);
        foreach (var (hour, (completed, ended)) in hours)
        {
            if (hour < now.UtcTicks / TimeSpan.TicksPerHour)
            {
                rates.Observe((double)completed / ended);
            }
        }

        return rates;
    }

    private string Label(string? agent)
    {
        if (agent is null || !TaskId.TryParse(agent, out _))
        {
            return Others;
        }

        return agents.Contains(agent) || (agents.Count < MostNames && agents.Add(agent)) ? agent : Others;
    }
}
