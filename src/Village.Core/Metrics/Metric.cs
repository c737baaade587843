namespace Village.Metrics;

/// <summary>What a metric's values mean.</summary>
public enum MetricType
{
    /// <summary>A value that goes up and down.</summary>
    Gauge,

    /// <summary>A sum that only grows.</summary>
    Counter,

    /// <summary>Observations, counted by size.</summary>
    Histogram,
}

/// <summary>A label of a sample.</summary>
/// <param name="Name">Its name: <c>agent</c>.</param>
/// <param name="Value">Its value, any text.</param>
public sealed record MetricLabel(string Name, string Value);

/// <summary>One value of a metric.</summary>
/// <param name="Labels">What tells it from the others, in a fixed order.</param>
/// <param name="Value">The value; of a histogram the sum of what was observed.</param>
/// <param name="Histogram">The observations, for a histogram only.</param>
public sealed record MetricSample(IReadOnlyList<MetricLabel> Labels, double Value, Histogram? Histogram = null);

/// <summary>A metric with all its values, by Prometheus' rules of naming; <see cref="VillageMetrics"/> makes them.</summary>
/// <param name="Name">Its name: <c>village_active_workers</c>.</param>
/// <param name="Type">What its values mean.</param>
/// <param name="Help">One sentence.</param>
/// <param name="Samples">The values, sorted by label.</param>
public sealed record Metric(string Name, MetricType Type, string Help, IReadOnlyList<MetricSample> Samples);
