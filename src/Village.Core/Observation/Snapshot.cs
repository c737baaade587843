using Village.Agents;
using Village.Events;
using Village.Leases;
using Village.Tasks;

namespace Village.Observation;

/// <summary>A lease file and what it is worth now.</summary>
/// <param name="Name">The file's name without <c>.lock</c>.</param>
/// <param name="Status">What it is worth.</param>
/// <param name="Lease">The lease, or null when it is corrupt.</param>
/// <param name="Problem">Why it is corrupt, or null.</param>
public sealed record LeaseView(string Name, LeaseStatus Status, Lease? Lease, string? Problem);

/// <summary>The tmux session as it was seen.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsRunning">Whether it is there.</param>
/// <param name="Server">The server as <c>pid:start</c>, or null.</param>
/// <param name="Panes">Its panes and the nonce each was made for, or empty.</param>
public sealed record SessionView(string Name, bool IsRunning, string? Server, IReadOnlyList<PaneView> Panes);

/// <summary>A pane as it was seen.</summary>
/// <param name="Id"><c>%12</c>.</param>
/// <param name="Window">The window's id, <c>@7</c>.</param>
/// <param name="Nonce">The nonce of its lease, or empty.</param>
public sealed record PaneView(string Id, string Window, string Nonce);

/// <summary>What was true of the village at one instant; read once per command, decided on without another look.</summary>
/// <param name="Now">The instant.</param>
/// <param name="Leases">Every lease file, sorted by name.</param>
/// <param name="Ledger">The fold of the event log.</param>
/// <param name="Tasks">The graph of the task store.</param>
/// <param name="Workspaces">The directories that are there as workspaces, by name, sorted.</param>
/// <param name="Session">The tmux session.</param>
/// <param name="ConfigExists">Whether <c>.village/config</c> is there.</param>
public sealed record Snapshot(
    DateTimeOffset Now,
    IReadOnlyList<LeaseView> Leases,
    Ledger Ledger,
    TaskGraph Tasks,
    IReadOnlyList<string> Workspaces,
    SessionView Session,
    bool ConfigExists)
{
    private (IReadOnlyList<LeaseView> Leases, Dictionary<string, LeaseView> ByName)? index;

    /// <summary>The limits of providers that are in force, by the provider's name.</summary>
    public IReadOnlyDictionary<string, ProviderLimit> Limits { get; init; } = new Dictionary<string, ProviderLimit>();

    /// <summary>How many workers hold a slot.</summary>
    public int HeldCount => Leases.Count(lease => lease.Status.IsHeld());

    /// <summary>The lease of a task, or null.</summary>
    public LeaseView? LeaseOf(string task)
    {
        // A copy made by `with` may have other leases.
        if (index is not { } known || known.Leases != Leases)
        {
            index = known = (Leases, Leases.DistinctBy(lease => lease.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(lease => lease.Name, StringComparer.OrdinalIgnoreCase));
        }

        return known.ByName.GetValueOrDefault(task);
    }

    /// <summary>Leases whose holder is gone, and files that are no leases.</summary>
    public IReadOnlyList<LeaseView> DeadLeases =>
        [.. Leases.Where(lease => lease.Status is LeaseStatus.Stale or LeaseStatus.Corrupt)];

    /// <summary>Workspaces that no lease and no task accounts for.</summary>
    public IReadOnlyList<string> OrphanWorkspaces =>
        [.. Workspaces.Where(name => LeaseOf(name) is null && !(TaskId.TryParse(name, out var id) && Tasks.Find(id) is not null))];
}
