using System.Text;
using Village.Adapters.Metrics;
using Village.Adapters.Processes;
using Village.Configuration;
using Village.Errors;
using Village.Hosting;
using Village.Metrics;
using Village.Platform;
using Village.Reports;
using Village.Storage;

namespace Village.Operations;

/// <summary>Gathers the metrics of a village, and gives them to whoever shall have them.</summary>
/// <param name="village">The village.</param>
/// <param name="output">The file they are written to, or null.</param>
/// <param name="json">The JSON of a report.</param>
internal sealed class ExportMetrics(VillageContext village, string? output, Func<MetricsReport, string> json)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CommandTime = TimeSpan.FromMinutes(1);
    private readonly MetricsConfig config = village.Config.Metrics;
    private (DateTimeOffset At, string Text)? last;

    /// <summary>What is true now.</summary>
    public async Task<(MetricsReport Report, IReadOnlyList<Metric> Metrics)> GatherAsync(CancellationToken ct)
    {
        var (seen, _) = await village.ObserveAsync(ct);
        var status = StatusReport.For(seen, village.Config.MaxWorkers, village.Config.WorktreesDir).Summary;
        var metrics = VillageMetrics.Of(seen, status, village.Host.Version).WithLabels(config.Labels);
        return (MetricsReport.Of(seen.Now, config.Backend, metrics), metrics);
    }

    /// <summary>Exports once; the sentence says what became of it, or is null for what is only to be shown.</summary>
    public async Task<(MetricsReport Report, IReadOnlyList<Metric> Metrics, string? Done)> OnceAsync(CancellationToken ct)
    {
        // Nobody remembers what was sent before; whoever calls this every so often misses none and sends none twice.
        var (report, metrics) = await GatherAsync(ct);
        return (report, metrics, await DeliverAsync(report, metrics, Ends(Since(village.Now - config.Interval)), ct));
    }

    /// <summary>Exports again and again. What fails is told, and tried again the next time.</summary>
    public async Task RepeatAsync(Action<string> warn, CancellationToken ct)
    {
        village.Tasks.MayBeOld = TaskSource.UsualAge;
        List<AttemptEnd> unsent = [];
        var since = Since(village.Now);
        while (true)
        {
            try
            {
                var (report, metrics) = await GatherAsync(ct);
                unsent.AddRange(Ends(since));
                await DeliverAsync(report, metrics, unsent, ct);
                unsent.Clear();
            }
            catch (Exception failure) when (failure is VillageException or IOException)
            {
                warn((failure as VillageException)?.Advice ?? failure.Message);
            }

            await Task.Delay(config.Interval, village.Host.Clock, ct);
        }
    }

    /// <summary>Lets Prometheus fetch them, until it is called off.</summary>
    public async Task ServeAsync(Action<string> say, CancellationToken ct)
    {
        village.Tasks.MayBeOld = TaskSource.UsualAge;
        using var endpoint = MetricsEndpoint.Open(config.Listen, config.Port);
        using var turn = new SemaphoreSlim(1);
        say($"metrics are at {endpoint.Url}; Ctrl-C ends it");
        await endpoint.ServeAsync(
            async stop =>
            {
                await turn.WaitAsync(stop);
                try
                {
                    return await TextAsync(stop);
                }
                finally
                {
                    turn.Release();
                }
            },
            ct);
    }

    // Only StatsD is told of single attempts: whoever reads the sums needs none.
    private LogSearch Since(DateTimeOffset time) => village.Events.Search(new() { Since = time });

    private IReadOnlyList<AttemptEnd> Ends(LogSearch since) => config.Backend is not "statsd" ? [] :
    [
        .. from e in since.Forward()
           where AttemptEnd.Of(e) is not null
           let end = AttemptEnd.Of(e)!.Value
           select end with { Agent = village.Events.Read().Attempts.LabelOf(end.Agent) },
    ];

    // Many who ask at once get one answer.
    private async Task<string> TextAsync(CancellationToken ct)
    {
        if (last is { } known && (village.Now - known.At).Duration() < Fresh)
        {
            return known.Text;
        }

        var (report, metrics) = await GatherAsync(ct);
        last = (report.At, PrometheusText.Format(metrics));
        return last.Value.Text;
    }

    private async Task<string?> DeliverAsync(MetricsReport report, IReadOnlyList<Metric> metrics, IReadOnlyList<AttemptEnd> ends, CancellationToken ct)
    {
        switch (config.Backend)
        {
            case "statsd":
                var lines = StatsdLines.Of(metrics, ends, config.StatsdPrefix);
                await StatsdClient.SendAsync(config.StatsdHost, config.StatsdPort, StatsdLines.Packets(lines), ct);
                return $"{lines.Count} values were sent to {config.StatsdHost}:{config.StatsdPort}";
            case "custom":
                await RunAsync(json(report), ct);
                return $"{config.Command[0]} was given {metrics.Count} metrics";
            default:
                return output is null ? null : Write(output, PrometheusText.Format(metrics));
        }
    }

    private async Task RunAsync(string input, CancellationToken ct)
    {
        var command = new ToolCommand(config.Command[0], village.Root, [.. config.Command.Skip(1)]) { Input = input, Deadline = CommandTime };
        (await village.Runner.RunAsync(command, ct)).Require();
    }

    // Read by another user's program, so others may; what is there and is none of ours is left alone.
    private static string Write(string path, string text)
    {
        if (NativeFile.KindOf(path) is not FileKind.Missing and var kind
            && (kind is not FileKind.Regular || !IsOurs(NativeFile.TryReadAll(path))))
        {
            throw new VillageException(ErrorKind.Blocked, $"'{Printable.Line(path)}' is there and holds no metrics of Village", "name another file, or move that one away");
        }

        DurableFile.Publish(path, text);
        return $"metrics were written to {path}";
    }

    private static bool IsOurs(byte[]? bytes) => bytes is null or [] || bytes.AsSpan().StartsWith(Encoding.UTF8.GetBytes(PrometheusText.Beginning));
}
