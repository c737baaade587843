using System.Text.Json;

namespace Village.Agents.Presets;

/// <summary>
/// Qwen Code. Alone: a stream of JSON like claude's, the prompt on standard input; in its own screen the prompt is an argument,
/// and hooks come by a file of system defaults that a variable names.
/// </summary>
public sealed class Qwen : AgentPreset
{
    private const string SettingsFile = "qwen-settings.json";
    private const string DefaultsVariable = "QWEN_CODE_SYSTEM_DEFAULTS_PATH";

    /// <inheritdoc/>
    public override string Name => "qwen";

    /// <inheritdoc/>
    public override string Tried => "0.15.10";

    /// <inheritdoc/>
    public override string Install => "npm install -g @qwen-code/qwen-code";

    /// <inheritdoc/>
    public override IReadOnlyList<AgentNeed> Needs { get; } =
    [
        new("a login", ["OPENAI_API_KEY", "DASHSCOPE_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY"], [".qwen/oauth_creds.json"], "run  qwen auth  , or set OPENAI_API_KEY and OPENAI_BASE_URL"),
    ];

    /// <inheritdoc/>
    public override AgentCall Call(AgentOrder order)
    {
        var agent = order.Agent;
        List<string> model = agent.Model is { Length: > 0 } name ? ["--model", name] : [];
        var mode = AgentText.Unless(agent, ["--approval-mode", "--yolo", "-y"], "--approval-mode", "yolo");
        List<string> session = order.Session is { } known ? ["--resume", known] : order.NewSession is { Length: > 0 } own ? ["--session-id", own] : [];
        if (agent.Mode is AgentMode.Run)
        {
            return new([.. agent.ProgramWords(this), "--output-format", "stream-json", .. mode, .. model, .. agent.Args, .. session], order.ContractPath) { TellsJson = true };
        }

        var call = new AgentCall([.. agent.ProgramWords(this), "--include-directories", order.Directory, .. model, .. agent.Args, .. session, "--prompt-interactive", AgentText.Prompt(order)], null);

        // A user who has such defaults keeps them, and the state stays unknown.
        return order.Environment.ContainsKey(DefaultsVariable) ? call : call with
        {
            Environment = new Dictionary<string, string> { [DefaultsVariable] = Path.Combine(order.Directory, SettingsFile) },
            Files = new Dictionary<string, string>
            {
                [SettingsFile] = ClaudeHooks.Settings(order, Name, timeout: 10_000, ["SessionStart", "UserPromptSubmit", "PostToolUse", "PermissionRequest", "Notification", "Stop", "StopFailure"]),
            },
        };
    }

    /// <inheritdoc/>
    public override IEnumerable<AgentNews> Read(JsonElement line, DateTimeOffset now) => ClaudeStream.Read(line, now, addsUp: true);

    /// <inheritdoc/>
    public override AgentNews? OfHook(JsonElement hook, DateTimeOffset now) => ClaudeHooks.Read(hook, now);
}
