using Village.Configuration;
using Village.Tasks;

namespace Village.Agents;

/// <summary>All that a contract can tell of one attempt.</summary>
public sealed record ContractFacts
{
    /// <summary>The task's id.</summary>
    public required TaskId Task { get; init; }

    /// <summary>The task, or null when the store has lost it.</summary>
    public required TaskSpec? Spec { get; init; }

    /// <summary>The agent.</summary>
    public required AgentConfig Agent { get; init; }

    /// <summary>The attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>The workspace, absolute.</summary>
    public required string Workspace { get; init; }

    /// <summary>The branch.</summary>
    public required string Branch { get; init; }

    /// <summary>The tasks that it waits for, in the order of its edges.</summary>
    public IReadOnlyList<ContractDependency> Dependencies { get; init; } = [];

    /// <summary>The task's title, else its id.</summary>
    public string Title => Spec?.Title ?? Task.Value;
}
