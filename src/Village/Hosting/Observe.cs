using Village.Adapters.Tmux;
using Village.Events;
using Village.Leases;
using Village.Observation;
using Village.Tasks;

namespace Village.Hosting;

/// <summary>Looks at the world, once, and writes nothing.</summary>
internal static class Observe
{
    /// <summary>The snapshot of this instant: one tmux process, files, and questions to the kernel. No git.</summary>
    public static async Task<(Snapshot Snapshot, Session? Session)> ObserveAsync(this VillageContext village, CancellationToken ct)
    {
        var asked = village.Tmux.FindAsync(ct);

        // While tmux looks, the log is read as far as it is there; below only what has come since.
        village.Events.Read();
        var session = await asked;
        await village.Tasks.LoadAsync(ct);

        // The log before the leases: an event is always written before the lease that goes with it.
        var ledger = village.Events.Read();
        // Where the two differ the log wins, and the next writing command repairs the lease.
        var leases = village.Leases.ReadAll()
            .Select(entry => village.Judge(entry.Lease is { } lease ? entry with { Lease = LeaseProtocol.AsLogged(lease, ledger.Of(lease.Task)) } : entry, session))
            .ToList();
        var snapshot = new Snapshot(
            village.Now,
            leases,
            ledger,
            village.GraphOf(ledger),
            ListWorkspaces(village),
            new(
                village.Tmux.Name,
                session is not null,
                session?.Server,
                [.. session?.Panes.Select(pane => new PaneView(pane.Id, pane.WindowId, pane.Lease)) ?? []]),
            File.Exists(Path.Combine(village.StateDirectory, "config")))
        {
            Limits = village.Limits.Read(village.Now),
        };
        return (snapshot, session);
    }

    /// <summary>The graph of the store, with the village's completed tasks counted as done, as COMPLETED_COUNTS says.</summary>
    public static TaskGraph GraphOf(this VillageContext village, Ledger ledger) => new(
        village.Tasks.ReadAll(),
        village.Now,
        ledger.Tasks.Values
            .Where(entry => entry.State is TaskState.Completed && TaskId.TryParse(entry.Task, out _))
            .Select(entry => TaskId.Parse(entry.Task))
            .ToHashSet(),
        village.Config.CompletedCounts);

    private static IReadOnlyList<string> ListWorkspaces(VillageContext village) => Directory.Exists(village.WorktreesDirectory)
        ? [.. Directory.EnumerateDirectories(village.WorktreesDirectory)
            .Select(path => Path.GetFileName(path))
            .Where(name => !name.StartsWith('.'))
            .Order(StringComparer.Ordinal)]
        : [];
}
