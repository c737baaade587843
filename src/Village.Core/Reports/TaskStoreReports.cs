using Village.Tasks;

namespace Village.Reports;

/// <summary>The answer of <c>task dep tree</c>.</summary>
/// <param name="Tasks">The tasks in the order in which they are shown; the first is the root.</param>
public sealed record TaskTreeReport(IReadOnlyList<TreeRow> Tasks) : Report("task dep tree")
{
    /// <summary>The report of a tree.</summary>
    public static TaskTreeReport For(IReadOnlyList<TaskTreeLine> tree) => new(
    [
        .. from branch in tree
           select new TreeRow(
               branch.Task.Id.Value, branch.Task.Title, branch.Task.Status, branch.Depth, branch.Parent?.Value, branch.Edge, branch.IsRepeated),
    ]);
}

/// <summary>One task of a tree.</summary>
/// <param name="Id">The task.</param>
/// <param name="Title">Its title.</param>
/// <param name="Status">Its status in the store.</param>
/// <param name="Depth">0 for the root.</param>
/// <param name="ParentId">The task above it; null for the root.</param>
/// <param name="Edge">The type of the edge between the two; null for the root.</param>
/// <param name="Truncated">Whether it was shown before, with what is below it.</param>
public sealed record TreeRow(string Id, string Title, string Status, int Depth, string? ParentId, string? Edge, bool Truncated);

/// <summary>The answer of <c>task dep cycles</c>.</summary>
/// <param name="Cycles">The groups of tasks that wait for each other for ever.</param>
public sealed record TaskCyclesReport(IReadOnlyList<IReadOnlyList<string>> Cycles) : Report("task dep cycles");

/// <summary>The answer of <c>task label list</c>.</summary>
/// <param name="Labels">Every label, sorted.</param>
public sealed record TaskLabelsReport(IReadOnlyList<LabelRow> Labels) : Report("task label list");

/// <summary>One label.</summary>
/// <param name="Label">It.</param>
/// <param name="Open">How many tasks that are not closed have it.</param>
/// <param name="Closed">How many closed ones.</param>
public sealed record LabelRow(string Label, int Open, int Closed);

/// <summary>The answer of <c>task delete</c> for one task.</summary>
/// <param name="Deleted">The task.</param>
/// <param name="DependenciesRemoved">The tasks that depended on it and no longer do.</param>
public sealed record TaskDeleteReport(string Deleted, IReadOnlyList<string> DependenciesRemoved) : Report("task delete");

/// <summary>The answer of <c>task delete</c> for several.</summary>
/// <param name="Tasks">The tasks.</param>
public sealed record TasksDeleteReport(IReadOnlyList<DeletedRow> Tasks) : Report("task delete");

/// <summary>One of them.</summary>
/// <param name="Deleted">The task.</param>
/// <param name="DependenciesRemoved">The tasks that depended on it and no longer do.</param>
public sealed record DeletedRow(string Deleted, IReadOnlyList<string> DependenciesRemoved);

/// <summary>The answer of <c>task export</c>.</summary>
/// <param name="Path">The file that was written; null without <c>--output</c>.</param>
/// <param name="Dialect">modern or classic.</param>
/// <param name="Tasks">How many tasks.</param>
/// <param name="Lines">The lines of the file that would be written; null when one was.</param>
public sealed record TaskExportReport(string? Path, string Dialect, int Tasks, IReadOnlyList<string>? Lines) : Report("task export");

/// <summary>The answer of <c>task import</c>.</summary>
public sealed record TaskImportReport() : Report("task import")
{
    /// <summary>Whether nothing was written.</summary>
    public required bool DryRun { get; init; }

    /// <summary>New tasks.</summary>
    public required IReadOnlyList<string> Created { get; init; }

    /// <summary>Tasks that are different now.</summary>
    public required IReadOnlyList<string> Updated { get; init; }

    /// <summary>Tasks that the file says are deleted.</summary>
    public required IReadOnlyList<string> Deleted { get; init; }

    /// <summary>Tasks that were changed here later than in the file.</summary>
    public required IReadOnlyList<string> SkippedStale { get; init; }

    /// <summary>How many tasks were so already.</summary>
    public required int Unchanged { get; init; }

