using System.Text.Json;

namespace Village.Agents.Presets;

/// <summary>The stream of JSON that <c>claude -p --output-format stream-json</c> prints, and qwen after it.</summary>
internal static class ClaudeStream
{
    // {"type":"system","subtype":"init","session_id":"0b5c…","model":"claude-opus-4-8","permissionMode":"acceptEdits"}
    // {"type":"assistant","message":{"model":"claude-opus-4-8","content":[{"type":"text","text":"I commit now."}]},"session_id":"0b5c…"}
    // {"type":"assistant","message":{"content":[{"type":"tool_use","id":"toolu_1","name":"Bash","input":{"command":"make"}}]}}
    // {"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"toolu_1","is_error":true,"content":"Exit code 1"}]}}
    // {"type":"result","subtype":"success","is_error":false,"api_error_status":null,"result":"DONE","total_cost_usd":0.01875,
    //  "usage":{"input_tokens":3000,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":150},
    //  "permission_denials":[{"tool_name":"Bash","tool_use_id":"toolu_2","tool_input":{"command":"curl x"}}]}
    // {"type":"result","subtype":"error_during_execution","is_error":true,"errors":["No conversation found with session ID: 0b5c…"]}

    /// <summary>What a line says.</summary>
    /// <param name="line">The line.</param>
    /// <param name="now">The time.</param>
    /// <param name="addsUp">Whether the usage of the messages is to be added up: the result of qwen is that of the whole conversation.</param>
    public static IEnumerable<AgentNews> Read(JsonElement line, DateTimeOffset now, bool addsUp)
    {
        // What a helper of the agent does is the agent's own affair.
        if (line.TextAt("parent_tool_use_id") is not null)
        {
            return [];
        }

        var session = line.TextAt("session_id");
        return line.TextAt("type") switch
        {
            "system" when line.TextAt("subtype") is "init" => [new() { Session = session, Model = line.TextAt("model"), Activity = AgentActivity.Working, TurnEnded = false }],
            "assistant" => [.. line.EachAt("message", "content").Select(OfPart).OfType<AgentNews>(), .. addsUp ? [new AgentNews { Used = Usage(line.At("message")) }] : Array.Empty<AgentNews>()],
            "result" => Result(line, session, now, addsUp),
            _ => [],
        };
    }

    private static AgentNews? OfPart(JsonElement part) => part.TextAt("type") switch
    {
        "text" => new() { Line = part.TextAt("text") },
        "tool_use" => new() { Line = $"> {AgentText.Tool(part.TextAt("name"), part.At("input"))}", Call = part.TextAt("id"), TurnEnded = false },
        _ => null,
    };

    private static IEnumerable<AgentNews> Result(JsonElement line, string? session, DateTimeOffset now, bool addsUp)
    {
        var text = line.TextAt("result") ?? line.EachAt("errors").Select(error => error.ToString()).FirstOrDefault() ?? line.TextAt("subtype") ?? "";

        // qwen says success also of an error.
        var failed = line.IsTrueAt("is_error") || line.TextAt("subtype") is not "success" || text.StartsWith(AgentText.ApiError, StringComparison.Ordinal);
        yield return new()
        {
            Session = session,
            UsedInAll = !addsUp && line.At("usage").ValueKind is JsonValueKind.Object ? Usage(line) : null,
            TurnEnded = !failed,
            Trouble = failed ? UsageLimits.Classify(AgentText.Plain(text), (int)Math.Min(int.MaxValue, line.CountAt("api_error_status")), now) : null,
        };
        if (!failed && line.EachAt("permission_denials").LastOrDefault() is { ValueKind: JsonValueKind.Object } denied)
        {
            yield return new()
            {
                Trouble = new(AgentTroubleKind.PermissionDenied, $"a permission was refused: {AgentText.Tool(denied.TextAt("tool_name"), denied.At("tool_input"))}", Call: denied.TextAt("tool_use_id")),
            };
        }
    }

    private static AgentUsage Usage(JsonElement line)
    {
        var usage = line.At("usage");
        return new(
            usage.CountAt("input_tokens"), usage.CountAt("output_tokens"), usage.CountAt("cache_read_input_tokens"), usage.CountAt("cache_creation_input_tokens"), line.MoneyAt("total_cost_usd"));
    }
}
