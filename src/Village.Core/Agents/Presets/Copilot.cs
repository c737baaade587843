using System.Text.Json;

namespace Village.Agents.Presets;

/// <summary>
/// GitHub Copilot CLI. Alone: a stream of JSON, the prompt on standard input; in its own screen the prompt is an argument, and
/// hooks come with a plugin in a directory of the attempt.
/// </summary>
public sealed class Copilot : AgentPreset
{
    private const string HooksFile = "copilot-hooks.json";

    /// <inheritdoc/>
    public override string Name => "copilot";

    /// <inheritdoc/>
    public override string Tried => "1.0.102";

    /// <inheritdoc/>
    public override string Install => "npm install -g @github/copilot";

    /// <inheritdoc/>
    public override string Provider(string? model) => "github";

    /// <inheritdoc/>
    public override IReadOnlyList<AgentNeed> Needs { get; } =
    [
        new("a login", ["COPILOT_GITHUB_TOKEN", "GH_TOKEN", "GITHUB_TOKEN", "COPILOT_PROVIDER_BASE_URL"], [".copilot/config.json"], "run  copilot login"),
    ];

    /// <inheritdoc/>
    public override AgentCall Call(AgentOrder order)
    {
        var agent = order.Agent;
        List<string> model = agent.Model is { Length: > 0 } name ? ["--model", name] : [];

        // The same flag names a new conversation and goes on with an old one. Its JSON tells the id only at the end.
        var id = order.Session ?? (order.NewSession is { Length: > 0 } ? order.NewSession : null);
        List<string> session = id is null ? [] : ["--session-id", id];
        return agent.Mode is AgentMode.Run
            ? new([.. agent.ProgramWords(this), "--output-format", "json", "--no-auto-update", "--allow-all-tools", .. model, .. agent.Args, .. session], order.ContractPath)
            {
                TellsJson = true,
                Session = id,
            }
            : new([.. agent.ProgramWords(this), "--no-auto-update", "--plugin-dir", order.Directory, "--add-dir", order.Directory, .. model, .. agent.Args, .. session, "--interactive", AgentText.Prompt(order)], null)
            {
                Session = id,
                Files = new Dictionary<string, string>
                {
                    ["plugin.json"] = $$"""{"name":"village","version":"1.0.0","hooks":"{{HooksFile}}"}""",
                    [HooksFile] = ClaudeHooks.Settings(order, Name, timeout: 10, ["SessionStart", "UserPromptSubmit", "PostToolUse", "Notification", "Stop", "ErrorOccurred"]),
                },
            };
    }

    // {"type":"assistant.turn_start","data":{"turnId":"0"}}
    // {"type":"assistant.message","data":{"model":"scripted","content":"I commit now.","toolRequests":[…]}}
    // {"type":"tool.execution_start","data":{"toolCallId":"call_1","toolName":"bash","arguments":{"command":"make"}}}
    // {"type":"tool.execution_complete","data":{"toolCallId":"call_1","success":false,"error":{"message":"Permission denied because …","code":"denied"}}}
    // {"type":"session.error","data":{"errorType":"query","message":"400 scripted bad request","statusCode":400}}
    // {"type":"assistant.idle","data":{}}
    // {"type":"result","sessionId":"afd9…","exitCode":0,"usage":{"premiumRequests":0,"codeChanges":{"linesAdded":1}}}

    /// <inheritdoc/>
    public override IEnumerable<AgentNews> Read(JsonElement line, DateTimeOffset now)
    {
        var about = line.At("data");
        return line.TextAt("type") switch
        {
            "assistant.turn_start" => [new() { Activity = AgentActivity.Working, TurnEnded = false }],
            "assistant.message" => [new() { Line = about.TextAt("content") is { Length: > 0 } text ? text : null, Model = about.TextAt("model"), Recovered = true }],
            "tool.execution_start" => [new() { Line = $"> {AgentText.Tool(about.TextAt("toolName"), about.At("arguments"))}", Call = about.TextAt("toolCallId") }],
            "tool.execution_complete" when about.TextAt("error", "code") is "denied" or "rejected" => [new() { Trouble = new(AgentTroubleKind.PermissionDenied, about.TextAt("error", "message") ?? "a permission was refused", Call: about.TextAt("toolCallId")) }],
            "session.error" => [new() { Trouble = UsageLimits.Classify(about.TextAt("message") ?? "an error that copilot does not explain", (int)Math.Min(int.MaxValue, about.CountAt("statusCode")), now) }],
            "result" => [new() { Session = line.TextAt("sessionId"), TurnEnded = line.At("exitCode") is { ValueKind: JsonValueKind.Number } && line.CountAt("exitCode") is 0 }],
            _ => [],
        };
    }

    /// <inheritdoc/>
    public override AgentNews? OfHook(JsonElement hook, DateTimeOffset now) => ClaudeHooks.Read(hook, now);
}
