using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Village.Agents.Presets;

/// <summary>
/// opencode. Alone: <c>opencode run --format json</c>, an event a line; in its own screen: with a plugin that hands its events to
/// <c>village hook opencode</c>. Alone it reads the prompt on standard input, byte for byte; arguments would be quoted anew. On its screen it
/// gets it with <c>--prompt</c>, exact too: with a file on standard input its dialogs take no keys. A provider that says "come back
/// in an hour" is waited for in silence, an hour long; only its log tells, on standard error.
/// </summary>
public sealed partial class Opencode : AgentPreset
{
    private const string PluginFile = "opencode-plugin.js";

    /// <inheritdoc/>
    public override string Name => "opencode";

    /// <inheritdoc/>
    public override string Tried => "1.18.33";

    /// <inheritdoc/>
    public override string Install => "npm install -g opencode-ai";

    // Its first run makes a database, and several first runs at once can make each other fail.
    /// <inheritdoc/>
    public override (string Marker, IReadOnlyList<string> Words)? FirstRun(IReadOnlyDictionary<string, string> environment) =>
        (environment.GetValueOrDefault("XDG_DATA_HOME") is { Length: > 0 } data ? data : environment.GetValueOrDefault("HOME") is { } home ? $"{home}/.local/share" : null) is { } place
            ? ($"{place}/opencode/opencode.db", ["db", "path"])
            : null;

    /// <summary>The part of <c>provider/model</c> before the slash.</summary>
    public override string Provider(string? model) => model?.Split('/') is [{ Length: > 0 } provider, _, ..] ? provider : Name;

    /// <inheritdoc/>
    public override AgentCall Call(AgentOrder order)
    {
        var agent = order.Agent;
        List<string> model = agent.Model is { Length: > 0 } name ? ["--model", name] : [];
        List<string> session = order.Session is { } id ? ["--session", id] : [];
        return agent.Mode is AgentMode.Run
            ? new(
                [.. agent.ProgramWords(this), "run", "--format", "json", "--print-logs", "--log-level", "ERROR", .. model, .. agent.OpencodeArgs, .. agent.Args, .. session is [] ? ["--title", order.Task.Value] : session],
                order.ContractPath)
            { TellsJson = true, TellsErrors = true }
            : new([.. agent.ProgramWords(this), .. model, .. agent.OpencodeArgs, .. agent.Args, .. session, $"--prompt={order.Prompt}"], Input: null)
            {
                Environment = new Dictionary<string, string>
                {
                    ["OPENCODE_CONFIG_CONTENT"] = WithPlugin(order.Environment.GetValueOrDefault("OPENCODE_CONFIG_CONTENT"), new Uri(Path.Combine(order.Directory, PluginFile)).AbsoluteUri),
                    ["VILLAGE_PROGRAM"] = order.Village,
                },
                Files = new Dictionary<string, string> { [PluginFile] = AgentResource.Read(PluginFile) },
            };
    }

    // {"type":"step_start","sessionID":"ses_1","part":{…}}
    // {"type":"text","sessionID":"ses_1","part":{"type":"text","text":"I commit now."}}
    // {"type":"tool_use","sessionID":"ses_1","part":{"tool":"bash","state":{"status":"completed","input":{"command":"make"},"title":"make"}}}
    // {"type":"tool_use","sessionID":"ses_1","part":{"tool":"write","state":{"status":"error","error":"The user rejected permission to use this specific tool call."}}}
    // {"type":"step_finish","sessionID":"ses_1","part":{"reason":"stop","tokens":{"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"cost":0.00375}}
    // {"type":"error","sessionID":"ses_1","error":{"name":"APIError","data":{"message":"scripted bad request","statusCode":400}}}

    /// <inheritdoc/>
    public override IEnumerable<AgentNews> Read(JsonElement line, DateTimeOffset now)
    {
        var session = line.TextAt("sessionID");
        var part = line.At("part");
        return line.TextAt("type") switch
        {
            "step_start" => [new() { Session = session, Activity = AgentActivity.Working, TurnEnded = false }],
            "text" => [new() { Session = session, Recovered = true, Line = part.TextAt("text") }],
            "tool_use" => [new() { Session = session, Recovered = true, Line = ToolLine(part), Trouble = IsRejected(part) ? new(AgentTroubleKind.PermissionDenied, $"a permission was refused: {Tool(part)}") : null }],
            "step_finish" => [new() { Session = session, Recovered = true, TurnEnded = part.TextAt("reason") is "stop", Used = Usage(part) }],
            "error" => [new() { Session = session, TurnEnded = false, Trouble = Trouble(line.At("error"), now) }],
            _ => [],
        };
    }

    // timestamp=2026-11-23T06:23:06.406Z level=ERROR message="stream error" session.id=ses_1 small=false agent=build error.error="AI_APICallError: You exceeded your current quota."

    /// <inheritdoc/>
    public override AgentNews? ReadError(string line, DateTimeOffset now) =>
        StreamError().Match(line) is { Success: true } error && UsageLimits.Classify(error.Groups[1].Value, null, now) is { Kind: AgentTroubleKind.UsageLimit } limit
            ? new() { Activity = AgentActivity.Blocked, Message = limit.Message, Trouble = limit }
            : null;

