using System.Text.Json;
using System.Text.Json.Nodes;

namespace Village.Agents.Presets;

/// <summary>
/// Codex. Alone: <c>codex exec --json</c> with the prompt on standard input, in its sandbox; in its own screen the prompt is an
/// argument, since there standard input must be the terminal.
/// </summary>
public sealed class Codex : AgentPreset
{
    private const string TrustFlag = "--dangerously-bypass-hook-trust";
    private static readonly string[] Hooks = ["SessionStart", "UserPromptSubmit", "PostToolUse", "PermissionRequest", "Stop"];

    /// <inheritdoc/>
    public override string Name => "codex";

    /// <inheritdoc/>
    public override string Tried => "0.169.0";

    /// <inheritdoc/>
    public override string Install => "npm install -g @openai/codex";

    /// <inheritdoc/>
    public override string Provider(string? model) => "openai";

    // Its notices tell of the end of a turn, and not of the beginning of one.
    /// <inheritdoc/>
    public override bool CanBeToldMore => false;

    /// <inheritdoc/>
    public override IReadOnlyList<AgentNeed> Needs { get; } =
    [
        new("a login", ["CODEX_API_KEY", "OPENAI_API_KEY"], [".codex/auth.json", ".codex/config.toml"], "run  codex login"),
    ];

    /// <inheritdoc/>
    public override AgentCall Call(AgentOrder order)
    {
        var agent = order.Agent;
        List<string> model = agent.Model is { Length: > 0 } name ? ["--model", name] : [];
        List<string> session = order.Session is { } id ? ["resume", id] : [];

        // The sandbox lets it write into its workspace only, and a commit writes to the repository. As a setting it gives way to a flag
        // among the user's own; two flags are refused.
        var commit = order.RepositoryDirectories.SelectMany(directory => new[] { "--add-dir", directory });

        // Village made the workspace; one of jj is no git repository.
        return agent.Mode is AgentMode.Run
            ? new([.. agent.ProgramWords(this), "exec", "--json", "--skip-git-repo-check", "-c", "sandbox_mode=\"workspace-write\"", .. commit, .. model, .. agent.Args, .. session, "-"], order.ContractPath)
            {
                TellsJson = true,
            }
            : new([.. agent.ProgramWords(this), "--disable", "daemon_auto_start", .. Tellers(order), .. commit, .. model, .. agent.Args, .. session, AgentText.Prompt(order)], null);
    }

    // {"type":"thread.started","thread_id":"01a2…"}
    // {"type":"turn.started"}
    // {"type":"item.started","item":{"id":"item_1","type":"command_execution","command":"/bin/bash -lc make","status":"in_progress"}}
    // {"type":"item.completed","item":{"id":"item_1","type":"command_execution","command":"/bin/bash -lc 'echo > /etc/x'",
    //  "aggregated_output":"/bin/bash: line 1: /etc/x: Read-only file system\n","exit_code":1,"status":"failed"}}
    // {"type":"item.completed","item":{"id":"item_2","type":"agent_message","text":"I commit now."}}
    // {"type":"item.completed","item":{"id":"item_3","type":"file_change","changes":[{"path":"a.txt","kind":"add"}],"status":"completed"}}
    // {"type":"turn.completed","usage":{"input_tokens":3000,"cached_input_tokens":0,"cache_write_input_tokens":0,"output_tokens":150}}
    // {"type":"error","message":"Reconnecting... 1/5 (exceeded retry limit, last status: 429 Too Many Requests)"}
    // {"type":"turn.failed","error":{"message":"{\"error\":{\"message\":\"scripted bad request\"}}"}}

