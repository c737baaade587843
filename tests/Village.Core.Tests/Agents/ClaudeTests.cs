using System.Text.Json;
using Village.Agents;
using Village.Agents.Presets;
using Village.Tasks;

namespace Village.Core.Tests.Agents;

public sealed class ClaudeTests
{
    private static readonly Claude Preset = new();

    [Fact]
    public void Alone_it_reads_the_contract_on_standard_input_and_may_edit_and_run_commands()
    {
        var call = Preset.Call(AgentOrders.Of(Preset, a => a with { Args = ["--permission-mode", "plan"], Model = "opus" }));

        Assert.Equal(
            [
                "claude", "-p", "--output-format", "stream-json", "--verbose", "--permission-mode", "acceptEdits", "--allowedTools", "Bash",
                "--model", "opus", "--permission-mode", "plan", "--session-id", "0b5c1a60-3c8b-4a53-9d1b-1d2f3a4b5c6d",
            ],
            call.Words);
        Assert.Equal((AgentOrders.Contract, true), (call.Input, call.TellsJson));
        Assert.Empty(call.Files);
    }

    [Fact]
    public void A_conversation_is_continued_by_its_id() =>
        Assert.Equal(["--resume", "s1"], Preset.Call(AgentOrders.Of(Preset) with { Session = "s1" }).Words.TakeLast(2));

    [Fact]
    public void In_its_own_screen_a_file_of_the_attempt_brings_hooks_and_a_person_gives_permissions()
    {
        var call = Preset.Call(AgentOrders.Of(Preset, a => a with { Mode = AgentMode.Tui }) with { Village = "/it's/village", Session = "s1" });

        Assert.Equal(["claude", "--settings", "/repo/.village/contracts/bd-a3f8/claude-settings.json", "--resume", "s1"], call.Words);
        Assert.Equal((AgentOrders.Contract, false), (call.Input, call.TellsJson));
        var hooks = JsonDocument.Parse(call.Files["claude-settings.json"]).RootElement.At("hooks");
        Assert.All(
            ["SessionStart", "UserPromptSubmit", "PreToolUse", "PostToolUse", "PermissionRequest", "Notification", "Stop", "StopFailure"],
            name => Assert.Equal(@"'/it'\''s/village' hook claude", hooks.At(name)[0].At("hooks")[0].TextAt("command")));
        Assert.Equal("AskUserQuestion", hooks.At("PreToolUse")[0].TextAt("matcher"));
    }

    [Fact]
    public void A_run_that_went_well_is_known_with_its_cost()
    {
        var record = Transcripts.Fold(Preset, "claude-success");

        Assert.Equal(("0b5c1a60-3c8b-4a53-9d1b-1d2f3a4b5c6d", "claude-opus-4-8[1m]", true), (record.Session, record.Model, record.TurnEnded));
        Assert.Equal((3000, 150, 0.01875m), (record.Usage!.Input, record.Usage.Output, Math.Round(record.Usage.Usd!.Value, 8)));
        Assert.Null(Preset.Objection(0, record, toldJson: true));
        Assert.Equal(["> Write a.txt", "I commit now.", "> Bash git add -A && git commit -qm done; git log --oneline -1; false", "DONE"], Transcripts.Shown(Preset, "claude-success"));
    }

    [Theory]
    [InlineData("claude-error", 1, FailureReason.AgentExit, "the agent ended with exit code 1: API Error: 400 scripted bad request")]
    [InlineData("claude-limit", 1, FailureReason.UsageLimit, "API Error: Request rejected (429) · Rate limit reached for requests. Please retry in 3600s")]
    [InlineData("claude-permission", 0, FailureReason.PermissionDenied, "a permission was refused: Bash curl http://127.0.0.1:1/; echo x > /etc/village-no.txt")]
    [InlineData("claude-nosession", 1, FailureReason.AgentExit, "the agent ended with exit code 1: No conversation found with session ID: 0b5c1a60-3c8b-4a53-9d1b-1d2f3a4b5c6e")]
    public void A_run_that_did_not_is_known_even_when_its_exit_code_is_0(string transcript, int exit, string reason, string message) =>
        Assert.Equal((reason, message), Preset.Objection(exit, Transcripts.Fold(Preset, transcript), toldJson: true));

    [Fact]
    public void The_end_of_a_limit_is_read_where_it_is_told() =>
        Assert.Equal(DateTimeOffset.UnixEpoch.AddHours(1), Transcripts.Fold(Preset, "claude-limit").Trouble?.Until);

    [Fact]
    public void A_refusal_that_it_found_a_way_around_is_no_objection()
    {
        var record = Fold(
            """{"type":"assistant","message":{"content":[{"type":"tool_use","id":"t1","name":"WebFetch","input":{"url":"http://x"}}]}}""",
            """{"type":"assistant","message":{"content":[{"type":"tool_use","id":"t2","name":"Bash","input":{"command":"make"}}]}}""",
            """{"type":"result","subtype":"success","is_error":false,"result":"DONE","permission_denials":[{"tool_name":"WebFetch","tool_use_id":"t1","tool_input":{}}]}""");

        Assert.Equal("a permission was refused: WebFetch", record.Trouble?.Message);
        Assert.Null(Preset.Objection(0, record, toldJson: true));
    }

    [Fact]
    public void What_a_helper_of_the_agent_says_is_not_its_own() =>
        Assert.Equal(AgentRecord.Empty, Fold("""{"type":"assistant","parent_tool_use_id":"t1","message":{"content":[{"type":"text","text":"hm"}]}}"""));

    [Theory]
    [InlineData("""{"session_id":"s","hook_event_name":"UserPromptSubmit","prompt":"x"}""", AgentActivity.Working, null)]
    [InlineData("""{"session_id":"s","hook_event_name":"PostToolUse","tool_name":"Bash"}""", AgentActivity.Working, null)]
    [InlineData("""{"session_id":"s","hook_event_name":"PreToolUse","tool_name":"AskUserQuestion","tool_input":{"questions":[{"question":"Which one?"}]}}""", AgentActivity.Waiting, "Which one?")]
    [InlineData("""{"session_id":"s","hook_event_name":"PermissionRequest","tool_name":"Bash","tool_input":{"command":"git push"}}""", AgentActivity.Waiting, "permission: Bash git push")]
    [InlineData("""{"sessionId":"s","hook_event_name":"Notification","notification_type":"permission_prompt","message":"Run command: touch x"}""", AgentActivity.Waiting, "permission: Run command: touch x")]
    [InlineData("""{"session_id":"s","hook_event_name":"Notification","notification_type":"idle_prompt"}""", AgentActivity.Idle, null)]
    [InlineData("""{"session_id":"s","hook_event_name":"Stop","last_assistant_message":"DONE"}""", AgentActivity.Idle, null)]
    [InlineData("""{"session_id":"s","hook_event_name":"StopFailure","error":"unknown","last_assistant_message":"API Error: 400 no"}""", AgentActivity.Blocked, "API Error: 400 no")]
    public void Its_hooks_tell_what_it_does(string hook, AgentActivity activity, string? message)
    {
        var news = Preset.OfHook(JsonDocument.Parse(hook).RootElement, DateTimeOffset.UnixEpoch)!;

        Assert.Equal((activity, message, "s"), (news.Activity, news.Message, news.Session));
    }

    private static AgentRecord Fold(params string[] lines) => lines
        .SelectMany(line => Preset.Read(JsonDocument.Parse(line).RootElement, DateTimeOffset.UnixEpoch))
        .Aggregate(AgentRecord.Empty, (record, news) => record.With(news));
}
