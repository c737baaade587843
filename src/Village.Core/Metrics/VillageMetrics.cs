using Village.Agents;
using Village.Leases;
using Village.Observation;
using Village.Reports;
using Village.Tasks;

namespace Village.Metrics;

/// <summary>
/// The metrics of a village: the six of the roadmap under their names, and the same by Prometheus' conventions. No label ever
/// names a task.
/// </summary>
public static class VillageMetrics
{
    private const string Closed = "closed";

    /// <summary>All of them, in the order of the document.</summary>
    /// <param name="seen">What is true now.</param>
    /// <param name="status">The numbers of it.</param>
    /// <param name="version">The program's.</param>
    public static IReadOnlyList<Metric> Of(Snapshot seen, StatusSummary status, string version) =>
    [
        Gauge("village_active_workers", "Workers that hold a slot of MAX_WORKERS.", status.LocksActive),
        Gauge("village_max_workers", "How many workers may be active at the same time.", status.MaxWorkers),
        Gauge("village_waiting_workers", "Active workers whose agent waits for a person, or is blocked.", seen.Leases.Count(lease => Waits(seen, lease))),
        Gauge("village_queue_length", "Tasks that may start now.", status.TasksReady),
        Gauge("village_blocked_tasks", "Open tasks that wait for others.", status.TasksBlocked),
        new("village_tasks", MetricType.Gauge, "Tasks of the store, by their state in the village; closed ones are closed, whatever else they are.", [.. States(seen)]),
        Gauge("village_stale_locks", "Locks whose worker died without a word.", status.LocksStale),
        Gauge("village_corrupt_locks", "Lock files that do not parse.", status.LocksCorrupt),
        Gauge("village_orphans", "Dead locks, and workspaces that no task accounts for.", status.OrphansCount),
        Gauge("village_orphans_count", "The same as village_orphans, under the roadmap's name.", status.OrphansCount),
        new("village_tasks_finished_total", MetricType.Counter, "Attempts that ended, by agent and result.",
            [.. Ends(seen).Select(end => new MetricSample(end.Labels, end.Sums.Count))]),
        new("village_task_failures_total", MetricType.Counter, "Attempts that failed, by reason.",
            [.. seen.Ledger.Attempts.Failures.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new MetricSample([new("reason", pair.Key)], pair.Value))]),
        new("village_task_duration_seconds", MetricType.Histogram, "How long attempts took, by agent and result.",
            [.. Ends(seen).Where(end => end.Sums.Durations.Count > 0).Select(end => Sample(end.Labels, end.Sums.Durations))]),
        new("village_average_task_duration_seconds", MetricType.Histogram, "How long all attempts took, under the roadmap's name; the average is sum by count.",
            [Sample([], All(Ends(seen).Select(end => end.Sums.Durations)))]),
        new("village_task_completion_rate", MetricType.Histogram, "Of each clock hour that is over and in which attempts ended, the share that was completed.",
            [Sample([], seen.Ledger.Attempts.CompletionRates(seen.Now))]),
        new("village_agent_tokens_total", MetricType.Counter, "Tokens that agents have used, by kind, as far as they told.",
            [.. from used in Used(seen) from kind in Kinds(used.Usage) select new MetricSample([new("agent", used.Agent), new("kind", kind.Name)], kind.Tokens)]),
        new("village_agent_cost_usd_total", MetricType.Counter, "What agents have cost in dollars, as far as they told.",
            [.. from used in Used(seen) where used.Usage.Usd is not null select new MetricSample([new("agent", used.Agent)], (double)used.Usage.Usd!)]),
        Gauge("village_last_event_timestamp_seconds", "When the last event happened, in seconds since 1970; 0 for none.", seen.Ledger.LastEvent is { } last ? last.ToUnixTimeMilliseconds() / 1000.0 : 0),
        new("village_build_info", MetricType.Gauge, "1, with the program's version as a label.", [new([new("version", version)], 1)]),
    ];

    /// <summary>The same with labels of the user's on every sample.</summary>
    public static IReadOnlyList<Metric> WithLabels(this IReadOnlyList<Metric> metrics, IReadOnlyList<MetricLabel> labels) => labels is [] ? metrics :
        [.. metrics.Select(metric => metric with { Samples = [.. metric.Samples.Select(sample => sample with { Labels = [.. labels, .. sample.Labels] })] })];

    /// <summary>The label of an end.</summary>
    public static string NameOf(bool isCompleted) => isCompleted ? "completed" : "failed";

    /// <summary>The kinds of tokens, by the label.</summary>
    public static IReadOnlyList<(string Name, long Tokens)> Kinds(AgentUsage usage) =>
        [("input", usage.Input), ("output", usage.Output), ("cache_read", usage.CacheRead), ("cache_write", usage.CacheWrite)];

    private static bool Waits(Snapshot seen, LeaseView lease) => lease is { Lease: { } claim } && lease.Status.IsHeld()
        && seen.Ledger.Of(claim.Task) is { State: TaskState.InProgress, LastNews.Signal: "waiting" or "blocked" };

    private static IEnumerable<MetricSample> States(Snapshot seen)
    {
        var counts = seen.Tasks.All.CountBy(task => task.IsClosed ? Closed : seen.Ledger.Of(task.Id).State.Name()).ToDictionary();
        return TaskStates.All.Select(state => state.Name()).Append(Closed).Select(state => new MetricSample([new("state", state)], counts.GetValueOrDefault(state)));
    }

    private static Histogram All(IEnumerable<Histogram> histograms)
    {
        var all = new Histogram(Histogram.Durations);
        foreach (var histogram in histograms)
        {
            all.Add(histogram);
        }

        return all;
    }

    private static Metric Gauge(string name, string help, double value) => new(name, MetricType.Gauge, help, [new([], value)]);

    private static MetricSample Sample(IReadOnlyList<MetricLabel> labels, Histogram histogram) => new(labels, histogram.Sum, histogram);

    private static IEnumerable<(IReadOnlyList<MetricLabel> Labels, EndSums Sums)> Ends(Snapshot seen) =>
        from agent in Sorted(seen)
        from end in (IEnumerable<(bool IsCompleted, EndSums Sums)>)[(false, agent.Value.Failed), (true, agent.Value.Completed)]
        where end.Sums.Count > 0
        select ((IReadOnlyList<MetricLabel>)[new("agent", agent.Key), new("result", NameOf(end.IsCompleted))], end.Sums);

    private static IEnumerable<(string Agent, AgentUsage Usage)> Used(Snapshot seen) =>
        from agent in Sorted(seen) where agent.Value.Used is not null select (agent.Key, agent.Value.Used);

    private static IEnumerable<KeyValuePair<string, AgentSums>> Sorted(Snapshot seen) => seen.Ledger.Attempts.Agents.OrderBy(agent => agent.Key, StringComparer.Ordinal);
}
