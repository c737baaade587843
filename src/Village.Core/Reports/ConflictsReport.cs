using Village.Conflicts;

namespace Village.Reports;

/// <summary>A file in which the work of some tasks does not merge.</summary>
/// <param name="File">The file, relative to the repository.</param>
/// <param name="Workers">The tasks.</param>
/// <param name="Worktrees">Their workspaces.</param>
public sealed record ConflictRow(string File, IReadOnlyList<string> Workers, IReadOnlyList<string> Worktrees);

/// <summary>Two tasks that touch the same files, or whose work does not merge.</summary>
/// <param name="Tasks">The two.</param>
/// <param name="Conflicts">The files that would conflict: certain.</param>
/// <param name="Overlap">The files that both changed: possible.</param>
public sealed record PairRow(IReadOnlyList<string> Tasks, IReadOnlyList<string> Conflicts, IReadOnlyList<string> Overlap)
{
    /// <summary>The row of a pair.</summary>
    public static PairRow Of(WorkPair pair) => new([pair.One.Task, pair.Other.Task], pair.Conflicts, pair.Overlap);
}

/// <summary>The work of a task that was compared.</summary>
/// <param name="Task">The task.</param>
/// <param name="WorktreePath">Its workspace; null when there is only its branch.</param>
/// <param name="ChangedFiles">What it changed against its base.</param>
/// <param name="Problem">Why it could not be looked at, or only in part.</param>
public sealed record WorkRow(string Task, string? WorktreePath, IReadOnlyList<string> ChangedFiles, string? Problem);

/// <summary>The answer of <c>conflicts</c>.</summary>
public sealed record ConflictsReport() : Report("conflicts")
{
    /// <summary>Whether two of them do not merge.</summary>
    public required bool HasConflicts { get; init; }

    /// <summary>Whether that keeps a task from starting (BLOCK_ON_CONFLICT).</summary>
    public required bool Blocked { get; init; }

    /// <summary>Every file that would conflict, and between whom.</summary>
    public required IReadOnlyList<ConflictRow> Conflicts { get; init; }

    /// <summary>Every pair that has something in common; those that conflict first.</summary>
    public required IReadOnlyList<PairRow> Pairs { get; init; }

    /// <summary>The work that was compared.</summary>
    public required IReadOnlyList<WorkRow> Workspaces { get; init; }

    /// <summary>The report of a matrix.</summary>
    public static ConflictsReport For(ConflictMatrix matrix, bool blocks) => new()
    {
        HasConflicts = matrix.Pairs.Any(pair => pair.IsConflict),
        Blocked = blocks && matrix.Pairs.Any(pair => pair.IsConflict),
        Conflicts =
        [
            .. from pair in matrix.Pairs
               from file in pair.Conflicts
               from work in new[] { pair.One, pair.Other }
               group work by file into works
               orderby works.Key
               select new ConflictRow(
                   works.Key,
                   [.. works.Select(work => work.Task).Distinct().Order(StringComparer.Ordinal)],
                   [.. works.Select(work => work.Path).OfType<string>().Distinct().Order(StringComparer.Ordinal)]),
        ],
        Pairs = [.. matrix.Pairs.Select(PairRow.Of)],
        Workspaces = [.. matrix.Works.Select(work => new WorkRow(work.Task, work.Path, work.Changed, work.Problem))],
    };
}
