using Village.Agents;

namespace Village.Configuration;

/// <summary>The settings of contracts: for all agents, and for one.</summary>
public static class ContractSettings
{
    private const string Default = "DEFAULT";
    private const string Agents = "agent.*";
    private const string Path = "a path below the repository, without '..', or an absolute one";
    private const string Word = "a word of letters, digits, '-' and '_'";
    private const string Words = "such words, with commas between them";

    /// <summary>The contract file of agents that name none.</summary>
    public static Setting File { get; } = new(
        Default, "CONTRACT", "VILLAGE_CONTRACT", "", Path, ContractSource.IsFile,
        "The contract file: what agents are told, as Markdown with placeholders such as {title} and {description}; empty means none.");

    /// <summary>PPC's mode for agents that name none.</summary>
    public static Setting PpcMode { get; } = new(
        Default, "PPC_MODE", "VILLAGE_PPC_MODE", "", Word, ContractSource.IsWord,
        "The mode in which PPC compiles what agents are told: explore, build or ship; PPC is used where a mode, traits or a format is set.");

    /// <summary>PPC's traits for agents that name none.</summary>
    public static Setting PpcTraits { get; } = new(
        Default, "PPC_TRAITS", "VILLAGE_PPC_TRAITS", "", Words, ContractSource.AreWords,
        "Traits for PPC, with commas between them: conservative, creative, terse, verbose.");

    /// <summary>PPC's format for agents that name none.</summary>
    public static Setting PpcFormat { get; } = new(
        Default, "PPC_FORMAT", "VILLAGE_PPC_FORMAT", "", Word, ContractSource.IsWord,
        "The format that PPC asks the agent's answer in: markdown or code; empty means markdown.");

    /// <summary>An agent's own contract file.</summary>
    public static Setting AgentFile { get; } = new(
        Agents, "contract", null, "", Path, ContractSource.IsFile,
        "This agent's CONTRACT; empty means none.");

    /// <summary>An agent's own mode of PPC.</summary>
    public static Setting AgentPpcMode { get; } = new(
        Agents, "ppc_mode", null, "", Word, ContractSource.IsWord, "This agent's PPC_MODE; empty means explore where traits or a format is set.");

    /// <summary>An agent's own traits.</summary>
    public static Setting AgentPpcTraits { get; } = new(
        Agents, "ppc_traits", null, "", Words, ContractSource.AreWords, "This agent's PPC_TRAITS; empty means none.");

    /// <summary>An agent's own format.</summary>
    public static Setting AgentPpcFormat { get; } = new(
        Agents, "ppc_format", null, "", Word, ContractSource.IsWord, "This agent's PPC_FORMAT; empty means markdown.");

    /// <summary>Those for all agents, in the order of the reference.</summary>
    public static IReadOnlyList<Setting> OfAll { get; } = [File, PpcMode, PpcTraits, PpcFormat];

    /// <summary>Those for one agent, in the order of the reference.</summary>
    public static IReadOnlyList<Setting> OfOne { get; } = [AgentFile, AgentPpcMode, AgentPpcTraits, AgentPpcFormat];
}
