namespace Village.Agents;

/// <summary>What an agent is doing, by its own word.</summary>
public enum AgentActivity
{
    /// <summary>It works.</summary>
    Working,

    /// <summary>It waits for a person: an answer, or a permission.</summary>
    Waiting,

    /// <summary>It has ended its turn, and takes another.</summary>
    Idle,

    /// <summary>It cannot go on.</summary>
    Blocked,

    /// <summary>It says that the task is done.</summary>
    Done,
}

/// <summary>Something that an agent says while it runs: a line of its JSON, or a call of one of its hooks. What is null was not said.</summary>
public sealed record AgentNews
{
    /// <summary>What it is doing now.</summary>
    public AgentActivity? Activity { get; init; }

    /// <summary>The sentence that goes with it: what it asks.</summary>
    public string? Message { get; init; }

    /// <summary>The id of its conversation, by which it can be continued.</summary>
    public string? Session { get; init; }

    /// <summary>The model it uses.</summary>
    public string? Model { get; init; }

    /// <summary>What was used since the last such news.</summary>
    public AgentUsage? Used { get; init; }

    /// <summary>What this run has used in all; replaces what was added up.</summary>
    public AgentUsage? UsedInAll { get; init; }

    /// <summary>What the whole conversation has used, earlier runs included.</summary>
    public AgentUsage? UsedInConversation { get; init; }

    /// <summary>Text for the person who looks at the pane: what it said or did. May hold anything; escaped where it is shown.</summary>
    public string? Line { get; init; }

    /// <summary>The id of a call of a tool that began.</summary>
    public string? Call { get; init; }

    /// <summary>Whether the model has answered, so that an error or a limit before it is over.</summary>
    public bool Recovered { get; init; }

    /// <summary>Something that went wrong.</summary>
    public AgentTrouble? Trouble { get; init; }

    /// <summary>True: its turn came to its natural end. False: another began, or it broke off.</summary>
    public bool? TurnEnded { get; init; }
}

/// <summary>What kind of thing went wrong with an agent.</summary>
public enum AgentTroubleKind
{
    /// <summary>The model, or the way to it, failed.</summary>
    Error,

    /// <summary>A permission was asked for and refused, because nobody was there to give it.</summary>
    PermissionDenied,

    /// <summary>The provider lets nobody work until a later time.</summary>
    UsageLimit,
}

/// <summary>Something that went wrong, in the agent's words.</summary>
/// <param name="Kind">Of which kind it is.</param>
/// <param name="Message">In words.</param>
/// <param name="Until">When the provider's limit ends, where it says so.</param>
/// <param name="Call">The id of the call of a tool that it happened to.</param>
public sealed record AgentTrouble(AgentTroubleKind Kind, string Message, DateTimeOffset? Until = null, string? Call = null);

/// <summary>Tokens and money, as the agent reports them.</summary>
/// <param name="Input">Tokens that were read, without those from a cache.</param>
/// <param name="Output">Tokens that were written, reasoning included.</param>
/// <param name="CacheRead">Tokens that came from a cache.</param>
/// <param name="CacheWrite">Tokens that were put into one.</param>
/// <param name="Usd">Dollars; null where the agent does not know.</param>
public sealed record AgentUsage(long Input, long Output, long CacheRead = 0, long CacheWrite = 0, decimal? Usd = null)
{
    /// <summary>Nothing.</summary>
    public static AgentUsage None { get; } = new(0, 0);

    /// <summary>What is left of a when b was known before; never below 0.</summary>
    public static AgentUsage operator -(AgentUsage a, AgentUsage b) => new(
        Math.Max(0, a.Input - b.Input),
        Math.Max(0, a.Output - b.Output),
        Math.Max(0, a.CacheRead - b.CacheRead),
        Math.Max(0, a.CacheWrite - b.CacheWrite),
        a.Usd is { } usd ? Math.Max(0, usd - (b.Usd ?? 0)) : null);

    /// <summary>The sum. Money is known when either knows it.</summary>
    public static AgentUsage operator +(AgentUsage a, AgentUsage b) => new(
        a.Input + b.Input, a.Output + b.Output, a.CacheRead + b.CacheRead, a.CacheWrite + b.CacheWrite, a.Usd is null && b.Usd is null ? null : (a.Usd ?? 0) + (b.Usd ?? 0));
}
