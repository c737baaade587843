namespace Village.Reports;

/// <summary>The answer of <c>rollback</c>.</summary>
/// <param name="Task">The task.</param>
/// <param name="Trash">The ref that keeps what was taken, or null when there was nothing to save.</param>
public sealed record RollbackReport(string Task, string? Trash) : Report("rollback");

/// <summary>The answer of <c>undo</c>.</summary>
/// <param name="Task">The task, or null when there was nothing to undo.</param>
/// <param name="Undid">What was undone: work, workspace, lease or branch; null when there was nothing.</param>
/// <param name="Step">The step in words.</param>
/// <param name="At">When it was done.</param>
/// <param name="Saved">The ref that keeps what was in the workspace until now, or null.</param>
/// <param name="State">The state of the task now.</param>
public sealed record UndoReport(string? Task, string? Undid, string? Step, DateTimeOffset? At, string? Saved, string? State) : Report("undo");

/// <summary>One thing in the trash.</summary>
public sealed record TrashRow
{
    /// <summary>The task.</summary>
    public required string Task { get; init; }

    /// <summary>Its name: <c>bd-a3f8/1-1</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The attempt that left it; 0 when it was none.</summary>
    public required int Attempt { get; init; }

    /// <summary>When it was saved.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How many files differ from where the workspace stood, ignored ones that were kept included.</summary>
    public required int Files { get; init; }

    /// <summary>What these files hold, in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>The commit.</summary>
    public required string Commit { get; init; }

    /// <summary>The directory with ignored files that were kept, or null.</summary>
    public string? Kept { get; init; }
}

/// <summary>The answer of <c>trash list</c>.</summary>
/// <param name="Trash">Oldest first.</param>
/// <param name="Bytes">All together.</param>
public sealed record TrashListReport(IReadOnlyList<TrashRow> Trash, long Bytes) : Report("trash list");

/// <summary>The answer of <c>trash show</c>.</summary>
/// <param name="Entry">What it is.</param>
/// <param name="Paths">The files.</param>
/// <param name="Text">The difference: in numbers, or with --patch in full.</param>
public sealed record TrashShowReport(TrashRow Entry, IReadOnlyList<string> Paths, string Text) : Report("trash show");

/// <summary>Something that was dropped.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Commit">The commit, which git keeps for some weeks more.</param>
/// <param name="Restore">What brings it back until then.</param>
public sealed record DroppedRow(string Name, string Commit, string Restore);

/// <summary>The answer of <c>trash drop</c>.</summary>
/// <param name="Dropped">What is gone.</param>
public sealed record TrashDropReport(IReadOnlyList<DroppedRow> Dropped) : Report("trash drop");
