using Village.Events;
using Village.Tasks;

namespace Village.Agents;

/// <summary>A task that another one waits for, and what it has left to build on.</summary>
/// <param name="Id">Its id, as the edge has it when there is no such task.</param>
public sealed record ContractDependency(string Id)
{
    private const int MostFiles = 8;

    /// <summary>Its title, or null when the store does not know it.</summary>
    public string? Title { get; init; }

    /// <summary>Whether the store has it as closed.</summary>
    public bool IsClosed { get; init; }

    /// <summary>Whether the village has completed it.</summary>
    public bool IsCompleted { get; init; }

    /// <summary>Its branch, or null when there is none.</summary>
    public string? Branch { get; init; }

    /// <summary>Whether the work of the task that waits contains its work.</summary>
    public bool IsContained { get; init; }

    /// <summary>The commit that completed it, or null when that is not known.</summary>
    public string? Commit { get; init; }

    /// <summary>The commit that its work goes back to, or null when that is not known.</summary>
    public string? Base { get; init; }

    /// <summary>The files that it has changed; empty when that is not known.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>What the store and the log know of the tasks that a task waits for itself. Of branches and files they know nothing.</summary>
    public static IReadOnlyList<ContractDependency> Of(TaskSpec? task, IReadOnlyList<TaskSpec> all, Ledger ledger) =>
    [
        .. from edge in task?.Dependencies ?? []
           where edge.IsBlocking
           let target = all.FirstOrDefault(other => other.Id.Value.Equals(edge.DependsOn, StringComparison.OrdinalIgnoreCase))
           let entry = target is null ? null : ledger.Of(target.Id)
           let end = entry is { State: TaskState.Completed } ? entry.LastChange : null
           select new ContractDependency(target?.Id.Value ?? edge.DependsOn)
           {
               Title = target?.Title,
               IsClosed = target?.IsClosed is true,
               IsCompleted = end is not null,
               Commit = end?.Commit,
               Base = end?.Base,
           },
    ];

    /// <summary>The lines that tell of it: one, and below it the last commit and the first files where they are known.</summary>
    public IEnumerable<string> Lines()
    {
        yield return Title is null ? $"- {Id}" : $"- {Id}: {Title} ({Standing})";
        if (Commit is not null)
        {
            yield return $"  - Last commit: `{Commit[..Math.Min(10, Commit.Length)]}`";
        }

        if (Files is not [])
        {
            var more = Files.Count - MostFiles;
            yield return $"  - Changed: {string.Join(", ", Files.Take(MostFiles).Select(file => $"`{Printable.Line(file)}`"))}{(more > 0 ? $" and {more} more" : "")}";
        }
    }

    private string Standing => (IsCompleted, Branch, IsContained) switch
    {
        (true, not null, true) => $"its work is on branch `{Branch}`, and in your workspace",
        (true, not null, false) => $"its work is on branch `{Branch}`, and not in your workspace",
        (true, null, true) => "its work is in your workspace",
        (true, null, false) => "completed; its branch is gone",
        (false, not null, _) => $"{(IsClosed ? "closed" : "not done yet")}; what there is of it is on branch `{Branch}`",
        (false, null, _) => IsClosed ? "closed" : "not done yet",
    };
}
