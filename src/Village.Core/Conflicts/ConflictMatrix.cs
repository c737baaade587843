namespace Village.Conflicts;

/// <summary>The work of one task, as far as it is not in the base branch.</summary>
/// <param name="Task">The task.</param>
/// <param name="Path">Its workspace, or null when there is only its branch.</param>
/// <param name="Commit">A commit of all of it, uncommitted and untracked work included; null when it could not be made.</param>
/// <param name="Changed">The files it changed against its base, relative to the repository, sorted.</param>
/// <param name="Problem">Why it could not be looked at, or only in part; null when it was.</param>
public sealed record TaskWork(string Task, string? Path, string? Commit, IReadOnlyList<string> Changed, string? Problem)
{
    /// <summary>Whether there is something that could conflict.</summary>
    public bool IsComparable => Commit is not null && Changed is not [];
}

/// <summary>Two tasks that touch the same files, or whose work does not merge.</summary>
/// <param name="One">The work of the first.</param>
/// <param name="Other">The work of the second.</param>
/// <param name="Conflicts">The files that would conflict: certain.</param>
/// <param name="Overlap">The files that both changed: possible.</param>
public sealed record WorkPair(TaskWork One, TaskWork Other, IReadOnlyList<string> Conflicts, IReadOnlyList<string> Overlap)
{
    /// <summary>Whether a merge of the two stops.</summary>
    public bool IsConflict => Conflicts is not [];

    /// <summary>A conflict in words.</summary>
    public string Sentence => $"the work of {One.Task} does not merge with that of {Other.Task}: {ConflictMatrix.Listed(Conflicts)}";

    /// <summary>The partner of a task in this pair, or null when the task is not in it.</summary>
    public TaskWork? PartnerOf(string task) => One.Task == task ? Other : Other.Task == task ? One : null;
}

/// <summary>Which pairs of tasks get in each other's way.</summary>
/// <param name="Works">The work of each task that was looked at, by task.</param>
/// <param name="Pairs">The pairs with something in common, those that conflict first.</param>
public sealed record ConflictMatrix(IReadOnlyList<TaskWork> Works, IReadOnlyList<WorkPair> Pairs)
{
    /// <summary>What is said where work could not be tried.</summary>
    public const string Unknown = "whether the work of tasks merges is not known";

    private const int FilesListed = 5;

    /// <summary>Nothing was compared.</summary>
    public static ConflictMatrix Empty { get; } = new([], []);

    /// <summary>The pairs whose trial merge is worth trying: both have work, and one of them is asked for (none: all are).</summary>
    public static IReadOnlyList<(TaskWork One, TaskWork Other)> ToCompare(IReadOnlyList<TaskWork> works, IReadOnlySet<string> wanted) =>
    [
        .. from one in works.Index()
           from other in works.Skip(one.Index + 1)
           where one.Item.IsComparable && other.IsComparable
               && (wanted.Count is 0 || wanted.Contains(one.Item.Task) || wanted.Contains(other.Task))
           select (one.Item, other),
    ];

    /// <summary>The matrix from what each task changed and how the trial merges ended.</summary>
    /// <param name="works">The work of each task.</param>
    /// <param name="merges">The pairs that were tried, and the files that conflict.</param>
    public static ConflictMatrix Of(IReadOnlyList<TaskWork> works, IEnumerable<(TaskWork One, TaskWork Other, IReadOnlyList<string> Files)> merges) => new(
        works,
        [
            .. from merge in merges
               let overlap = merge.One.Changed.Intersect(merge.Other.Changed, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList()
               where merge.Files is not [] || overlap is not []
               orderby merge.Files is []
               select new WorkPair(merge.One, merge.Other, [.. merge.Files.Order(StringComparer.Ordinal)], overlap),
        ]);

    /// <summary>The conflicts of one task, with those partners that a rule accepts.</summary>
    public IEnumerable<(string Partner, IReadOnlyList<string> Files)> Of(string task, Func<string, bool> isPartner) =>
        from pair in Pairs
        where pair.IsConflict && pair.PartnerOf(task) is { } other && isPartner(other.Task)
        select (pair.PartnerOf(task)!.Task, pair.Conflicts);

    /// <summary>The first files of a list, and how many more there are.</summary>
    public static string Listed(IReadOnlyList<string> files) =>
        string.Join(", ", files.Take(FilesListed).Select(Printable.Line)) + (files.Count > FilesListed ? $" and {files.Count - FilesListed} more" : "");
}
