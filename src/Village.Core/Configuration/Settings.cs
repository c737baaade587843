using System.Buffers;
using System.Globalization;
using Village.Setup;
using Village.Tasks;

namespace Village.Configuration;

/// <summary>Every setting there is (design, section 11). <c>docs/config-reference.md</c> is made from this table.</summary>
public static class Settings
{
    private const string Default = "DEFAULT";
    private const string Workspace = "workspace";
    internal const string Paths = "paths or globs below the repository, without '..'";
    internal const string Ports = "names of variables, each perhaps with a range such as PORT=4000-4999";

    private static readonly SearchValues<char> VariableCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    /// <summary>Which version control system makes the workspaces.</summary>
    public static Setting Scm { get; } = new(
        Default, "SCM", "VILLAGE_SCM", "git", "git or jj", OneOf("git", "jj"),
        "The version control system that makes the workspaces: git, or jj (Jujutsu) in a repository of jj's.")
    { Aliases = ["SCM_KIND"] };

    /// <summary>Where workspaces are.</summary>
    public static Setting WorktreesDir { get; } = new(
        Default, "WORKTREES_DIR", "VILLAGE_WORKTREES_DIR", ".worktrees", "a directory", NotEmpty,
        "Where the workspaces are, one directory per task; relative to the repository.");

    /// <summary>The tmux session's name.</summary>
    public static Setting Session { get; } = new(
        Default, "SESSION", "VILLAGE_SESSION", "village", "letters, digits, '_' and '-'", IsSession,
        "The tmux session. Two repositories on one machine need two names.");

    /// <summary>The tmux server's socket name.</summary>
    public static Setting TmuxSocket { get; } = new(
        Default, "TMUX_SOCKET", "VILLAGE_TMUX_SOCKET", "default", "letters, digits, '_' and '-'", IsSession,
        "The tmux server, as in `tmux -L NAME`.");

    /// <summary>How many workers may be active.</summary>
    public static Setting MaxWorkers { get; } = new(
        Default, "MAX_WORKERS", "VILLAGE_MAX_WORKERS", "2", "a whole number from 1 to 1000", Whole(1, 1000),
        "How many workers may be active at the same time; stopped ones count.");

    /// <summary>The agent of a task that names none.</summary>
    public static Setting DefaultAgent { get; } = new(
        Default, "DEFAULT_AGENT", "VILLAGE_DEFAULT_AGENT", "worker", "an agent's name", IsAgent,
        "The agent of a task that names none with a label such as agent:build.");

    /// <summary>The branch that work starts from.</summary>
    public static Setting BaseBranch { get; } = new(
        Default, "BASE_BRANCH", "VILLAGE_BASE_BRANCH", "", "a branch", Anything,
        "The branch that tasks start from; empty means the branch that is checked out in the repository.");

    /// <summary>What the names of the tasks' branches begin with.</summary>
    public static Setting BranchPrefix { get; } = new(
        Default, "BRANCH_PREFIX", "VILLAGE_BRANCH_PREFIX", "village/", "the beginning of a branch's name such as village/ or ai-", IsBranchPrefix,
        "What the branches of tasks begin with; the task's id follows. Branches that were made under another prefix are not looked for.");

    /// <summary>How long a started task is not started again.</summary>
    public static Setting QueueTtlMinutes { get; } = new(
        Default, "QUEUE_TTL_MINUTES", "VILLAGE_QUEUE_TTL_MINUTES", "5", "a whole number from 0", Whole(0, 1_000_000),
        "A task that was started in the last so many minutes is not started again by `queue`; 0 turns this off.");

    /// <summary>Whether a failed attempt is taken back.</summary>
    public static Setting RollbackOnFailure { get; } = new(
        Default, "ROLLBACK_ON_FAILURE", "VILLAGE_ROLLBACK_ON_FAILURE", "true", "true or false", IsBool,
        "Whether the workspace of a failed attempt returns to its branch; everything it held is saved first.");

    /// <summary>The check that completed work must pass.</summary>
    public static Setting Check { get; } = new(
        Default, "CHECK", "VILLAGE_CHECK", "", "a command line", IsCommand,
        "The command that committed work must pass, run in the workspace without a shell; empty means none.");

    /// <summary>The check's time limit.</summary>
    public static Setting CheckTimeout { get; } = new(
        Default, "CHECK_TIMEOUT", "VILLAGE_CHECK_TIMEOUT", "30m", "a time such as 90, 10m or 2h", IsDuration,
        "How long a check may run; 0 means as long as it likes.");

    /// <summary>An attempt's time limit.</summary>
    public static Setting Timeout { get; } = new(
        Default, "TIMEOUT", "VILLAGE_TIMEOUT", "0", "a time such as 90, 10m or 2h", IsDuration,
        "How long an agent may work on one attempt; 0 means as long as it likes.");

    /// <summary>Whether leftovers are committed.</summary>
    public static Setting Commit { get; } = new(
        Default, "COMMIT", "VILLAGE_COMMIT", "auto", "auto or off", OneOf("auto", "off"),
        "What happens to work that the agent left uncommitted: auto commits it on the task's branch, off fails the attempt.");

