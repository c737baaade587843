using Village.Tasks;

namespace Village.Metrics;

/// <summary>
/// What the ends of attempts add up to, over the whole log: the log is the memory, so that every reader of it counts the same.
/// It is part of the ledger, which feeds it in the order of the log, and of the checkpoint.
/// </summary>
public sealed class AttemptStatistics
{
    /// <summary>The label of what no longer gets a label of its own.</summary>
    public const string Others = "other";

    // A metric whose labels anybody can invent would grow without bound.
    private const int MostNames = 100;
    private readonly Dictionary<string, AgentSums> agents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> failures = new(StringComparer.Ordinal);
    private readonly Histogram rates = new(Histogram.Shares);

    /// <summary>Those of no attempts.</summary>
    public AttemptStatistics()
    {
    }

    /// <summary>Those to go on with.</summary>
    internal AttemptStatistics(IReadOnlyDictionary<string, AgentSums> agents, IReadOnlyDictionary<string, long> failures, HourSums hour, Histogram rates)
    {
        (this.agents, this.failures) = (new(agents, StringComparer.Ordinal), new(failures, StringComparer.Ordinal));
        (this.rates, Hour) = (rates, hour);
    }

    /// <summary>The sums of each agent, by its label.</summary>
    public IReadOnlyDictionary<string, AgentSums> Agents => agents;

    /// <summary>How many failed for each reason.</summary>
    public IReadOnlyDictionary<string, long> Failures => failures;

    /// <summary>The clock hour (UTC) of the last end; its share is not among <see cref="EarlierRates"/> yet.</summary>
    internal HourSums Hour { get; private set; }

    /// <summary>The shares of the hours before it.</summary>
    internal Histogram EarlierRates => rates;

    /// <summary>Takes in the next end.</summary>
    public void Add(AttemptEnd end)
    {
        var agent = Name(agents, end.Agent);
        if (!agents.TryGetValue(agent, out var sums))
        {
            agents[agent] = sums = new();
        }

        sums.Add(end);
        if (!end.IsEnd)
        {
            return;
        }

        if (!end.IsCompleted)
        {
            var reason = Name(failures, end.Reason);
            failures[reason] = failures.GetValueOrDefault(reason) + 1;
        }

        var hour = end.Ts.UtcTicks / TimeSpan.TicksPerHour;
        if (hour != Hour.Number)
        {
            Close(rates);
            Hour = new(hour, 0, 0);
        }

        Hour = Hour with { Completed = Hour.Completed + (end.IsCompleted ? 1 : 0), Ended = Hour.Ended + 1 };
    }

    /// <summary>The label of an agent that was counted.</summary>
    public string LabelOf(string? agent) => agent is not null && agents.ContainsKey(agent) ? agent : Others;

    /// <summary>Of each clock hour (UTC) that is over and in which attempts ended, the share that was completed.</summary>
    public Histogram CompletionRates(DateTimeOffset now)
    {
        var all = new Histogram(Histogram.Shares);
        all.Add(rates);
        if (Hour.Number < now.UtcTicks / TimeSpan.TicksPerHour)
        {
            Close(all);
        }

        return all;
    }

    private void Close(Histogram into)
    {
        if (Hour.Ended > 0)
        {
            into.Observe((double)Hour.Completed / Hour.Ended);
        }
    }

    private static string Name<T>(Dictionary<string, T> known, string? name) =>
        name is not null && (known.ContainsKey(name) || (known.Count < MostNames && TaskId.TryParse(name, out _))) ? name : Others;
}

/// <summary>The attempts that ended within a clock hour.</summary>
/// <param name="Number">Which one, counted from the year 1.</param>
/// <param name="Completed">How many were completed.</param>
/// <param name="Ended">How many ended.</param>
internal readonly record struct HourSums(long Number, long Completed, long Ended);
