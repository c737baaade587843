using System.Text.Json;

namespace Village.Agents.Presets;

/// <summary>
/// pi. Alone: <c>pi --mode json</c> with the prompt on standard input; in its own screen the prompt is an argument, and an
/// extension hands its events to <c>village hook pi</c>. It asks for no permission at all.
/// </summary>
public sealed class Pi : AgentPreset
{
    private const string ExtensionFile = "pi-extension.js";

    /// <inheritdoc/>
    public override string Name => "pi";

    /// <inheritdoc/>
    public override string Tried => "0.73.1";

    /// <inheritdoc/>
    public override string Install => "npm install -g @mariozechner/pi-coding-agent";

    /// <summary>The part of <c>provider/model</c> before the slash.</summary>
    public override string Provider(string? model) => model?.Split('/') is [{ Length: > 0 } provider, _, ..] ? provider : Name;

    /// <inheritdoc/>
    public override IReadOnlyList<AgentNeed> Needs { get; } =
    [
        new(
            "a login",
            ["ANTHROPIC_API_KEY", "ANTHROPIC_OAUTH_TOKEN", "OPENAI_API_KEY", "GEMINI_API_KEY", "OPENROUTER_API_KEY", "GROQ_API_KEY", "XAI_API_KEY", "MISTRAL_API_KEY"],
            [".pi/agent/auth.json", ".pi/agent/models.json"],
            "run  pi  and type  /login  , or set the key of a provider"),
    ];

    /// <inheritdoc/>
    public override AgentCall Call(AgentOrder order)
    {
        var agent = order.Agent;
        List<string> model = agent.Model is { Length: > 0 } name ? ["--model", name] : [];
        List<string> session = order.Session is { } id ? ["--session", id] : [];
        return agent.Mode is AgentMode.Run
            ? new([.. agent.ProgramWords(this), "--mode", "json", "--print", .. model, .. agent.Args, .. session], order.ContractPath) { TellsJson = true }
            : new([.. agent.ProgramWords(this), "--extension", Path.Combine(order.Directory, ExtensionFile), .. model, .. agent.Args, .. session, AgentText.Prompt(order)], null)
            {
                Environment = new Dictionary<string, string> { ["VILLAGE_PROGRAM"] = order.Village },
                Files = new Dictionary<string, string> { [ExtensionFile] = AgentResource.Read(ExtensionFile) },
            };
    }

    // {"type":"session","version":3,"id":"01a2…","cwd":"/repo/.worktrees/bd-a3f8"}
    // {"type":"agent_start"}
    // {"type":"message_end","message":{"role":"assistant","content":[{"type":"text","text":"I commit now."},{"type":"toolCall","id":"call_2",
    //  "name":"bash","arguments":{"command":"make"}}],"provider":"scripted","model":"scripted","usage":{"input":1000,"output":50,"cacheRead":0,
    //  "cacheWrite":0,"cost":{"total":0.00375}},"stopReason":"toolUse"}}
    // {"type":"message_end","message":{"role":"assistant","content":[],"stopReason":"error","errorMessage":"400 scripted bad request"}}

    /// <inheritdoc/>
    public override IEnumerable<AgentNews> Read(JsonElement line, DateTimeOffset now) => line.TextAt("type") switch
    {
        "session" => [new() { Session = line.TextAt("id") }],
        "agent_start" => [new() { Activity = AgentActivity.Working, TurnEnded = false }],
        "message_end" when line.TextAt("message", "role") is "assistant" => OfMessage(line.At("message"), now),
        _ => [],
    };

    // {"type":"agent_start","session":"01a2…"}
    // {"type":"agent_end","session":"01a2…","last":{"role":"assistant","stopReason":"stop"},"usage":{"input":2000,"output":100,"cacheRead":0,"cacheWrite":0,"cost":{"total":0.0075}}}

    /// <inheritdoc/>
    public override AgentNews? OfHook(JsonElement hook, DateTimeOffset now)
    {
        var news = new AgentNews { Session = hook.TextAt("session") };
        return hook.TextAt("type") switch
        {
            "session_start" => news,
            "agent_start" => news with { Activity = AgentActivity.Working, TurnEnded = false },
            "agent_end" when Failed(hook.At("last"), now) is { } trouble => news with { Activity = AgentActivity.Blocked, Message = trouble.Message, Trouble = trouble, TurnEnded = false, UsedInAll = Usage(hook) },
            "agent_end" => news with { Activity = AgentActivity.Idle, TurnEnded = hook.TextAt("last", "stopReason") is "stop", Recovered = true, UsedInAll = Usage(hook) },
            _ => null,
        };
    }

    private static IEnumerable<AgentNews> OfMessage(JsonElement message, DateTimeOffset now)
    {
        foreach (var part in message.EachAt("content"))
        {
            if (part.TextAt("type") is "text")
            {
                yield return new() { Line = part.TextAt("text") };
            }
            else if (part.TextAt("type") is "toolCall")
            {
                yield return new() { Line = $"> {AgentText.Tool(part.TextAt("name"), part.At("arguments"))}", Call = part.TextAt("id") };
            }
        }

        var trouble = Failed(message, now);
        yield return new() { Model = message.TextAt("model"), Used = Usage(message), TurnEnded = message.TextAt("stopReason") is "stop", Trouble = trouble, Recovered = trouble is null };
    }

    private static AgentTrouble? Failed(JsonElement message, DateTimeOffset now) =>
        message.TextAt("stopReason") is "error" ? UsageLimits.Classify(AgentText.Plain(message.TextAt("errorMessage") ?? "an error that pi does not explain"), null, now) : null;

    private static AgentUsage? Usage(JsonElement of) => of.At("usage") is { ValueKind: JsonValueKind.Object } usage
        ? new(usage.CountAt("input"), usage.CountAt("output"), usage.CountAt("cacheRead"), usage.CountAt("cacheWrite"), usage.MoneyAt("cost", "total"))
        : null;
}