    /// <summary>What a person should know.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The report of an import.</summary>
    public static TaskImportReport For(TaskImport import, bool isPlan) => new()
    {
        DryRun = isPlan,
        Created = Names(import.Created),
        Updated = Names(import.Updated),
        Deleted = Names(import.Deleted),
        SkippedStale = Names(import.Older),
        Unchanged = import.Unchanged.Count,
        Warnings = import.Warnings,
    };

    private static IReadOnlyList<string> Names(IReadOnlyList<TaskId> ids) => [.. ids.Select(id => id.Value)];
}

/// <summary>The answer of <c>task stats</c>.</summary>
public sealed record TaskStatsReport() : Report("task stats")
{
    /// <summary>All tasks.</summary>
    public required int Total { get; init; }

    /// <summary>Tasks that may start.</summary>
    public required int Ready { get; init; }

    /// <summary>Tasks that wait for others.</summary>
    public required int Blocked { get; init; }

    /// <summary>Tasks that are put off.</summary>
    public required int Deferred { get; init; }

    /// <summary>Epics whose children are all closed, and which are not closed yet.</summary>
    public required IReadOnlyList<string> EpicsToClose { get; init; }

    /// <summary>How many hours a closed task took from its making to its closing, on average; null when none is closed.</summary>
    public required double? AverageLeadTimeHours { get; init; }

    /// <summary>How many tasks have each status.</summary>
    public required IReadOnlyList<CountRow> ByStatus { get; init; }

    /// <summary>How many tasks that are not closed have each type.</summary>
    public required IReadOnlyList<CountRow> ByType { get; init; }

    /// <summary>How many tasks that are not closed have each priority.</summary>
    public required IReadOnlyList<CountRow> ByPriority { get; init; }

    /// <summary>The report of a store.</summary>
    public static TaskStatsReport For(TaskGraph graph, DateTimeOffset now)
    {
        var tasks = graph.All;
        var open = tasks.Where(task => !task.IsClosed).ToList();
        var children = TaskTree.Dependents(tasks);
        return new()
        {
            Total = tasks.Count,
            Ready = graph.Ready.Count,
            Blocked = open.Count(task => graph.Blockers(task.Id) is not []),
            Deferred = open.Count(task => task.Status is "deferred" || task.DeferTime > now),
            EpicsToClose =
            [
                .. from epic in open
                   where epic.IsEpic
                   let below = children[epic.Id].Where(child => child.Type is DependencyType.ParentChild).ToList()
                   where below.Count > 0 && below.All(child => graph.Find(child.Id)!.IsClosed)
                   orderby epic.Id
                   select epic.Id.Value,
            ],
            AverageLeadTimeHours = Average([.. tasks.Where(task => task.IsClosed && task.CreatedTime is not null)
                .Select(task => (task.ClosedTime - task.CreatedTime)?.TotalHours).OfType<double>()]),
            ByStatus = Counts(tasks, task => task.Status),
            ByType = Counts(open, task => task.Type),
            ByPriority = Counts(open, task => $"{task.Priority}"),
        };
    }

    private static double? Average(IReadOnlyList<double> hours) => hours is [] ? null : Math.Round(hours.Average(), 1);

    private static IReadOnlyList<CountRow> Counts(IEnumerable<TaskSpec> tasks, Func<TaskSpec, string> name) =>
        [.. tasks.CountBy(name).OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => new CountRow(count.Key, count.Value))];
}

/// <summary>How many there are of something.</summary>
/// <param name="Name">Of what.</param>
/// <param name="Count">How many.</param>
public sealed record CountRow(string Name, int Count);

/// <summary>The answer of <c>task move</c>.</summary>
/// <param name="To">beads or embedded: the store that is in use now.</param>
/// <param name="DryRun">Whether nothing was moved.</param>
/// <param name="Moved">How many tasks are new or different there.</param>
/// <param name="Kept">Where the old store is, or null.</param>
/// <param name="Warnings">What the new store does not keep.</param>
public sealed record TaskMoveReport(string To, bool DryRun, int Moved, string? Kept, IReadOnlyList<string> Warnings) : Report("task move");
