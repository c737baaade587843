using System.Text;
using Village.Agents;

namespace Village.Metrics;

/// <summary>
/// Metrics for a StatsD server: what is true now as gauges, and each attempt that has ended as counters and a timer.
/// <code>
/// village.active_workers:2|g
/// village.tasks_finished.build.completed:1|c
/// village.task_duration.build.completed:183250|ms
/// village.agent_tokens.build.input:48210|c
/// </code>
/// Labels become parts of the name, because not every server knows tags; <c>h</c> and <c>d</c> are not used, because the original
/// one counts them.
/// </summary>
public static class StatsdLines
{
    /// <summary>What fits into one packet of an Ethernet network.</summary>
    public const int MostBytes = 1432;

    private const string Prefix = "village_";

    /// <summary>The lines of some metrics and of attempts that were not sent before.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<Metric> metrics, IEnumerable<AttemptEnd> ends, string prefix) =>
    [
        .. from metric in metrics
           where metric.Type is MetricType.Gauge
           from sample in metric.Samples
           select $"{prefix}.{Path(metric.Name, sample.Labels)}:{PrometheusText.Number(sample.Value)}|g",
        .. ends.SelectMany(end => Of(end, prefix)),
    ];

    /// <summary>Whether a text can stand in a name without being taken for something else.</summary>
    public static bool IsName(string text) => text.Length > 0 && text.All(c => c is '.' || IsPlain(c)) && !text.StartsWith('.') && !text.EndsWith('.');

    /// <summary>Lines in packets, as many in each as fit; a line that fits none has one of its own.</summary>
    public static IEnumerable<byte[]> Packets(IReadOnlyList<string> lines)
    {
        var packet = new StringBuilder();
        foreach (var line in lines)
        {
            // All of it is ASCII.
            if (packet.Length > 0 && packet.Length + 1 + line.Length > MostBytes)
            {
                yield return Encoding.ASCII.GetBytes(packet.ToString());
                packet.Clear();
            }

            packet.Append(packet.Length > 0 ? "\n" : "").Append(line);
        }

        if (packet.Length > 0)
        {
            yield return Encoding.ASCII.GetBytes(packet.ToString());
        }
    }

    private static IEnumerable<string> Of(AttemptEnd end, string prefix)
    {
        var agent = Part(end.Agent ?? AttemptStatistics.Others);
        var name = $"{agent}.{VillageMetrics.NameOf(end.IsCompleted)}";
        if (end.IsEnd)
        {
            yield return $"{prefix}.tasks_finished.{name}:1|c";
        }

        if (end is { IsEnd: true, Seconds: { } seconds })
        {
            yield return $"{prefix}.task_duration.{name}:{PrometheusText.Number(Math.Round(seconds * 1000))}|ms";
        }

        foreach (var (kind, tokens) in VillageMetrics.Kinds(end.Usage ?? AgentUsage.None).Where(kind => kind.Tokens > 0))
        {
            yield return $"{prefix}.agent_tokens.{agent}.{kind}:{PrometheusText.Number(tokens)}|c";
        }

        if (end.Usage?.Usd is > 0 and var usd)
        {
            yield return $"{prefix}.agent_cost_usd.{agent}:{PrometheusText.Number((double)usd)}|c";
        }
    }

    private static string Path(string name, IReadOnlyList<MetricLabel> labels) =>
        string.Join('.', labels.Select(label => Part(label.Value)).Prepend(name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name));

    private static string Part(string text) => text is "" ? "_" : string.Concat(text.Select(c => IsPlain(c) ? c : '_'));

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}
