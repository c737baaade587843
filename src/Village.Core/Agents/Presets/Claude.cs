using System.Text.Json;

namespace Village.Agents.Presets;

/// <summary>
/// Claude Code. Alone: <c>claude -p</c>, a document a line; in its own screen: with hooks from a settings file of the attempt.
/// The prompt comes on standard input in both; its screen takes the keyboard from the terminal all the same.
/// </summary>
public sealed class Claude : AgentPreset
{
    private const string SettingsFile = "claude-settings.json";

    /// <inheritdoc/>
    public override string Name => "claude";

    /// <inheritdoc/>
    public override string Tried => "2.1.197";

    /// <inheritdoc/>
    public override string Install => "npm install -g @anthropic-ai/claude-code";

    /// <inheritdoc/>
    public override string Provider(string? model) => "anthropic";

    /// <inheritdoc/>
    public override IReadOnlyList<AgentNeed> Needs { get; } =
    [
        new(
            "a login",
            ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN", "CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX", "CLAUDE_CODE_USE_FOUNDRY"],
            [".claude/.credentials.json"],
            "run  claude  and type  /login  , or set ANTHROPIC_API_KEY"),
    ];

    /// <inheritdoc/>
    public override AgentCall Call(AgentOrder order)
    {
        var agent = order.Agent;
        List<string> model = agent.Model is { Length: > 0 } name ? ["--model", name] : [];
        List<string> session = order.Session is { } known ? ["--resume", known] : order.NewSession is { Length: > 0 } own ? ["--session-id", own] : [];

        // Editing and the shell are the work itself. --dangerously-skip-permissions would do more, and refuses to run for root.
        return agent.Mode is AgentMode.Run
            ? new(
                [.. agent.ProgramWords(this), "-p", "--output-format", "stream-json", "--verbose", "--permission-mode", "acceptEdits", "--allowedTools", "Bash", .. model, .. agent.Args, .. session],
                order.ContractPath)
            {
                TellsJson = true,
            }
            : new([.. agent.ProgramWords(this), "--settings", Path.Combine(order.Directory, SettingsFile), .. model, .. agent.Args, .. session], order.ContractPath)
            {
                Files = new Dictionary<string, string>
                {
                    [SettingsFile] = ClaudeHooks.Settings(order, Name, timeout: 10, ["SessionStart", "UserPromptSubmit", "PreToolUse", "PostToolUse", "PermissionRequest", "Notification", "Stop", "StopFailure"]),
                },
            };
    }

    /// <inheritdoc/>
    public override IEnumerable<AgentNews> Read(JsonElement line, DateTimeOffset now) => ClaudeStream.Read(line, now, addsUp: false);

    /// <inheritdoc/>
    public override AgentNews? OfHook(JsonElement hook, DateTimeOffset now) => ClaudeHooks.Read(hook, now);
}