    /// <summary>How often queue starts a failed task again.</summary>
    public static Setting Retries { get; } = new(
        Default, "RETRIES", "VILLAGE_RETRIES", "0", "a whole number from 0 to 100", Whole(0, 100),
        "How often `queue` starts a failed task again by itself, after 1, 2, 4… minutes.");

    /// <summary>Whether queue looks for conflicts.</summary>
    public static Setting ConflictDetectionEnabled { get; } = new(
        Default, "CONFLICT_DETECTION_ENABLED", "VILLAGE_CONFLICT_DETECTION_ENABLED", "true", "true or false", IsBool,
        "Whether `queue` warns of a task whose work so far does not merge with another's.");

    /// <summary>Whether conflicts keep a task from starting.</summary>
    public static Setting BlockOnConflict { get; } = new(
        Default, "BLOCK_ON_CONFLICT", "VILLAGE_BLOCK_ON_CONFLICT", "false", "true or false", IsBool,
        "Whether such a task waits as long as the other one is being worked on; needs CONFLICT_DETECTION_ENABLED.");

    /// <summary>Where tasks come from.</summary>
    public static Setting Tasks { get; } = new(
        Default, "TASKS", "VILLAGE_TASKS", "auto", "auto, beads or embedded", OneOf("auto", "beads", "embedded"),
        "Where tasks are kept: embedded is .village/tasks.jsonl, beads is Beads, driven through bd; auto takes what is in use, and `village ready` says which and why.");

    /// <summary>Whether Beads is told of each transition.</summary>
    public static Setting Sync { get; } = new(
        Default, "SYNC", "VILLAGE_SYNC", "on", "on or off", IsBool,
        "Whether Beads is told of each change of a task's state; off leaves that to `village sync --to-beads`. A claim is always told.");

    /// <summary>Whether completed tasks that are open in the store count as done.</summary>
    public static Setting CompletedCounts { get; } = new(
        Default, "COMPLETED_COUNTS", "VILLAGE_COMPLETED_COUNTS", "true", "true or false", IsBool,
        "Whether a task that is completed here lets start what waits for it while it is still open in the task store.");

    /// <summary>The prefix of new task ids.</summary>
    public static Setting TaskPrefix { get; } = new(
        Default, "TASK_PREFIX", "VILLAGE_TASK_PREFIX", "bd", "letters and digits, starting with a letter", IsPrefix,
        "What the ids of new tasks begin with.");

    /// <summary>Whether writes are synced.</summary>
    public static Setting Durability { get; } = new(
        Default, "DURABILITY", "VILLAGE_DURABILITY", "full", "full or relaxed", OneOf("full", "relaxed"),
        "What an acknowledged event, lease or task outlives: full means a power cut too; relaxed means every crash but that of the machine, " +
        "and saves the time of the fsyncs.");

    /// <summary>Whether a remote file system is accepted.</summary>
    public static Setting AllowRemoteFs { get; } = new(
        Default, "ALLOW_REMOTE_FS", "VILLAGE_ALLOW_REMOTE_FS", "off", "on or off", IsBool,
        "Whether `up` accepts a file system on which locks are not known to hold (NFS, 9p, FUSE).");

    /// <summary>Whether up makes the dashboard window.</summary>
    public static Setting DashboardEnabled { get; } = new(
        "dashboard", "enabled", "VILLAGE_DASHBOARD_ENABLED", "true", "true or false", IsBool,
        "Whether `up` opens a dashboard window.");

    /// <summary>How often the dashboard looks.</summary>
    public static Setting DashboardRefresh { get; } = new(
        "dashboard", "refresh_interval_seconds", "VILLAGE_DASHBOARD_REFRESH_INTERVAL", "2",
        "a whole number from 1 to 3600", Whole(1, 3600), "After how many seconds the dashboard draws ages and load anew; changes are shown when they come.");

    /// <summary>The command that calls a person.</summary>
    public static Setting NotifyCommand { get; } = new(
        "notify", "command", "VILLAGE_NOTIFY_COMMAND", "", "a command line", IsCommand,
        "The command that is run, without a shell, when an agent waits for a person; it finds VILLAGE_TASK, VILLAGE_AGENT, VILLAGE_STATE, " +
        "VILLAGE_WINDOW and VILLAGE_MESSAGE in its environment, and has ten seconds.");

    /// <summary>Whether the bell rings.</summary>
    public static Setting NotifyBell { get; } = new(
        "notify", "bell", "VILLAGE_NOTIFY_BELL", "on", "on or off", IsBool,
        "Whether the bell of the agent's pane rings then, so that tmux marks its window.");

    /// <summary>Whether tmux shows a message.</summary>
    public static Setting NotifyTmux { get; } = new(
        "notify", "tmux", "VILLAGE_NOTIFY_TMUX", "on", "on or off", IsBool,
        "Whether tmux shows a message then to everybody who is attached to the session.");

