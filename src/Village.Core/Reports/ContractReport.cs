using Village.Agents;

namespace Village.Reports;

/// <summary>The answer of <c>contract</c>: the envelope, with the head of every document.</summary>
public sealed record ContractReport() : Report("contract", ContractEnvelope.Version)
{
    /// <summary>The format of the content.</summary>
    public string Format { get; } = ContractEnvelope.Format;

    /// <summary>The task.</summary>
    public required string TaskId { get; init; }

    /// <summary>Its title.</summary>
    public required string TaskTitle { get; init; }

    /// <summary>Its description.</summary>
    public required string TaskDescription { get; init; }

    /// <summary>The agent.</summary>
    public required string Agent { get; init; }

    /// <summary>Where the contract comes from: <c>file:PATH</c>, <c>ppc:MODE</c> or <c>fallback</c>.</summary>
    public required string PpcProfile { get; init; }

    /// <summary>What PPC says of itself, or null.</summary>
    public required string? PpcVersion { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What was wrong with its sources.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>What the agent would read.</summary>
    public required string Content { get; init; }

    /// <summary>The report of a contract.</summary>
    public static ContractReport Of(ContractEnvelope contract) => new()
    {
        TaskId = contract.TaskId,
        TaskTitle = contract.TaskTitle,
        TaskDescription = contract.TaskDescription,
        Agent = contract.Agent,
        PpcProfile = contract.Profile,
        PpcVersion = contract.PpcVersion,
        CreatedAt = contract.CreatedAt,
        Warnings = contract.Warnings,
        Content = contract.Content,
    };
}
