namespace Village.Agents;

/// <summary>What is known of a running agent: the fold of its news.</summary>
public sealed record AgentRecord
{
    /// <summary>Nothing was said yet.</summary>
    public static AgentRecord Empty { get; } = new();

    /// <summary>What it is doing; null until it says something.</summary>
    public AgentActivity? Activity { get; init; }

    /// <summary>The sentence that went with it.</summary>
    public string? Message { get; init; }

    /// <summary>Its conversation.</summary>
    public string? Session { get; init; }

    /// <summary>Its model.</summary>
    public string? Model { get; init; }

    /// <summary>What it has used; null while it has not said.</summary>
    public AgentUsage? Usage { get; init; }

    /// <summary>What its conversation had used before this run, where one is continued.</summary>
    public AgentUsage Before { get; init; } = AgentUsage.None;

    /// <summary>Whether its last turn came to a natural end.</summary>
    public bool TurnEnded { get; init; }

    /// <summary>What went wrong last in this turn, or null.</summary>
    public AgentTrouble? Trouble { get; init; }

    /// <summary>The id of the last call of a tool.</summary>
    public string? Call { get; init; }

    /// <summary>
    /// The record with one more piece of news. A provider's limit stays until the model answers; an error is over when a turn
    /// ends well; what was refused stays.
    /// </summary>
    public AgentRecord With(AgentNews news) => this with
    {
        Activity = news.Activity ?? Activity,
        Message = news.Activity is null ? Message : news.Message,
        Session = news.Session ?? Session,
        Model = news.Model ?? Model,
        Usage = news.UsedInAll ?? (news.UsedInConversation is { } whole ? whole - Before : news.Used is { } used ? (Usage ?? AgentUsage.None) + used : Usage),
        TurnEnded = news.TurnEnded ?? TurnEnded,
        Call = news.Call ?? Call,
        Trouble = news.Trouble ?? (IsOver(news) ? null : Trouble),
    };

    private bool IsOver(AgentNews news) => Trouble?.Kind switch
    {
        AgentTroubleKind.Error => news.Recovered || news.TurnEnded is true,
        AgentTroubleKind.UsageLimit => news.Recovered,
        _ => false,
    };
}
