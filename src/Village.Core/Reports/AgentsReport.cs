namespace Village.Reports;

/// <summary>Something that stands in an agent's way.</summary>
/// <param name="Message">What it is.</param>
/// <param name="Hint">What to type, or null.</param>
public sealed record AgentProblemRow(string Message, string? Hint);

/// <summary>What is known of an agent, or of a kind of agents, before it is started.</summary>
public sealed record AgentRow
{
    /// <summary>The agent, or the kind: <c>build</c>, <c>claude</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its kind, as in <c>type=</c>.</summary>
    public required string Type { get; init; }

    /// <summary><c>run</c> or <c>tui</c>; null for a kind.</summary>
    public string? Mode { get; init; }

    /// <summary>The program as it would be called; null where the configuration names none.</summary>
    public required string? Program { get; init; }

    /// <summary>The file that this is; null when it was not found.</summary>
    public required string? Path { get; init; }

    /// <summary>Its version by its own word; null when it was not asked, or did not say.</summary>
    public string? Version { get; init; }

    /// <summary>The version that Village was tried with; null where that is anything.</summary>
    public string? Tried { get; init; }

    /// <summary>What stands in its way. Empty does not promise that its login is valid.</summary>
    public required IReadOnlyList<AgentProblemRow> Problems { get; init; }
}

/// <summary>The answer of <c>agents</c>.</summary>
/// <param name="Default">The agent of tasks that name none.</param>
/// <param name="Agents">The agents of the configuration, and the default one.</param>
/// <param name="Kinds">Every kind that Village knows a program of.</param>
public sealed record AgentsReport(string Default, IReadOnlyList<AgentRow> Agents, IReadOnlyList<AgentRow> Kinds) : Report("agents");