    /// <summary>What is copied into a new workspace.</summary>
    public static Setting WorkspaceCopy { get; } = new(
        Workspace, "copy", "VILLAGE_WORKSPACE_COPY", "", Paths, ArePaths,
        "Files and directories of the main checkout that git does not track and that each workspace gets a copy of.");

    /// <summary>What is linked to from a new workspace.</summary>
    public static Setting WorkspaceSymlink { get; } = new(
        Workspace, "symlink", "VILLAGE_WORKSPACE_SYMLINK", "", Paths, ArePaths,
        "Files and directories of the main checkout that each workspace gets a symbolic link to.");

    /// <summary>What is run in a new workspace.</summary>
    public static Setting WorkspaceRun { get; } = new(
        Workspace, "run", "VILLAGE_WORKSPACE_RUN", "", "a command line", IsCommand,
        "The command that prepares a workspace before its first agent starts, run there without a shell; empty means none.");

    /// <summary>The ports of an attempt.</summary>
    public static Setting WorkspacePorts { get; } = new(
        Workspace, "ports", "VILLAGE_WORKSPACE_PORTS", "", Ports, ArePorts,
        "Variables that give each attempt a free port of its own; without a range it is one of 20000-29999.");

    /// <summary>How long the set-up's command may run.</summary>
    public static Setting WorkspaceTimeout { get; } = new(
        Workspace, "timeout", "VILLAGE_WORKSPACE_TIMEOUT", "30m", "a time such as 90, 10m or 2h", IsDuration,
        "How long the command of the set-up may run; 0 means as long as it likes.");

    /// <summary>The whole table, in the order of the reference.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        MaxWorkers, DefaultAgent, Check, CheckTimeout, Timeout, Commit, BaseBranch, BranchPrefix, RollbackOnFailure, Retries,
        QueueTtlMinutes, ConflictDetectionEnabled, BlockOnConflict, Tasks, Sync, CompletedCounts, TaskPrefix, Session, TmuxSocket, WorktreesDir, Scm, Durability, AllowRemoteFs,
        .. ContractSettings.OfAll,
        WorkspaceCopy, WorkspaceSymlink, WorkspaceRun, WorkspacePorts, WorkspaceTimeout,
        DashboardEnabled, DashboardRefresh,
        NotifyCommand, NotifyBell, NotifyTmux,
        .. MetricsSettings.All,
        .. AgentSettings.All,
    ];

    /// <summary>Whether a text means true; <see cref="IsBool"/> says whether it means anything.</summary>
    public static bool IsTrue(string text) => text.ToLowerInvariant() is "1" or "true" or "yes" or "on";

    private static bool IsBool(string text) =>
        text.ToLowerInvariant() is "1" or "true" or "yes" or "on" or "0" or "false" or "no" or "off";

    /// <summary>Whether a text can be an agent's name, as in the label agent:NAME and in --agent: what can be a task's id.</summary>
    public static bool IsAgent(string text) => TaskId.TryParse(text, out _);

    private static bool Anything(string text) => true;

    private static bool NotEmpty(string text) => text.Length > 0;

    internal static bool IsCommand(string text) => CommandWords.Split(text) is not null;

    internal static bool ArePaths(string text) => PathPattern.TryParseAll(text) is not null;

    internal static bool ArePorts(string text) => PortWish.TryParseAll(text) is not null;

    internal static bool AreVariables(string text) =>
        CommandWords.Split(text) is { } words && words.All(word => word.IndexOf('=', StringComparison.Ordinal) is > 0 and var at && word.AsSpan(0, at).IndexOfAnyExcept(VariableCharacters) < 0);

    /// <summary>An amount of dollars, or null: not negative.</summary>
    public static decimal? Money(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) ? amount : null;

    internal static bool IsDuration(string text) => Duration.Parse(text) is not null;

    // tmux turns '.' and ':' in session names into '_' without a word.
    private static bool IsSession(string text) =>
        text.Length is > 0 and <= 64 && text[0] is not '-' && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    private static bool IsPrefix(string text) =>
        text.Length is > 0 and <= 32 && char.IsAsciiLetter(text[0])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') && !text.EndsWith('-');

    // git's rules for names of branches (git check-ref-format), for whatever id may follow.
    private static bool IsBranchPrefix(string text) =>
        text.Length is > 0 and <= 100 && text[0] is not '-'
        && !text.Any(c => c <= ' ' || c is '\x7f' or '~' or '^' or ':' or '?' or '*' or '[' or '\\')
        && !text.Contains("..", StringComparison.Ordinal) && !text.Contains("@{", StringComparison.Ordinal)
        && text.Split('/') is var parts && parts.SkipLast(1).All(part => part.Length > 0 && !part.EndsWith('.'))
        && parts.All(part => !part.StartsWith('.') && !part.EndsWith(".lock", StringComparison.Ordinal));

    internal static Func<string, bool> OneOf(params string[] values) =>
        text => values.Contains(text, StringComparer.OrdinalIgnoreCase);

    internal static Func<string, bool> Whole(int least, int most) => text =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= least && n <= most;
}
