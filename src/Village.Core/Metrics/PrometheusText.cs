using System.Globalization;
using System.Text;

namespace Village.Metrics;

/// <summary>
/// Metrics in Prometheus' text format, version 0.0.4:
/// <code>
/// # HELP village_tasks_finished_total Attempts that ended, by agent and result.
/// # TYPE village_tasks_finished_total counter
/// village_tasks_finished_total{agent="build",result="completed"} 12
/// </code>
/// </summary>
public static class PrometheusText
{
    /// <summary>What HTTP calls it.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>How such a text of ours begins.</summary>
    public const string Beginning = "# HELP village_";

    /// <summary>The text of some metrics, with its closing newline.</summary>
    public static string Format(IReadOnlyList<Metric> metrics)
    {
        var text = new StringBuilder(8 << 10);
        foreach (var metric in metrics)
        {
            text.Append("# HELP ").Append(metric.Name).Append(' ').Append(metric.Help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('\n');
            text.Append("# TYPE ").Append(metric.Name).Append(' ').Append(Name(metric.Type)).Append('\n');
            foreach (var sample in metric.Samples)
            {
                Append(text, metric.Name, sample);
            }
        }

        return text.ToString();
    }

    /// <summary>The type's name.</summary>
    public static string Name(MetricType type) => type switch
    {
        MetricType.Gauge => "gauge",
        MetricType.Counter => "counter",
        _ => "histogram",
    };

    /// <summary>A number as every reader of the format understands it.</summary>
    public static string Number(double value) => value.ToString(value == Math.Truncate(value) && Math.Abs(value) < 1e15 ? "0" : "R", CultureInfo.InvariantCulture);

    private static void Append(StringBuilder text, string name, MetricSample sample)
    {
        if (sample.Histogram is not { } histogram)
        {
            Line(text, name, sample.Labels, Number(sample.Value));
            return;
        }

        foreach (var (bound, count) in histogram.Bounds.Select(Number).Append("+Inf").Zip(histogram.Cumulative.Append(histogram.Count)))
        {
            Line(text, $"{name}_bucket", [.. sample.Labels, new("le", bound)], Number(count));
        }

        Line(text, $"{name}_sum", sample.Labels, Number(histogram.Sum));
        Line(text, $"{name}_count", sample.Labels, Number(histogram.Count));
    }

    private static void Line(StringBuilder text, string name, IReadOnlyList<MetricLabel> labels, string value)
    {
        text.Append(name);
        for (var i = 0; i < labels.Count; i++)
        {
            text.Append(i is 0 ? '{' : ',').Append(labels[i].Name).Append("=\"").Append(Escaped(labels[i].Value)).Append('"');
        }

        text.Append(labels is [] ? " " : "} ").Append(value).Append('\n');
    }

    private static string Escaped(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
