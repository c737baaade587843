using Village.Agents;

namespace Village.Configuration;

/// <summary>The settings of an agent: <c>[agent.NAME]</c>.</summary>
public static partial class Settings
{
    private const string Agents = "agent.*";
    private const string AgentKinds = "opencode, claude, codex, gemini, copilot, pi, qwen or command";

    /// <summary>What kind of agent it is.</summary>
    public static Setting AgentType { get; } = new(
        Agents, "type", null, "", AgentKinds, text => text is "" || AgentPresets.Find(text) is not null,
        "The preset. Empty means command where there is a command=, else the preset of the agent's own name, else opencode.");

    /// <summary>How an agent works.</summary>
    public static Setting AgentMode { get; } = new(
        Agents, "mode", null, "run", "run or tui", OneOf("run", "tui"),
        "With run it does the task alone and ends; tui is the agent's own screen in the pane, where a person can join in.");

    /// <summary>Further arguments.</summary>
    public static Setting AgentArgs { get; } = new(
        Agents, "args", null, "", "a command line", IsCommand, "Further arguments of the agent, of any preset.");

    /// <summary>The model.</summary>
    public static Setting AgentModel { get; } = new(
        Agents, "model", null, "", "a model's name as the agent knows it", text => !text.StartsWith('-'),
        "The model; empty leaves the choice to the agent's own configuration.");

    /// <summary>Variables of an agent.</summary>
    public static Setting AgentEnv { get; } = new(
        Agents, "env", null, "", "words such as NAME=value OTHER=\"two words\"", AreVariables,
        "Variables of the agent's environment; its check and its set-up do not get them.");

    /// <summary>How much an agent may cost.</summary>
    public static Setting AgentBudget { get; } = new(
        Agents, "budget_usd", null, "", "an amount such as 20 or 7.50", text => text is "" || Money(text) is not null,
        "How many dollars all attempts of this agent may cost together by what it reports; then nothing more is started for it.");

    /// <summary>The command line of an agent.</summary>
    public static Setting AgentCommand { get; } = new(
        Agents, "command", null, "", "a command line", IsCommand,
        "The agent's command line, run in the workspace without a shell. {contract} is the contract's path, {prompt} its " +
        "text, {task}, {workspace} and {session} what they say; without {contract} or {prompt} the contract comes on standard input. " +
        "With another type= it is the program that is run in place of the preset's own: `npx codex`.");

    /// <summary>Arguments for opencode.</summary>
    public static Setting AgentOpencodeArgs { get; } = new(
        Agents, "opencode_args", null, "", "a command line", IsCommand, "Further arguments of `opencode run`.");

    /// <summary>An agent's own time limit.</summary>
    public static Setting AgentTimeout { get; } = new(
        Agents, "timeout", null, "", "a time such as 90, 10m or 2h", text => text is "" || IsDuration(text),
        "This agent's TIMEOUT; empty means none.");

    /// <summary>An agent's own check.</summary>
    public static Setting AgentCheck { get; } = new(
        Agents, "check", null, "", "a command line", IsCommand, "This agent's CHECK; empty means none.");

    /// <summary>An agent's own copies.</summary>
    public static Setting AgentCopy { get; } = new(
        Agents, "copy", null, "", Paths, ArePaths, "This agent's copy= in place of that of [workspace]; empty means none.");

    /// <summary>An agent's own links.</summary>
    public static Setting AgentSymlink { get; } = new(
        Agents, "symlink", null, "", Paths, ArePaths, "This agent's symlink= in place of that of [workspace]; empty means none.");

    /// <summary>An agent's own set-up command.</summary>
    public static Setting AgentRun { get; } = new(
        Agents, "run", null, "", "a command line", IsCommand, "This agent's run= in place of that of [workspace]; empty means none.");

    /// <summary>An agent's own ports.</summary>
    public static Setting AgentPorts { get; } = new(
        Agents, "ports", null, "", Ports, ArePorts, "This agent's ports= in place of that of [workspace]; empty means none.");

    /// <summary>An agent's own limit of the set-up.</summary>
    public static Setting AgentSetupTimeout { get; } = new(
        Agents, "setup_timeout", null, "", "a time such as 90, 10m or 2h", text => text is "" || IsDuration(text),
        "This agent's timeout= of [workspace]; empty means none.");

    private static IReadOnlyList<Setting> OfAgents =>
    [
        AgentType, AgentMode, AgentCommand, AgentArgs, AgentOpencodeArgs, AgentModel, AgentEnv, AgentBudget, AgentTimeout, AgentCheck,
        AgentCopy, AgentSymlink, AgentRun, AgentPorts, AgentSetupTimeout,
    ];
}
