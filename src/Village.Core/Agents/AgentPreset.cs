using System.Text.Json;
using Village.Tasks;

namespace Village.Agents;

/// <summary>Whether an agent works alone to an end, or sits in its pane and can be talked to.</summary>
public enum AgentMode
{
    /// <summary>It does the task and ends.</summary>
    Run,

    /// <summary>Its own screen, in the pane; a person can join in.</summary>
    Tui,
}

/// <summary>What an agent needs before it can be started where nobody is there to answer.</summary>
/// <param name="What">In words: <c>a login</c>.</param>
/// <param name="Variables">Any of these variables in the environment is enough.</param>
/// <param name="Files">Or any of these files below the home directory.</param>
/// <param name="Hint">What to type, where there is none.</param>
public sealed record AgentNeed(string What, IReadOnlyList<string> Variables, IReadOnlyList<string> Files, string Hint);

/// <summary>
/// A kind of coding agent: how it is started, how it is continued, what it says of itself, and what its end means. One file
/// for each; facts are those of the version that <see cref="Tried"/> names.
/// </summary>
public abstract class AgentPreset
{
    /// <summary>Its name in <c>type=</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The program that is looked for on PATH, unless <c>command=</c> names another.</summary>
    public virtual string Program => Name;

    /// <summary>The version that this preset was tried with.</summary>
    public abstract string Tried { get; }

    /// <summary>What to type to install it.</summary>
    public abstract string Install { get; }

    /// <summary>Whose models it uses, as far as the model's name says so: what a usage limit holds for.</summary>
    public virtual string Provider(string? model) => Name;

    /// <summary>Whether it has a screen of its own.</summary>
    public virtual bool HasTui => true;

    /// <summary>Whether a text may be pasted into its screen while it is idle: it tells of its turns, so that the arrival can be seen.</summary>
    public virtual bool CanBeToldMore => HasTui;

    /// <summary>What it needs before an unattended start.</summary>
    public virtual IReadOnlyList<AgentNeed> Needs => [];

    /// <summary>Those of its needs that nothing in an environment meets.</summary>
    /// <param name="environment">What it would be started with.</param>
    /// <param name="exists">Whether there is such a file.</param>
    public IEnumerable<AgentNeed> Unmet(IReadOnlyDictionary<string, string> environment, Func<string, bool> exists) => Needs.Where(need =>
        !need.Variables.Any(name => environment.GetValueOrDefault(name) is { Length: > 0 })
        && !(environment.GetValueOrDefault("HOME") is { Length: > 0 } home && need.Files.Any(file => exists(Path.Combine(home, file)))));

    /// <summary>
    /// What must have run once for a home directory before several are started at once, and the file that shows that it has; or null.
    /// </summary>
    public virtual (string Marker, IReadOnlyList<string> Words)? FirstRun(IReadOnlyDictionary<string, string> environment) => null;

    /// <summary>How it is started for an attempt.</summary>
    public abstract AgentCall Call(AgentOrder order);

    /// <summary>What one line of its JSON says; nothing for what is of no concern. Never throws on a document of another shape.</summary>
    /// <param name="line">The line's document.</param>
    /// <param name="now">The time, for limits that are told relative to it.</param>
    public virtual IEnumerable<AgentNews> Read(JsonElement line, DateTimeOffset now) => [];

    /// <summary>What a line of its standard error says that its JSON does not; null for what is of no concern.</summary>
    /// <param name="line">The line.</param>
    /// <param name="now">The time.</param>
    public virtual AgentNews? ReadError(string line, DateTimeOffset now) => null;

    /// <summary>What a call of one of its hooks says, by the document that came with it.</summary>
    /// <param name="hook">The document.</param>
    /// <param name="now">The time.</param>
    public virtual AgentNews? OfHook(JsonElement hook, DateTimeOffset now) => null;

    /// <summary>
    /// What its end says against the attempt, as one of <see cref="FailureReason"/> and in words; null when it may be proved. An
    /// exit code of 0 alone is no success where the agent said otherwise.
    /// </summary>
    /// <param name="exit">Its exit code.</param>
    /// <param name="record">What it said.</param>
    /// <param name="toldJson">Whether it told JSON.</param>
    public virtual (string Reason, string Message)? Objection(int exit, AgentRecord record, bool toldJson) => (exit, record.Trouble) switch
    {
        (_, { Kind: AgentTroubleKind.UsageLimit } limit) => (FailureReason.UsageLimit, limit.Message),
        (not 0, { } trouble) => (FailureReason.AgentExit, $"the agent ended with exit code {exit}: {trouble.Message}"),
        (not 0, null) => (FailureReason.AgentExit, $"the agent ended with exit code {exit}"),

        // It said why it stopped: the last thing that it tried was refused.
        (0, { Kind: AgentTroubleKind.PermissionDenied } denied) when !record.TurnEnded || !toldJson || (denied.Call is not null && denied.Call == record.Call) => (FailureReason.PermissionDenied, denied.Message),
        (0, { Kind: AgentTroubleKind.Error } error) => (FailureReason.AgentError, error.Message),
        (0, _) when toldJson && !record.TurnEnded => (FailureReason.AgentError, "the agent ended with exit code 0 before its turn had come to an end"),
        _ => null,
    };
}
