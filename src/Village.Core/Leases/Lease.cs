using Village.Setup;
using Village.Tasks;

namespace Village.Leases;

/// <summary>The claim on a task: one file <c>.village/locks/&lt;task&gt;.lock</c> (design, section 4).</summary>
public sealed record Lease
{
    /// <summary>What stands for a pane that is not there yet.</summary>
    public const string NoPane = "-";

    /// <summary>The task.</summary>
    public required TaskId Task { get; init; }

    /// <summary>The tmux pane, or <see cref="NoPane"/>.</summary>
    public string Pane { get; init; } = NoPane;

    /// <summary>The tmux window's name: <c>build-1-bd-a3f8</c>.</summary>
    public required string Window { get; init; }

    /// <summary>The agent's name.</summary>
    public required string Agent { get; init; }

    /// <summary>When it was claimed, UTC.</summary>
    public required DateTimeOffset ClaimedAt { get; init; }

    /// <summary>The state, copied here for quick reading; the log wins. Null in a lease of the original.</summary>
    public TaskState? State { get; init; }

    /// <summary>The attempt, from 1; 0 in a lease of the original.</summary>
    public int Attempt { get; init; }

    /// <summary>Rises with every change of holder; 0 in a lease of the original.</summary>
    public long Generation { get; init; }

    /// <summary>128 random bits, new at each claim; null in a lease of the original.</summary>
    public string? Nonce { get; init; }

    /// <summary>The workspace's directory.</summary>
    public string? Workspace { get; init; }

    /// <summary>The task's branch: <c>village/bd-a3f8</c>.</summary>
    public string? Branch { get; init; }

    /// <summary>The commit the branch was made from.</summary>
    public string? Base { get; init; }

    /// <summary>The commit the attempt began at; the attempt's own work is what comes after it.</summary>
    public string? Start { get; init; }

    /// <summary>The machine's name.</summary>
    public string? Host { get; init; }

    /// <summary>The boot id of the machine when it was claimed.</summary>
    public string? Boot { get; init; }

    /// <summary>The tmux server, as <c>pid:start</c>.</summary>
    public string? Tmux { get; init; }

    /// <summary>The supervisor, as <c>pid:start</c>; null until it is up.</summary>
    public string? Worker { get; init; }

    /// <summary>The agent's conversation; null until it tells.</summary>
    public string? AgentSession { get; init; }

    /// <summary>When the task was parked: kept, but held by no process. Null otherwise.</summary>
    public DateTimeOffset? Parked { get; init; }

    /// <summary>Whether its claim is over: kept to be read, and held by nobody.</summary>
    public bool IsOver => State is TaskState.Completed or TaskState.Failed || Parked is not null;

    /// <summary>Ports that are this attempt's own.</summary>
    public IReadOnlyList<LeasedPort> Ports { get; init; } = [];

    /// <summary>Keys of others, in their order; kept when the lease is rewritten.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Foreign { get; init; } = [];

    /// <summary>What a holder must show to be allowed to write (design, section 4: fenced).</summary>
    public Fence Fence => new(Task, Generation, Nonce ?? "");
}

/// <summary>The proof of one claim. A worker whose fence no longer matches its lease changes nothing.</summary>
/// <param name="Task">The task.</param>
/// <param name="Generation">The lease's generation.</param>
/// <param name="Nonce">The lease's nonce.</param>
public sealed record Fence(TaskId Task, long Generation, string Nonce)
{
    /// <summary>Whether the lease is still the one this fence was made for.</summary>
    public bool Matches(Lease? lease) =>
        lease is not null && lease.Task == Task && lease.Generation == Generation && lease.Nonce == Nonce;
}
