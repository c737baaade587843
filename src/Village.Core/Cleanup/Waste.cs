using Village.Diagnosis;

namespace Village.Cleanup;

/// <summary>A branch that is named like a task's.</summary>
/// <param name="Name">Without <c>refs/heads/</c>.</param>
/// <param name="Task">What its name says after the prefix.</param>
/// <param name="Tip">The commit it stands on.</param>
/// <param name="IsContained">Whether the base has that commit, so that nothing goes with the branch.</param>
/// <param name="Place">Where it is checked out outside the workspaces, or null.</param>
public sealed record TaskBranch(string Name, string Task, string Tip, bool IsContained, string? Place);

/// <summary>A pane of the session that was made for a claim which nobody has any more.</summary>
/// <param name="Id"><c>%12</c>.</param>
/// <param name="Stranger">The process in it that is no worker, or null.</param>
public sealed record DeadPane(string Id, int? Stranger);

/// <summary>What cleanup looks for besides leases and workspaces.</summary>
public sealed record Waste
{
    /// <summary>No look was taken.</summary>
    public static Waste None { get; } = new();

    /// <summary>What the base is called in a sentence.</summary>
    public string Base { get; init; } = "HEAD";

    /// <summary>Branches that are named like a task's, sorted.</summary>
    public IReadOnlyList<TaskBranch> Branches { get; init; } = [];

    /// <summary>Processes that carry a claim of this village which nobody has any more.</summary>
    public IReadOnlyList<MarkedProcess> Processes { get; init; } = [];

    /// <summary>Panes of such claims.</summary>
    public IReadOnlyList<DeadPane> Panes { get; init; } = [];

    /// <summary>Whether something may just be ending by itself.</summary>
    public bool IsFleeting => Processes is not [] || Panes is not [];
}
