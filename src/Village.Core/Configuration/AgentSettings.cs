using Village.Agents;

namespace Village.Configuration;

/// <summary>The settings of an agent: <c>[agent.NAME]</c>.</summary>
public static class AgentSettings
{
    private const string Agents = "agent.*";
    private const string AgentKinds = "opencode, claude, codex, gemini, copilot, pi, qwen or command";

    /// <summary>What kind of agent it is.</summary>
    public static Setting Type { get; } = new(
        Agents, "type", null, "", AgentKinds, text => text is "" || AgentPresets.Find(text) is not null,
        "The preset. Empty means command where there is a command=, else the preset of the agent's own name, else opencode.");

    /// <summary>How an agent works.</summary>
    public static Setting Mode { get; } = new(
        Agents, "mode", null, "run", "run or tui", Settings.OneOf("run", "tui"),
        "With run it does the task alone and ends; tui is the agent's own screen in the pane, where a person can join in.");

    /// <summary>Further arguments.</summary>
    public static Setting Args { get; } = new(
        Agents, "args", null, "", "a command line", Settings.IsCommand, "Further arguments of the agent, of any preset.");

    /// <summary>The model.</summary>
    public static Setting Model { get; } = new(
        Agents, "model", null, "", "a model's name as the agent knows it", text => !text.StartsWith('-'),
        "The model; empty leaves the choice to the agent's own configuration.");

    /// <summary>Variables of an agent.</summary>
    public static Setting Env { get; } = new(
        Agents, "env", null, "", "words such as NAME=value OTHER=\"two words\"", Settings.AreVariables,
        "Variables of the agent's environment; its check and its set-up do not get them.");

    /// <summary>How much an agent may cost.</summary>
    public static Setting Budget { get; } = new(
        Agents, "budget_usd", null, "", "an amount such as 20 or 7.50", text => text is "" || Settings.Money(text) is not null,
        "How many dollars all attempts of this agent may cost together by what it reports; then nothing more is started for it.");

    /// <summary>The command line of an agent.</summary>
    public static Setting Command { get; } = new(
        Agents, "command", null, "", "a command line", Settings.IsCommand,
        "The agent's command line, run in the workspace without a shell. {contract} is the contract's path, {prompt} its " +
        "text, {task}, {workspace} and {session} what they say; without {contract} or {prompt} the contract comes on standard input. " +
        "With another type= it is the program that is run in place of the preset's own: `npx codex`.");

    /// <summary>Arguments for opencode.</summary>
    public static Setting OpencodeArgs { get; } = new(
        Agents, "opencode_args", null, "", "a command line", Settings.IsCommand, "Further arguments of `opencode run`.");

    /// <summary>An agent's own time limit.</summary>
    public static Setting Timeout { get; } = new(
        Agents, "timeout", null, "", "a time such as 90, 10m or 2h", text => text is "" || Settings.IsDuration(text),
        "This agent's TIMEOUT; empty means none.");

    /// <summary>An agent's own check.</summary>
    public static Setting Check { get; } = new(
        Agents, "check", null, "", "a command line", Settings.IsCommand, "This agent's CHECK; empty means none.");

    /// <summary>An agent's own copies.</summary>
    public static Setting Copy { get; } = new(
        Agents, "copy", null, "", Settings.Paths, Settings.ArePaths, "This agent's copy= in place of that of [workspace]; empty means none.");

    /// <summary>An agent's own links.</summary>
    public static Setting Symlink { get; } = new(
        Agents, "symlink", null, "", Settings.Paths, Settings.ArePaths, "This agent's symlink= in place of that of [workspace]; empty means none.");

    /// <summary>An agent's own set-up command.</summary>
    public static Setting Run { get; } = new(
        Agents, "run", null, "", "a command line", Settings.IsCommand, "This agent's run= in place of that of [workspace]; empty means none.");

    /// <summary>An agent's own ports.</summary>
    public static Setting Ports { get; } = new(
        Agents, "ports", null, "", Settings.Ports, Settings.ArePorts, "This agent's ports= in place of that of [workspace]; empty means none.");

    /// <summary>An agent's own limit of the set-up.</summary>
    public static Setting SetupTimeout { get; } = new(
        Agents, "setup_timeout", null, "", "a time such as 90, 10m or 2h", text => text is "" || Settings.IsDuration(text),
        "This agent's timeout= of [workspace]; empty means none.");

    /// <summary>All of them, in the order of the reference.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        Type, Mode, Command, Args, OpencodeArgs, Model, Env, Budget, Timeout, Check, Copy, Symlink, Run, Ports, SetupTimeout,
        .. ContractSettings.OfOne,
    ];
}
