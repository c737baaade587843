using Village.Agents;

namespace Village.Metrics;

/// <summary>What the attempts of one agent add up to.</summary>
public sealed class AgentSums
{
    /// <summary>Those of no attempts.</summary>
    internal AgentSums()
        : this(new(), new(), null)
    {
    }

    /// <summary>Those to go on with.</summary>
    internal AgentSums(EndSums completed, EndSums failed, AgentUsage? used) => (Completed, Failed, Used) = (completed, failed, used);

    /// <summary>Those that were completed.</summary>
    public EndSums Completed { get; }

    /// <summary>Those that failed.</summary>
    public EndSums Failed { get; }

    /// <summary>What it has used in all; null while it has told of nothing.</summary>
    public AgentUsage? Used { get; private set; }

    /// <summary>Takes in the next one.</summary>
    internal void Add(AttemptEnd end)
    {
        Used = end.Usage is { } usage ? (Used ?? AgentUsage.None) + usage : Used;
        if (end.IsEnd)
        {
            (end.IsCompleted ? Completed : Failed).Add(end.Seconds);
        }
    }
}

/// <summary>Attempts that ended in the same way.</summary>
public sealed class EndSums
{
    /// <summary>None.</summary>
    internal EndSums()
        : this(0, new(Histogram.Durations))
    {
    }

    /// <summary>Those to go on with.</summary>
    internal EndSums(long count, Histogram durations) => (Count, Durations) = (count, durations);

    /// <summary>How many there were.</summary>
    public long Count { get; private set; }

    /// <summary>How long they took, in seconds, as far as the log tells.</summary>
    public Histogram Durations { get; }

    /// <summary>Takes in the next one.</summary>
    internal void Add(double? seconds)
    {
        Count++;
        if (seconds is { } took)
        {
            Durations.Observe(took);
        }
    }
}
