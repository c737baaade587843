using System.Text.Json;
using System.Text.Json.Nodes;

namespace Village.Agents.Presets;

/// <summary>The hooks that claude invented and codex, copilot and qwen took over.</summary>
internal static class ClaudeHooks
{
    /// <summary>
    /// The hooks of a settings file: each runs <c>village hook NAME</c> with the event on standard input.
    /// <code>{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"'/opt/village' hook claude","timeout":10}]}]}}</code>
    /// </summary>
    public static string Settings(AgentOrder order, string preset, int timeout, IEnumerable<string> events)
    {
        var hooks = new JsonObject();
        foreach (var name in events)
        {
            var hook = new JsonObject { ["hooks"] = new JsonArray(new JsonObject { ["type"] = "command", ["command"] = Command(order, preset), ["timeout"] = timeout }) };

            // One process for every call of a tool is enough: the one after it. Before it, only questions are of interest.
            if (name is "PreToolUse")
            {
                hook["matcher"] = "AskUserQuestion";
            }

            hooks[name] = new JsonArray(hook);
        }

        return new JsonObject { ["hooks"] = hooks }.ToJsonString();
    }

    /// <summary>The command line of a hook, for a shell.</summary>
    public static string Command(AgentOrder order, string preset) => $"{AgentText.ShellWord(order.Village)} hook {preset}";

    // {"session_id":"0b5c…","cwd":"/repo/.worktrees/bd-a3f8","hook_event_name":"SessionStart","source":"startup","model":"claude-opus-4-8[1m]"}
    // {"session_id":"0b5c…","hook_event_name":"UserPromptSubmit","prompt":"Do the task."}
    // {"session_id":"0b5c…","hook_event_name":"PreToolUse","tool_name":"AskUserQuestion","tool_input":{"questions":[{"question":"Which one?"}]}}
    // {"session_id":"0b5c…","hook_event_name":"PermissionRequest","tool_name":"Bash","tool_input":{"command":"git push"}}
    // {"session_id":"0b5c…","hook_event_name":"PostToolUse","tool_name":"Bash","tool_input":{"command":"make"},"tool_response":{}}
    // {"sessionId":"8400…","hook_event_name":"Notification","notification_type":"permission_prompt","message":"Run command: touch x"}
    // {"session_id":"0b5c…","hook_event_name":"Stop","stop_hook_active":false,"last_assistant_message":"DONE"}
    // {"session_id":"0b5c…","hook_event_name":"StopFailure","error":"unknown","last_assistant_message":"API Error: 400 scripted bad request"}

    /// <summary>What a call of such a hook says.</summary>
    public static AgentNews? Read(JsonElement hook, DateTimeOffset now)
    {
        var news = new AgentNews { Session = hook.TextAt("session_id") ?? hook.TextAt("sessionId") };
        return hook.TextAt("hook_event_name") switch
        {
            "SessionStart" => news with { Model = hook.TextAt("model") },
            "UserPromptSubmit" => news with { Activity = AgentActivity.Working, TurnEnded = false },
            "PreToolUse" when hook.TextAt("tool_name") is "AskUserQuestion" => news with
            {
                Activity = AgentActivity.Waiting,
                Message = hook.EachAt("tool_input", "questions").Select(question => question.TextAt("question")).FirstOrDefault() ?? "a question",
            },
            "PostToolUse" => news with { Activity = AgentActivity.Working },
            "PermissionRequest" => news with { Activity = AgentActivity.Waiting, Message = $"permission: {AgentText.Tool(hook.TextAt("tool_name"), hook.At("tool_input"))}" },
            "Notification" => hook.TextAt("notification_type") switch
            {
                "permission_prompt" => news with { Activity = AgentActivity.Waiting, Message = $"permission: {hook.TextAt("message")}" },
                "elicitation_dialog" => news with { Activity = AgentActivity.Waiting, Message = hook.TextAt("message") ?? "a question" },
                "idle_prompt" => news with { Activity = AgentActivity.Idle },
                _ => null,
            },
            "Stop" => news with { Activity = AgentActivity.Idle, TurnEnded = true },
            "StopFailure" or "ErrorOccurred" => Failure(news, hook.TextAt("last_assistant_message") ?? hook.TextAt("error", "message") ?? hook.TextAt("error") ?? "an error that it does not explain", now),
            _ => null,
        };
    }

    private static AgentNews Failure(AgentNews news, string message, DateTimeOffset now) =>
        news with { Activity = AgentActivity.Blocked, Message = message, TurnEnded = false, Trouble = UsageLimits.Classify(message, null, now) };
}
