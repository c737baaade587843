namespace Village.Diagnosis;

/// <summary>What <c>doctor</c> can find (docs/troubleshooting.md has one entry per kind).</summary>
public enum FindingKind
{
    /// <summary>A lock file says another state than the log: something was killed between the two writes.</summary>
    LeaseBehindLog,

    /// <summary>A lock file is left of a claim that the log has as over.</summary>
    SupersededLease,

    /// <summary>A lock file is of a claim that the log does not know: a part of the log is missing.</summary>
    LeaseAheadOfLog,

    /// <summary>The log has a task as being worked on, and there is no lock file.</summary>
    TaskWithoutLease,

    /// <summary>A worker died and left its lock file.</summary>
    StaleLease,

    /// <summary>A lock file does not parse.</summary>
    CorruptLease,

    /// <summary>A lock file has the name of another task than the one in it.</summary>
    MisnamedLock,

    /// <summary>A liveness file is left that nobody holds and no claim needs.</summary>
    StrayLiveFile,

    /// <summary>A temporary file is left of a write that was killed.</summary>
    TemporaryFile,

    /// <summary>The log has a task as completed, and the task store as open.</summary>
    CompletedNotClosed,

    /// <summary>A line of the task store cannot be read.</summary>
    BadTaskLine,

    /// <summary>Lines of the event log cannot be read.</summary>
    BadLogLine,

    /// <summary>The checkpoint is not the fold of the log.</summary>
    WrongCheckpoint,

    /// <summary>A file of the village cannot be read.</summary>
    UnreadableFile,

    /// <summary>A process has held the guard for ten seconds.</summary>
    GuardHeld,

    /// <summary>A workspace belongs to no task.</summary>
    OrphanWorkspace,

    /// <summary>A directory among the workspaces is no worktree of this repository.</summary>
    ForeignDirectory,

    /// <summary>git knows a workspace whose directory is gone.</summary>
    VanishedWorkspace,

    /// <summary>A workspace that nobody works in stands on another branch than its task's.</summary>
    WrongBranch,

    /// <summary>A killed git left its lock in a workspace that nobody works in.</summary>
    StaleIndexLock,

    /// <summary>A task's branch is checked out in another place than its workspace.</summary>
    BranchElsewhere,

    /// <summary>The commit of a completed task is not in the repository any more.</summary>
    LostCommit,

    /// <summary>A pane still runs a worker whose claim is over.</summary>
    StrayPane,

    /// <summary>Processes of a worker still run although its claim is over.</summary>
    LeftoverProcesses,

    /// <summary>The tmux session of that name belongs to somebody else.</summary>
    ForeignSession,

    /// <summary>A configuration file cannot be read.</summary>
    UnreadableConfig,

    /// <summary>A setting has a value that it cannot have.</summary>
    BadSetting,

    /// <summary>The configuration has a key or a section that means nothing.</summary>
    UnknownSetting,

    /// <summary>A program that the configuration names is not there.</summary>
    MissingProgram,

    /// <summary>An agent's contract file is not there or cannot be read, so that it is told something else.</summary>
    ContractFile,

    /// <summary>A tool that Village needs is not there.</summary>
    MissingTool,

    /// <summary>A tool is older than what Village uses of it.</summary>
    OldTool,

    /// <summary>Beads cannot be used as it is: bd is missing, too old or does not answer, or there is no database.</summary>
    TaskStore,

    /// <summary>git does not open the repository.</summary>
    GitRefuses,

    /// <summary>The directory of hooks is looked for in each workspace, and is not there.</summary>
    HooksPath,

    /// <summary>A hook will not run, or will not work in a workspace.</summary>
    BadHook,

    /// <summary>The disk is almost full.</summary>
    LowDisk,

    /// <summary>The repository's private exclude file lacks an entry, so <c>git status</c> shows Village's files.</summary>
    MissingExclude,

    /// <summary>Other users can write to the village or read what it keeps.</summary>
    OpenDirectory,

    /// <summary>The village is on a file system where locks are not known to hold.</summary>
    RemoteFileSystem,

    /// <summary>The log has events from the future: the clock was set back, or another machine's is ahead.</summary>
    ClockSkew,
}
