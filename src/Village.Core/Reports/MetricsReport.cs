using Village.Metrics;

namespace Village.Reports;

/// <summary>One bucket of a histogram.</summary>
/// <param name="Le">Its bound; the last one, infinity, is null.</param>
/// <param name="Count">How many observations are at most that.</param>
public sealed record BucketRow(double? Le, long Count);

/// <summary>One value of a metric.</summary>
/// <param name="Labels">What tells it from the others.</param>
/// <param name="Value">The value; of a histogram the sum.</param>
/// <param name="Count">Of a histogram how many observations there are; else null.</param>
/// <param name="Buckets">Of a histogram how many are at most each bound; else null.</param>
public sealed record SampleRow(IReadOnlyDictionary<string, string> Labels, double Value, long? Count, IReadOnlyList<BucketRow>? Buckets);

/// <summary>One metric.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">gauge, counter or histogram.</param>
/// <param name="Help">One sentence.</param>
/// <param name="Samples">Its values.</param>
public sealed record MetricRow(string Name, string Type, string Help, IReadOnlyList<SampleRow> Samples);

/// <summary>The answer of <c>metrics</c>, and what the command of the custom backend is given.</summary>
/// <param name="At">When it was true.</param>
/// <param name="Backend">Who got it.</param>
/// <param name="Metrics">The metrics.</param>
public sealed record MetricsReport(DateTimeOffset At, string Backend, IReadOnlyList<MetricRow> Metrics) : Report("metrics")
{
    /// <summary>The report of some metrics.</summary>
    public static MetricsReport Of(DateTimeOffset at, string backend, IReadOnlyList<Metric> metrics) =>
        new(at, backend, [.. metrics.Select(metric => new MetricRow(metric.Name, PrometheusText.Name(metric.Type), metric.Help, [.. metric.Samples.Select(Row)]))]);

    private static SampleRow Row(MetricSample sample) => new(
        sample.Labels.ToDictionary(label => label.Name, label => label.Value),
        sample.Value,
        sample.Histogram?.Count,
        sample.Histogram is { } histogram
            ? [.. histogram.Bounds.Select(bound => (double?)bound).Append(null).Zip(histogram.Cumulative.Append(histogram.Count), (bound, count) => new BucketRow(bound, count))]
            : null);
}
