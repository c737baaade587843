using Village.Agents;

namespace Village.Configuration;

/// <summary>A named way to run a coding tool.</summary>
/// <param name="Name">Its name: <c>build</c>.</param>
/// <param name="Preset">What kind of agent it is.</param>
public sealed record AgentConfig(string Name, AgentPreset Preset)
{
    /// <summary>Whether it works alone, or in its own screen.</summary>
    public AgentMode Mode { get; init; }

    /// <summary>The command line's words, placeholders not yet filled; empty for the preset's own program.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Further arguments.</summary>
    public IReadOnlyList<string> Args { get; init; } = [];

    /// <summary>Further arguments where it is opencode.</summary>
    public IReadOnlyList<string> OpencodeArgs { get; init; } = [];

    /// <summary>The model; empty for the agent's own choice.</summary>
    public string Model { get; init; } = "";

    /// <summary>Variables of its environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>How many dollars it may cost in all; null for no limit.</summary>
    public decimal? BudgetUsd { get; init; }

    /// <summary>How long one attempt may take; zero means no limit.</summary>
    public TimeSpan Timeout { get; init; }

    /// <summary>The check's command line as written, or empty.</summary>
    public string Check { get; init; } = "";

    /// <summary>Where its contracts come from.</summary>
    public ContractSource Contract { get; init; } = ContractSource.BuiltIn;

    /// <summary>The provider that its attempts use, as far as it is known before they start.</summary>
    public string Provider => Preset.Provider(Model is "" ? null : Model);

    /// <summary>The words that the command line of a preset begins with.</summary>
    public IReadOnlyList<string> ProgramWords(AgentPreset preset) => Command is [] ? [preset.Program] : Command;
}
