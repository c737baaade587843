using Village.Events;
using Village.Leases;
using Village.Tasks;

namespace Village.Diagnosis;

/// <summary>All that was seen, for the rules to judge.</summary>
/// <param name="State">The files of the village.</param>
/// <param name="Work">Workspaces, branches and processes.</param>
/// <param name="Ground">Configuration, tools and machine.</param>
public sealed record Facts(StateFacts State, WorkFacts Work, GroundFacts Ground);

/// <summary>A file in <c>locks/</c>, judged.</summary>
/// <param name="Name">The file's name without <c>.lock</c>.</param>
/// <param name="Status">What it is worth.</param>
/// <param name="Lease">The lease, or null.</param>
/// <param name="Problem">Why it is none, or null.</param>
/// <param name="Named">The task that a file of another name is about, or null.</param>
/// <param name="MayLive">Whether somebody alive has the claim, or is just ending it, or it cannot be told.</param>
public sealed record LeaseFact(string Name, LeaseStatus Status, Lease? Lease, string? Problem, TaskId? Named, bool MayLive);

/// <summary>A liveness file.</summary>
/// <param name="Name">The file's name: <c>bd-a3f8.7.live</c>.</param>
/// <param name="Live">What the kernel says of it.</param>
public sealed record LiveFileFact(string Name, LiveLock Live);

/// <summary>A line that cannot be read.</summary>
/// <param name="Number">Which, from 1.</param>
/// <param name="Problem">Why: <c>is not a JSON object</c>.</param>
public sealed record BadLine(int Number, string Problem);

/// <summary>The event log as it was replayed.</summary>
/// <param name="Ledger">The fold of all of it.</param>
/// <param name="BadLines">How many lines cannot be read.</param>
/// <param name="FirstBadLine">The first of them, from 1; 0 for none.</param>
/// <param name="IsTorn">Whether the last line has no end.</param>
/// <param name="Latest">The latest time in it, or null.</param>
public sealed record LogFacts(Ledger Ledger, long BadLines, long FirstBadLine, bool IsTorn, DateTimeOffset? Latest);

/// <summary>The files of the village.</summary>
public sealed record StateFacts
{
    /// <summary>The instant.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The event log.</summary>
    public required LogFacts Log { get; init; }

    /// <summary>Every lock file, sorted by name.</summary>
    public IReadOnlyList<LeaseFact> Leases { get; init; } = [];

    /// <summary>Every liveness file, sorted by name.</summary>
    public IReadOnlyList<LiveFileFact> LiveFiles { get; init; } = [];

    /// <summary>Temporary files that nobody writes any more, below <c>.village</c>, sorted.</summary>
    public IReadOnlyList<string> Temporaries { get; init; } = [];

    /// <summary>The tasks that can be read.</summary>
    public IReadOnlyList<TaskSpec> Tasks { get; init; } = [];

    /// <summary>Whether they are Beads', which no repair writes to.</summary>
    public bool TasksAreInBeads { get; init; }

    /// <summary>Lines of the task store that cannot be read.</summary>
    public IReadOnlyList<BadLine> BadTaskLines { get; init; } = [];

    /// <summary>Why the checkpoint is wrong, or null.</summary>
    public string? CheckpointProblem { get; init; }

    /// <summary>Files that cannot be read, each with its sentence.</summary>
    public IReadOnlyList<(string Name, string Problem)> Unreadable { get; init; } = [];

    /// <summary>Who holds the guard and does not let go, as a sentence; or null.</summary>
    public string? GuardProblem { get; init; }

    /// <summary>The lock file of a task, or null.</summary>
    public LeaseFact? LeaseOf(string task) => Leases.FirstOrDefault(lease => lease.Name.Equals(task, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a nonce belongs to a claim that somebody may hold.</summary>
    public bool Holds(string nonce) => Leases.Any(lease => lease.MayLive && lease.Lease?.Nonce == nonce);
}

/// <summary>A directory among the workspaces.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsWorktree">Whether it is a worktree of this repository.</param>
/// <param name="Branch">The branch it stands on, or null when detached.</param>
/// <param name="IndexLock">Whether git's lock on its index is there and no process is in the directory.</param>
public sealed record WorkspaceFact(string Name, bool IsWorktree, string? Branch, bool IndexLock);

/// <summary>A branch that is checked out outside the workspaces.</summary>
/// <param name="Branch">Without <c>refs/heads/</c>.</param>
/// <param name="Path">Where.</param>
public sealed record BranchFact(string Branch, string Path);

/// <summary>A pane that runs a worker.</summary>
/// <param name="Id"><c>%12</c>.</param>
/// <param name="Process">The worker's process id.</param>
/// <param name="Nonce">The claim that it was started for.</param>
public sealed record WorkerPane(string Id, int Process, string Nonce);

/// <summary>A process of an agent of this village.</summary>
/// <param name="Id">Its process id.</param>
/// <param name="Nonce">The claim that it carries.</param>
/// <param name="Task">The task that it carries.</param>
public sealed record MarkedProcess(int Id, string Nonce, string Task);

/// <summary>Workspaces, branches and processes.</summary>
public sealed record WorkFacts
{
    /// <summary>The workspaces' directory, relative to the repository.</summary>
    public string Directory { get; init; } = ".worktrees";

    /// <summary>What the branches of tasks begin with.</summary>
    public string BranchPrefix { get; init; } = "village/";

    /// <summary>Directories among the workspaces; null when git could not be asked.</summary>
    public IReadOnlyList<WorkspaceFact>? Workspaces { get; init; }

    /// <summary>Workspaces that git knows and that are gone, by name.</summary>
    public IReadOnlyList<string> Vanished { get; init; } = [];

    /// <summary>Branches of tasks that are checked out elsewhere.</summary>
    public IReadOnlyList<BranchFact> Elsewhere { get; init; } = [];

    /// <summary>Completed tasks whose commit is gone.</summary>
    public IReadOnlyList<(string Task, string Commit)> LostCommits { get; init; } = [];

    /// <summary>Panes of this village that run a worker.</summary>
    public IReadOnlyList<WorkerPane> Panes { get; init; } = [];

    /// <summary>Processes of agents of this village.</summary>
    public IReadOnlyList<MarkedProcess> Processes { get; init; } = [];

    /// <summary>Why the tmux session is not this village's, or null.</summary>
    public string? SessionProblem { get; init; }
}
