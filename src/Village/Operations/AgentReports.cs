using Village.Agents;
using Village.Configuration;
using Village.Errors;
using Village.Hosting;
using Village.Leases;
using Village.Tasks;

namespace Village.Operations;

/// <summary>Notes what an agent's own events and hooks tell of it.</summary>
internal static class AgentReports
{
    /// <summary>The activity of that name, or null.</summary>
    public static AgentActivity? Parse(string? name) => Enum.GetValues<AgentActivity>().Cast<AgentActivity?>().FirstOrDefault(activity => Name(activity!.Value) == name);

    /// <summary>Its name in events and JSON: <c>waiting</c>.</summary>
    public static string Name(AgentActivity activity) => activity.ToString().ToLowerInvariant();

    /// <summary>Into the log; nothing that goes wrong here stops an agent, and a lease that is no longer its own is left alone.</summary>
    public static Lease? Record(VillageContext village, Lease lease, AgentPreset preset, AgentNews news)
    {
        try
        {
            if (news.Trouble is { Kind: AgentTroubleKind.UsageLimit } trouble)
            {
                Limit(village, lease, preset.Provider(news.Model ?? village.Config.Agent(lease.Agent).Model), trouble);
            }

            return TakeSignal.Record(village, lease.Task, lease.Nonce!, new()
            {
                Ts = default,
                Cmd = "signal",
                Signal = Name(news.Activity ?? AgentActivity.Working),
                Source = preset.Name,
                Message = news.Message,
                Session = IsSession(news.Session) ? news.Session : null,
                Model = news.Model,
                Usage = news.UsedInAll,
            });
        }
        catch (Exception failure) when (failure is VillageException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The failure of an attempt whose agent met its provider's limit, which is noted.</summary>
    public static Verdict LimitMet(VillageContext village, Lease lease, AgentConfig agent, AgentRecord record)
    {
        var provider = agent.Preset.Provider(record.Model ?? agent.Model);
        return Verdict.No(FailureReason.UsageLimit, record.Trouble!.Message) with { Provider = provider, Until = Limit(village, lease, provider, record.Trouble) };
    }

    /// <summary>Notes a provider's limit; one without an end is tried again after <see cref="UsageLimits.Unsaid"/>. Returns the end.</summary>
    public static DateTimeOffset Limit(VillageContext village, Lease lease, string provider, AgentTrouble trouble)
    {
        var until = trouble.Until ?? village.Now + UsageLimits.Unsaid;
        village.Limits.Write(new(provider, until, Printable.Line(trouble.Message), lease.Task.Value, lease.Agent));
        return until;
    }

    /// <summary>Whether a text may be given back to an agent as a conversation's id: it is an argument there, and no option.</summary>
    public static bool IsSession(string? text) =>
        text is { Length: > 0 and <= 200 } && char.IsAsciiLetterOrDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '-');
}
