namespace Village.Diagnosis;

/// <summary>A tool as it is on this machine.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">What it says of itself, or null when it is not there.</param>
/// <param name="Least">The oldest version that has what Village uses.</param>
/// <param name="Needs">What it is needed for: <c>trial merges (git merge-tree --write-tree)</c>.</param>
public sealed record ToolFact(string Name, string? Version, Version Least, string Needs)
{
    /// <summary>How to get it, in words; null for the usual way.</summary>
    public string? Install { get; init; }
}

/// <summary>A program that the configuration names.</summary>
/// <param name="Where">The setting: <c>agent 'build'</c>, <c>CHECK</c>.</param>
/// <param name="Program">The program.</param>
public sealed record MissingProgramFact(string Where, string Program);

/// <summary>A hook of git's that runs at a commit.</summary>
/// <param name="Name"><c>pre-commit</c>.</param>
/// <param name="IsExecutable">Whether git will run it.</param>
/// <param name="Text">Its text, as far as it is text.</param>
public sealed record HookFact(string Name, bool IsExecutable, string Text);

/// <summary>A sentence about something, from the part that knows it.</summary>
/// <param name="Subject">What it is about.</param>
/// <param name="Text">The sentence.</param>
public sealed record Remark(string Subject, string Text);

/// <summary>Configuration, tools and machine.</summary>
public sealed record GroundFacts
{
    /// <summary>Configuration files that cannot be read.</summary>
    public IReadOnlyList<Remark> UnreadableConfigs { get; init; } = [];

    /// <summary>Values that settings cannot have, and lines that are none.</summary>
    public IReadOnlyList<string> BadSettings { get; init; } = [];

    /// <summary>Keys and sections that mean nothing.</summary>
    public IReadOnlyList<string> UnknownSettings { get; init; } = [];

    /// <summary>Programs that are not there.</summary>
    public IReadOnlyList<MissingProgramFact> MissingPrograms { get; init; } = [];

    /// <summary>Agents whose contract file cannot be used, and why.</summary>
    public IReadOnlyList<Remark> ContractFiles { get; init; } = [];

    /// <summary>The tools.</summary>
    public IReadOnlyList<ToolFact> Tools { get; init; } = [];

    /// <summary>Libraries that are not there, and what needs them.</summary>
    public IReadOnlyList<Remark> MissingLibraries { get; init; } = [];

    /// <summary>Why Beads cannot be used as it is, or null.</summary>
    public string? TaskStoreProblem { get; init; }

    /// <summary>What is to be said of a Beads that works, or null.</summary>
    public string? TaskStoreRemark { get; init; }

    /// <summary>Why git does not open the repository, or null.</summary>
    public string? GitProblem { get; init; }

    /// <summary><c>core.hooksPath</c> when it is relative and no such directory is in the repository's commits; or null.</summary>
    public string? LooseHooksPath { get; init; }

    /// <summary>The hooks that run when an agent's work is committed.</summary>
    public IReadOnlyList<HookFact> Hooks { get; init; } = [];

    /// <summary>Free bytes on the disk of the workspaces, or null when it does not say.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>Free inodes there, or null when it does not say.</summary>
    public long? FreeInodes { get; init; }

    /// <summary>Entries that the exclude file lacks.</summary>
    public IReadOnlyList<string> MissingExcludes { get; init; } = [];

    /// <summary>Files and directories of the village that others can read or write to.</summary>
    public IReadOnlyList<string> Open { get; init; } = [];

    /// <summary>The name of the remote file system that the village is on, or null.</summary>
    public string? RemoteFileSystem { get; init; }
}
