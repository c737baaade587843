using System.Globalization;
using Village.Metrics;

namespace Village.Configuration;

/// <summary>The settings of <c>village metrics</c>: <c>[metrics]</c>.</summary>
public static class MetricsSettings
{
    private const string Section = "metrics";

    /// <summary>Who gets the metrics.</summary>
    public static Setting Backend { get; } = new(
        Section, "backend", "VILLAGE_METRICS_BACKEND", "prometheus", "prometheus, statsd or custom", Settings.OneOf("prometheus", "statsd", "custom"),
        "Who gets what `village metrics` reads: prometheus is its text format, statsd a server by UDP, custom the command below.");

    /// <summary>Where the endpoint listens.</summary>
    public static Setting Listen { get; } = new(
        Section, "listen", "VILLAGE_METRICS_LISTEN", "127.0.0.1", "an IP address", text => System.Net.IPAddress.TryParse(text, out _),
        "The address that `village metrics --serve` listens on. Another than 127.0.0.1 or ::1 lets every machine read that can reach it.");

    /// <summary>The port of the endpoint.</summary>
    public static Setting Port { get; } = new(
        Section, "port", "VILLAGE_METRICS_PORT", "9090", "a whole number from 0 to 65535", Settings.Whole(0, 65535),
        "The port that `village metrics --serve` listens on; 0 is any free one. A Prometheus on the same machine has 9090 itself.");

    /// <summary>How often metrics are exported.</summary>
    public static Setting ExportInterval { get; } = new(
        Section, "export_interval_seconds", "VILLAGE_METRICS_EXPORT_INTERVAL_SECONDS", "60", "a whole number from 1 to 86400", Settings.Whole(1, 86_400),
        "How often `village metrics --serve` sends, or writes its file; and how far back `--once` sends single attempts to statsd.");

    /// <summary>Labels on everything.</summary>
    public static Setting Labels { get; } = new(
        Section, "labels", "VILLAGE_METRICS_LABELS", "", "words such as repo=shop team=web", text => MetricLabels.TryParse(text) is not null,
        "Labels on every metric; two villages that are read through the same node_exporter need different ones.");

    /// <summary>The StatsD server.</summary>
    public static Setting StatsdHost { get; } = new(
        Section, "statsd_host", "VILLAGE_METRICS_STATSD_HOST", "127.0.0.1", "a host's name or address", text => text.Length > 0 && !text.Any(char.IsWhiteSpace),
        "The StatsD server.");

    /// <summary>Its port.</summary>
    public static Setting StatsdPort { get; } = new(
        Section, "statsd_port", "VILLAGE_METRICS_STATSD_PORT", "8125", "a whole number from 1 to 65535", Settings.Whole(1, 65535),
        "The UDP port of the StatsD server.");

    /// <summary>What names begin with in StatsD.</summary>
    public static Setting StatsdPrefix { get; } = new(
        Section, "statsd_prefix", "VILLAGE_METRICS_STATSD_PREFIX", "village", "letters, digits, '_', '-' and '.'", StatsdLines.IsName,
        "What names in StatsD begin with, so that several villages can share a server.");

    /// <summary>The command of the custom backend.</summary>
    public static Setting Command { get; } = new(
        Section, "command", "VILLAGE_METRICS_COMMAND", "", "a command line", Settings.IsCommand,
        "The command that backend=custom runs in the repository, without a shell; it gets the JSON of `village metrics --json` on standard input.");

    /// <summary>All of them, in the order of the reference.</summary>
    public static IReadOnlyList<Setting> All { get; } = [Backend, Listen, Port, ExportInterval, Labels, StatsdHost, StatsdPort, StatsdPrefix, Command];
}

/// <summary>How metrics are exported.</summary>
public sealed record MetricsConfig
{
    /// <summary><c>prometheus</c>, <c>statsd</c> or <c>custom</c>.</summary>
    public required string Backend { get; init; }

    /// <summary>The address to listen on.</summary>
    public required System.Net.IPAddress Listen { get; init; }

    /// <summary>The port to listen on; 0 for any.</summary>
    public required int Port { get; init; }

    /// <summary>How often to export.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>Labels on every metric.</summary>
    public required IReadOnlyList<MetricLabel> Labels { get; init; }

    /// <summary>The StatsD server.</summary>
    public required string StatsdHost { get; init; }

    /// <summary>Its UDP port.</summary>
    public required int StatsdPort { get; init; }

    /// <summary>What names in StatsD begin with.</summary>
    public required string StatsdPrefix { get; init; }

    /// <summary>The words of the custom command; empty for none.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The settings of valid texts.</summary>
    internal static MetricsConfig Of(Func<Setting, string> text) => new()
    {
        Backend = text(MetricsSettings.Backend).ToLowerInvariant(),
        Listen = System.Net.IPAddress.Parse(text(MetricsSettings.Listen)),
        Port = int.Parse(text(MetricsSettings.Port), CultureInfo.InvariantCulture),
        Interval = TimeSpan.FromSeconds(int.Parse(text(MetricsSettings.ExportInterval), CultureInfo.InvariantCulture)),
        Labels = MetricLabels.TryParse(text(MetricsSettings.Labels))!,
        StatsdHost = text(MetricsSettings.StatsdHost),
        StatsdPort = int.Parse(text(MetricsSettings.StatsdPort), CultureInfo.InvariantCulture),
        StatsdPrefix = text(MetricsSettings.StatsdPrefix),
        Command = CommandWords.Split(text(MetricsSettings.Command))!,
    };
}