    /// <inheritdoc/>
    public override IEnumerable<AgentNews> Read(JsonElement line, DateTimeOffset now)
    {
        var item = line.At("item");
        return line.TextAt("type") switch
        {
            "thread.started" => [new() { Session = line.TextAt("thread_id") }],
            "turn.started" => [new() { Activity = AgentActivity.Working, TurnEnded = false }],
            "item.started" when IsCall(item) => [new() { Line = $"> {What(item)}", Call = item.TextAt("id"), Recovered = true }],
            "item.completed" => [OfItem(item)],
            "turn.completed" => [new() { TurnEnded = true, Recovered = true, UsedInConversation = Usage(line.At("usage")) }],
            "error" => [new() { Trouble = Trouble(line, now), Line = Trouble(line, now).Message }],
            "turn.failed" => [new() { TurnEnded = false, Trouble = Trouble(line.At("error"), now) }],
            _ => [],
        };
    }

    // From notify=, also for the thread that finds a title:
    // {"type":"agent-turn-complete","thread-id":"01a2…","input-messages":["Do the task."],"last-assistant-message":"DONE"}
    // From its hooks: like those of claude.

    /// <inheritdoc/>
    public override AgentNews? OfHook(JsonElement hook, DateTimeOffset now) => hook.TextAt("type") is not "agent-turn-complete" ? ClaudeHooks.Read(hook, now)
        : hook.EachAt("input-messages").FirstOrDefault() is { ValueKind: JsonValueKind.String } first && first.GetString()!.StartsWith("Generate a concise, single-line task title", StringComparison.Ordinal) ? null
        : new() { Session = hook.TextAt("thread-id"), Activity = AgentActivity.Idle, TurnEnded = true };

    // Hooks tell more than notify, and codex runs them only when a person has looked at them once, or with this flag; which
    // also lets those run that a repository brings. So that is for the user to choose.
    private IEnumerable<string> Tellers(AgentOrder order) => order.Agent.Args.Contains(TrustFlag)
        ? Hooks.SelectMany(name => new[] { "-c", $"hooks.{name}=[{{hooks=[{{type=\"command\",command={TomlText(ClaudeHooks.Command(order, Name))}}}]}}]" })
        : ["-c", $"notify=[{TomlText(order.Village)},\"hook\",\"{Name}\"]"];

    // What JSON escapes, TOML reads back.
    private static string TomlText(string text) => JsonValue.Create(text).ToJsonString();

    private static bool IsCall(JsonElement item) => item.TextAt("type") is "command_execution" or "file_change" or "mcp_tool_call" or "web_search";

    private static AgentNews OfItem(JsonElement item) => item.TextAt("type") switch
    {
        "agent_message" => new() { Line = item.TextAt("text"), Recovered = true },
        "error" => new() { Line = item.TextAt("message") },
        "file_change" => new() { Call = item.TextAt("id"), Trouble = item.TextAt("status") is "failed" or "declined" ? Refused(item) : null },

        // The sandbox makes what it protects read-only; there is no other word of it.
        "command_execution" when item.TextAt("status") is "declined"
            || (item.TextAt("status") is "failed" && item.TextAt("aggregated_output")?.Contains("Read-only file system", StringComparison.Ordinal) is true) => new() { Trouble = Refused(item) },
        _ => new(),
    };

    private static AgentTrouble Refused(JsonElement item) => new(AgentTroubleKind.PermissionDenied, $"the sandbox refused: {What(item)}", Call: item.TextAt("id"));

    private static string What(JsonElement item) => item.TextAt("type") switch
    {
        "command_execution" => item.TextAt("command") ?? "a command",
        "file_change" => $"edit {string.Join(' ', item.EachAt("changes").Select(change => change.TextAt("path")))}",
        "web_search" => $"search {item.TextAt("query")}",
        _ => $"{item.TextAt("server")} {item.TextAt("tool")}",
    };

    private static AgentTrouble Trouble(JsonElement error, DateTimeOffset now) => UsageLimits.Classify(AgentText.Plain(error.TextAt("message") ?? "an error that codex does not explain"), null, now);

    private static AgentUsage Usage(JsonElement usage)
    {
        var cached = usage.CountAt("cached_input_tokens");
        return new(Math.Max(0, usage.CountAt("input_tokens") - cached), usage.CountAt("output_tokens"), cached, usage.CountAt("cache_write_input_tokens"));
    }
}
