using System.Text.Json;

namespace Village.Agents.Presets;

/// <summary>
/// Gemini CLI. Alone: its stream of JSON, the prompt on standard input; in its own screen the prompt is an argument, and it
/// tells nothing of itself: it reads hooks only from files of the user or the system.
/// </summary>
public sealed class Gemini : AgentPreset
{
    /// <inheritdoc/>
    public override string Name => "gemini";

    /// <inheritdoc/>
    public override string Tried => "0.61.0";

    /// <inheritdoc/>
    public override string Install => "npm install -g @google/gemini-cli";

    /// <inheritdoc/>
    public override string Provider(string? model) => "google";

    /// <inheritdoc/>
    public override bool CanBeToldMore => false;

    /// <inheritdoc/>
    public override IReadOnlyList<AgentNeed> Needs { get; } =
    [
        new("a login", ["GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GENAI_USE_VERTEXAI"], [".gemini/oauth_creds.json", ".gemini/google_accounts.json"], "run  gemini  and log in, or set GEMINI_API_KEY"),
    ];

    /// <inheritdoc/>
    public override AgentCall Call(AgentOrder order)
    {
        var agent = order.Agent;
        List<string> model = agent.Model is { Length: > 0 } name ? ["--model", name] : [];
        var mode = AgentText.Unless(agent, ["--approval-mode", "--yolo", "-y"], "--approval-mode", "yolo");
        List<string> session = order.Session is { } known ? ["--resume", known] : order.NewSession is { Length: > 0 } own ? ["--session-id", own] : [];

        // Without --skip-trust it refuses to work alone in a directory that is new to it, as every workspace is.
        return agent.Mode is AgentMode.Run
            ? new([.. agent.ProgramWords(this), "--output-format", "stream-json", .. mode, .. AgentText.Unless(agent, ["--skip-trust"], "--skip-trust"), .. model, .. agent.Args, .. session], order.ContractPath) { TellsJson = true }
            : new([.. agent.ProgramWords(this), "--include-directories", order.Directory, .. model, .. agent.Args, .. session, "--prompt-interactive", AgentText.Prompt(order)], null)
            {
                Session = order.Session ?? (order.NewSession is { Length: > 0 } ? order.NewSession : null),
            };
    }

    // {"type":"init","session_id":"5531…","model":"gemini-2.5-flash"}
    // {"type":"message","role":"assistant","content":"I commit now.","delta":true}
    // {"type":"tool_use","tool_name":"run_shell_command","tool_id":"run_1","parameters":{"command":"make"}}
    // {"type":"tool_result","tool_id":"run_1","status":"error","output":"Path not in workspace: …","error":{"type":"invalid_tool_params","message":"…"}}
    // {"type":"tool_result","tool_id":"run_2","status":"error","error":{"type":"policy_violation","message":"Tool execution denied by policy."}}
    // {"type":"result","status":"success","stats":{"total_tokens":3150,"input_tokens":3000,"output_tokens":150,"cached":0,"input":3000}}
    // {"type":"result","status":"error","error":{"type":"unknown","message":"[API Error: {\"error\":{\"message\":\"scripted bad request\"}}]"},"stats":{…}}

    /// <inheritdoc/>
    public override IEnumerable<AgentNews> Read(JsonElement line, DateTimeOffset now) => line.TextAt("type") switch
    {
        "init" => [new() { Session = line.TextAt("session_id"), Model = line.TextAt("model"), Activity = AgentActivity.Working, TurnEnded = false }],
        "message" when line.TextAt("role") is "assistant" => [new() { Line = line.TextAt("content") }],
        "tool_use" => [new() { Line = $"> {AgentText.Tool(line.TextAt("tool_name"), line.At("parameters"))}", Call = line.TextAt("tool_id") }],
        "tool_result" when IsRefused(line) => [new() { Trouble = Refused(line) }],
        "result" => [new() { TurnEnded = line.TextAt("status") is "success", UsedInAll = Usage(line.At("stats")), Trouble = line.TextAt("status") is "success" ? null : Failed(line, now) }],
        _ => [],
    };

    /// <summary>Its exit code is that of HTTP, modulo 256, or 0 when it was ended by a signal. What it said last counts.</summary>
    public override (string Reason, string Message)? Objection(int exit, AgentRecord record, bool toldJson) =>
        base.Objection(exit, record, toldJson) switch
        {
            (var reason, _) when exit is not 0 && record.Trouble is { Kind: AgentTroubleKind.Error } error => (reason, $"the agent ended with an error: {error.Message}"),
            var objection => objection,
        };

    private static bool IsRefused(JsonElement line) => line.TextAt("error", "type") is "policy_violation"
        || (line.TextAt("error", "message") is { } message && (message.Contains("requires user confirmation", StringComparison.Ordinal) || message.StartsWith("Path not in workspace", StringComparison.Ordinal)));

    private static AgentTrouble Refused(JsonElement line) =>
        new(AgentTroubleKind.PermissionDenied, $"a permission was refused: {line.TextAt("error", "message")}", Call: line.TextAt("tool_id"));

    private static AgentTrouble Failed(JsonElement line, DateTimeOffset now) =>
        UsageLimits.Classify(AgentText.Plain(line.TextAt("error", "message") ?? "an error that gemini does not explain"), null, now);

    private static AgentUsage Usage(JsonElement stats)
    {
        var cached = stats.CountAt("cached");
        return new(Math.Max(0, stats.CountAt("input_tokens") - cached), stats.CountAt("output_tokens"), cached);
    }
}