    [GeneratedRegex(@"message=""stream error"".* small=false .*error\.error=""(?:[A-Za-z_]+: )?(.*)""", RegexOptions.CultureInvariant)]
    private static partial Regex StreamError();

    // {"type":"session.status","properties":{"sessionID":"ses_1","status":{"type":"busy"}}}
    // {"type":"session.status","properties":{"sessionID":"ses_1","status":{"type":"retry","attempt":1,"message":"Too Many Requests","next":1795402689424}}}
    // {"type":"session.idle","properties":{"sessionID":"ses_1"},"usage":{"input":1000,"output":50,"reasoning":0,"cache":{"read":0,"write":0}},"cost":0.00375}
    // {"type":"permission.asked","properties":{"sessionID":"ses_1","permission":"edit","patterns":["a.txt"]}}
    // {"type":"permission.replied","properties":{"sessionID":"ses_1","reply":"once"}}
    // {"type":"session.error","properties":{"sessionID":"ses_1","error":{"name":"APIError","data":{"message":"…"}}}}

    /// <inheritdoc/>
    public override AgentNews? OfHook(JsonElement hook, DateTimeOffset now)
    {
        var about = hook.At("properties");
        var news = new AgentNews { Session = about.TextAt("sessionID"), UsedInAll = hook.At("usage").ValueKind is JsonValueKind.Object ? Usage(hook) : null };
        return hook.TextAt("type") switch
        {
            "session.status" when about.TextAt("status", "type") is "busy" => news with { Activity = AgentActivity.Working, TurnEnded = false },
            "session.status" when about.TextAt("status", "type") is "retry" => Waits(news, about.At("status"), now),
            "permission.asked" => news with { Activity = AgentActivity.Waiting, Message = $"permission: {about.TextAt("permission")} {string.Join(' ', about.EachAt("patterns").Select(p => p.ToString()))}".TrimEnd() },
            "question.asked" => news with { Activity = AgentActivity.Waiting, Message = about.EachAt("questions").Select(q => q.TextAt("question")).FirstOrDefault() ?? "a question" },
            "permission.replied" or "question.replied" or "question.rejected" => news with { Activity = AgentActivity.Working },
            "session.idle" => news with { Activity = AgentActivity.Idle, TurnEnded = true },
            "session.error" => news with { Activity = AgentActivity.Blocked, Message = Trouble(about.At("error"), now).Message, TurnEnded = false, Trouble = Trouble(about.At("error"), now) },
            _ => null,
        };
    }

    // It tries again by itself, at the time that it names.
    private static AgentNews Waits(AgentNews news, JsonElement status, DateTimeOffset now)
    {
        var message = status.TextAt("message") ?? "its provider does not answer";
        var limit = UsageLimits.Classify(message, null, now);
        return news with
        {
            Activity = AgentActivity.Blocked,
            Message = message,
            Trouble = limit.Kind is AgentTroubleKind.UsageLimit ? limit with { Until = limit.Until ?? UsageLimits.Sensible(status.CountAt("next"), now) } : null,
        };
    }

    private static AgentUsage Usage(JsonElement part)
    {
        var tokens = part.At("tokens") is { ValueKind: JsonValueKind.Object } own ? own : part.At("usage");
        return new(
            tokens.CountAt("input"), tokens.CountAt("output") + tokens.CountAt("reasoning"), tokens.CountAt("cache", "read"), tokens.CountAt("cache", "write"), part.MoneyAt("cost"));
    }

    private static AgentTrouble Trouble(JsonElement error, DateTimeOffset now) => UsageLimits.Classify(
        error.TextAt("data", "message") ?? error.TextAt("message") ?? error.TextAt("name") ?? "an error that opencode does not explain",
        (int)Math.Min(int.MaxValue, error.CountAt("data", "statusCode")),
        now);

    private static bool IsRejected(JsonElement part) => part.TextAt("state", "error")?.Contains("rejected permission", StringComparison.Ordinal) is true;

    private static string Tool(JsonElement part) => $"{part.TextAt("tool")} {part.TextAt("state", "title") ?? part.TextAt("state", "input", "filePath") ?? part.TextAt("state", "input", "command")}".TrimEnd();

    private static string ToolLine(JsonElement part) => part.TextAt("state", "error") is { } error ? $"> {Tool(part)}: {error}" : $"> {Tool(part)}";

    // The user's own inline configuration stays; a text that is not JSON is opencode's to complain of.
    private static string WithPlugin(string? config, string plugin)
    {
        try
        {
            var root = string.IsNullOrWhiteSpace(config) ? [] : JsonNode.Parse(config) as JsonObject ?? [];
            root["plugin"] = new JsonArray([.. (root["plugin"] as JsonArray ?? []).Select(known => known?.DeepClone()), plugin]);
            return root.ToJsonString();
        }
        catch (JsonException)
        {
            return config!;
        }
    }
}
