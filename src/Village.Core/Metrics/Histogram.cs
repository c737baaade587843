namespace Village.Metrics;

/// <summary>Observations counted by size: of each bound, how many are at most that.</summary>
public sealed class Histogram(IReadOnlyList<double> bounds)
{
    private readonly long[] counts = new long[bounds.Count];

    /// <summary>One to go on with.</summary>
    internal Histogram(IReadOnlyList<double> bounds, IReadOnlyList<long> counts, long count, double sum)
        : this(bounds) => (this.counts, Count, Sum) = ([.. counts], count, sum);

    /// <summary>How long attempts take, in seconds: one minute to four hours.</summary>
    public static IReadOnlyList<double> Durations { get; } = [60, 300, 900, 1800, 3600, 7200, 14400];

    /// <summary>Parts of a whole.</summary>
    public static IReadOnlyList<double> Shares { get; } = [0, 0.25, 0.5, 0.75, 0.9, 1];

    /// <summary>The bounds, rising; the last one, infinity, is not among them.</summary>
    public IReadOnlyList<double> Bounds => bounds;

    /// <summary>How many observations there are.</summary>
    public long Count { get; private set; }

    /// <summary>Their sum.</summary>
    public double Sum { get; private set; }

    /// <summary>How many are in each bucket: at most its bound, and more than the one before.</summary>
    internal IReadOnlyList<long> Counts => counts;

    /// <summary>How many are at most each bound: they never fall from one bound to the next.</summary>
    public IReadOnlyList<long> Cumulative
    {
        get
        {
            var sum = 0L;
            return [.. counts.Select(count => sum += count)];
        }
    }

    /// <summary>Takes in an observation.</summary>
    public void Observe(double value)
    {
        Count++;
        Sum += value;
        for (var i = 0; i < counts.Length; i++)
        {
            if (value <= bounds[i])
            {
                counts[i]++;
                break;
            }
        }
    }

    /// <summary>Takes in all observations of another one with the same bounds.</summary>
    public void Add(Histogram other)
    {
        Count += other.Count;
        Sum += other.Sum;
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] += other.counts[i];
        }
    }
}
