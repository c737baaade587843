namespace Village.Agents;

/// <summary>How an agent is started: an argument list, and what goes with it. Never through a shell, never by typed keys.</summary>
/// <param name="Words">The program and its arguments.</param>
/// <param name="Input">The file on standard input, or null for the terminal.</param>
public sealed record AgentCall(IReadOnlyList<string> Words, string? Input)
{
    /// <summary>Whether its standard output is JSON, a document a line, for <see cref="AgentPreset.Read"/>; otherwise it is the terminal.</summary>
    public bool TellsJson { get; init; }

    /// <summary>Whether the lines of its standard error are for <see cref="AgentPreset.ReadError"/>; they are shown all the same.</summary>
    public bool TellsErrors { get; init; }

    /// <summary>The id of the conversation, where the call itself names it; otherwise the agent tells it.</summary>
    public string? Session { get; init; }

    /// <summary>Variables that it needs besides.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Files that must be there before it starts, by name within <see cref="AgentOrder.Directory"/>.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();
}
