using Village.Adapters.Processes;
using Village.Adapters.Scm;
using Village.Adapters.Tmux;
using Village.Configuration;
using Village.Errors;
using Village.Leases;
using Village.Observation;
using Village.Storage;
using Village.Tasks;

namespace Village.Hosting;

/// <summary>One opened repository and the tools that act on it.</summary>
internal sealed class VillageContext
{
    /// <summary>How long to wait for the guard.</summary>
    public static readonly TimeSpan GuardDeadline = TimeSpan.FromSeconds(10);

    /// <summary>Puts a repository, its configuration and the host together. Opens and creates nothing.</summary>
    public VillageContext(Host host, Repository repository, string directory, VillageConfig config, ProcessRunner runner)
    {
        Host = host;
        Repository = repository;
        StateDirectory = directory;
        Config = config;
        Runner = runner;
        var git = new Git(runner, config.Durability) { Repository = repository };
        Scm = config.UsesJujutsu ? new Jujutsu(runner, git, repository, config.Durability, config.BranchPrefix) : git;
        var worktrees = Path.GetFullPath(config.WorktreesDir, repository.Root);

        // git and jj tell of the place that a symbolic link leads to.
        WorktreesDirectory = new DirectoryInfo(worktrees) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : worktrees;
        Tmux = new TmuxServer(runner, config.TmuxSocket, config.Session, repository.Root);
        Leases = new LeaseStore(Path.Combine(directory, "locks"), config.Durability);
        Events = new EventLog(
            Path.Combine(directory, "events.log"),
            new(host.Variable("USER") ?? host.Variable("LOGNAME") ?? "unknown", host.ProcessId, host.Version),
            host.Clock,
            config.Durability);
        Limits = new(Path.Combine(directory, "limits"), config.Durability);
        TaskFile = new(Path.Combine(directory, "tasks.jsonl"), config.Durability);
    }

    /// <summary>The process around it.</summary>
    public Host Host { get; }

    /// <summary>The repository.</summary>
    public Repository Repository { get; }

    /// <summary>The main checkout, or where a bare repository's village is.</summary>
    public string Root => Repository.Root;

    /// <summary><c>.village</c>.</summary>
    public string StateDirectory { get; }

    /// <summary>The configuration in force.</summary>
    public VillageConfig Config { get; }

    /// <summary>External programs.</summary>
    public ProcessRunner Runner { get; }

    /// <summary>Version control.</summary>
    public IScm Scm { get; }

    /// <summary>The tmux session.</summary>
    public TmuxServer Tmux { get; }

    /// <summary>The leases.</summary>
    public LeaseStore Leases { get; }

    /// <summary>The journal.</summary>
    public EventLog Events { get; }

    /// <summary>The limits of providers.</summary>
    public LimitFiles Limits { get; }

    /// <summary>The embedded task store, whether or not it is in use.</summary>
    public TaskFile TaskFile { get; }

    /// <summary>The tasks.</summary>
    public TaskSource Tasks => field ??= new(this, TaskFile);

    /// <summary>The tasks whose state has changed since Beads was last told.</summary>
    public HashSet<TaskId> Untold { get; } = [];

    /// <summary>The time.</summary>
    public DateTimeOffset Now => Host.Clock.GetUtcNow();

    /// <summary>This machine's name, as leases carry it.</summary>
    public string HostName { get; } = File.ReadAllText("/proc/sys/kernel/hostname").Trim();

    /// <summary>Where the workspaces are.</summary>
    public string WorktreesDirectory { get; }

    /// <summary>A task's workspace.</summary>
    public string WorkspaceOf(TaskId task) => Path.Combine(WorktreesDirectory, task.Value);

    /// <summary>A task's branch, without <c>refs/heads/</c>.</summary>
    public string BranchOf(TaskId task) => $"{Config.BranchPrefix}{task}";

    /// <summary>The contract of an attempt.</summary>
    public string ContractOf(TaskId task, int attempt) => Path.Combine(StateDirectory, "contracts", task.Value, $"{attempt}.md");

    /// <summary>Where files are that an attempt's agent is given besides.</summary>
    public string AgentDirectoryOf(TaskId task, int attempt) => Path.Combine(StateDirectory, "agents", task.Value, $"{attempt}");

    /// <summary>The log of an attempt's pane.</summary>
    public string LogOf(TaskId task, int attempt) => Path.Combine(StateDirectory, "logs", task.Value, $"{attempt}.log");

    /// <summary>Holds the guard of the whole village: for a check and a replace, never across a slow act.</summary>
    public Guard TakeGuard() => Directory.Exists(Leases.Location)
        ? Guard.Take(Leases.GuardPath, GuardDeadline)
        : throw new VillageException(ErrorKind.NotReady, "this repository has no village yet, only a part of one", "village up");

    /// <summary>
    /// Holds the guard of refs and worktrees, which a power cut may have torn. Never taken while the village's guard is held.
    /// </summary>
    public Guard TakeRepositoryGuard()
    {
        var guard = Guard.Take(Git.GuardPath(Repository), TimeSpan.FromMinutes(2));
        try
        {
            if (Scm is Git)
            {
                Git.MendTorn(Repository, WorktreesDirectory, Config.BranchPrefix);
            }

            return guard;
        }
        catch
        {
            guard.Dispose();
            throw;
        }
    }

    /// <summary>A lease file and what it is worth, by the kernel's word.</summary>
    public LeaseView Judge(LeaseEntry entry, Session? session) =>
        new(entry.Name, entry.Lease is { } lease ? StatusOf(lease, session) : LeaseStatus.Corrupt, entry.Lease, entry.Problem);

    /// <summary>The status of a lease, by the kernel's word.</summary>
    public LeaseStatus StatusOf(Lease lease, Session? session) => LeaseStatuses.Of(
        lease,
        new(
            lease.Nonce is null ? LiveLock.Missing : Leases.Look(lease),
            HostName,
            lease.Nonce is null && session is not null && session.Panes.Any(pane => pane.Id == lease.Pane)));
}
