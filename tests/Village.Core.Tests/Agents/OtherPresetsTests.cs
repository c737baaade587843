using System.Text.Json;
using Village.Agents;
using Village.Agents.Presets;
using Village.Tasks;

namespace Village.Core.Tests.Agents;

public sealed class OtherPresetsTests
{
    private static readonly string Id = AgentOrders.Of(AgentPresets.Default).NewSession;

    public static TheoryData<string, string[]> Alone { get; } = new()
    {
        { "gemini", ["gemini", "--output-format", "stream-json", "--approval-mode", "yolo", "--skip-trust", "--model", "m", "--x", "--session-id", Id] },
        { "copilot", ["copilot", "--output-format", "json", "--no-auto-update", "--allow-all-tools", "--model", "m", "--x", "--session-id", Id] },
        { "pi", ["pi", "--mode", "json", "--print", "--model", "m", "--x"] },
        { "qwen", ["qwen", "--output-format", "stream-json", "--approval-mode", "yolo", "--model", "m", "--x", "--session-id", Id] },
    };

    public static TheoryData<string, string[]> Screens { get; } = new()
    {
        { "gemini", ["gemini", "--include-directories", "/repo/.village/contracts/bd-a3f8", "--session-id", Id, "--prompt-interactive", "do it"] },
        { "copilot", ["copilot", "--no-auto-update", "--plugin-dir", "/repo/.village/contracts/bd-a3f8", "--add-dir", "/repo/.village/contracts/bd-a3f8", "--session-id", Id, "--interactive", "do it"] },
        { "pi", ["pi", "--extension", "/repo/.village/contracts/bd-a3f8/pi-extension.js", "do it"] },
        { "qwen", ["qwen", "--include-directories", "/repo/.village/contracts/bd-a3f8", "--session-id", Id, "--prompt-interactive", "do it"] },
    };

    [Theory]
    [MemberData(nameof(Alone))]
    public void Alone_it_reads_the_contract_on_standard_input_and_tells_json(string name, string[] words)
    {
        var preset = AgentPresets.Find(name)!;
        var call = preset.Call(AgentOrders.Of(preset, a => a with { Model = "m", Args = ["--x"] }));

        Assert.Equal(words, call.Words);
        Assert.Equal((AgentOrders.Contract, true), (call.Input, call.TellsJson));
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public void In_its_own_screen_it_keeps_the_keyboard_and_asks_a_person(string name, string[] words)
    {
        var preset = AgentPresets.Find(name)!;
        var call = preset.Call(AgentOrders.Of(preset, a => a with { Mode = AgentMode.Tui }));

        Assert.Equal(words, call.Words);
        Assert.Equal((null, false), (call.Input, call.TellsJson));
    }

    [Theory]
    [InlineData("gemini", "--approval-mode=auto_edit", "gemini --output-format stream-json --skip-trust --approval-mode=auto_edit")]
    [InlineData("gemini", "--skip-trust", "gemini --output-format stream-json --approval-mode yolo --skip-trust")]
    [InlineData("qwen", "-y", "qwen --output-format stream-json -y")]
    [InlineData("codex", "--sandbox=read-only", "codex exec --json --skip-git-repo-check -c sandbox_mode=\"workspace-write\" --sandbox=read-only -")]
    public void What_it_refuses_to_be_told_twice_the_user_tells(string name, string own, string words)
    {
        var preset = AgentPresets.Find(name)!;
        var call = preset.Call(AgentOrders.Of(preset, a => a with { Args = [own] }) with { NewSession = "", RepositoryDirectories = [] });

        Assert.Equal(words, string.Join(' ', call.Words));
    }

    [Theory]
    [InlineData("claude", "--resume s1")]
    [InlineData("codex", "resume s1 -")]
    [InlineData("gemini", "--resume s1")]
    [InlineData("copilot", "--session-id s1")]
    [InlineData("pi", "--session s1")]
    [InlineData("qwen", "--resume s1")]
    [InlineData("opencode", "--session s1")]
    public void A_conversation_is_continued_by_its_id(string name, string words)
    {
        var preset = AgentPresets.Find(name)!;

        Assert.EndsWith(words, string.Join(' ', preset.Call(AgentOrders.Of(preset) with { Session = "s1" }).Words), StringComparison.Ordinal);
    }

    [Fact]
    public void An_agent_that_does_not_tell_its_conversation_in_time_is_given_one()
    {
        Assert.Equal(Id, new Copilot().Call(AgentOrders.Of(new Copilot())).Session);
        Assert.Equal("s1", new Copilot().Call(AgentOrders.Of(new Copilot()) with { Session = "s1" }).Session);
    }

    [Fact]
    public void A_user_of_qwen_keeps_the_defaults_of_the_system()
    {
        var order = AgentOrders.Of(new Qwen(), a => a with { Mode = AgentMode.Tui });

        Assert.Equal("/repo/.village/contracts/bd-a3f8/qwen-settings.json", new Qwen().Call(order).Environment["QWEN_CODE_SYSTEM_DEFAULTS_PATH"]);
        Assert.Empty(new Qwen().Call(order with { Environment = new Dictionary<string, string> { ["QWEN_CODE_SYSTEM_DEFAULTS_PATH"] = "/etc/q" } }).Files);
    }

    [Theory]
    [InlineData("gemini-success", true, 3000, 150, null)]
    [InlineData("copilot-success", true, null, null, null)]
    [InlineData("pi-success", true, 3000, 150, 0.01125)]
    [InlineData("qwen-success", true, 3000, 150, null)]
    [InlineData("qwen-resumed", true, 3000, 150, null)]
    [InlineData("pi-error", false, 0, 0, 0.0)]
    public void What_a_run_has_used_is_known_where_it_is_told(string transcript, bool ended, int? input, int? output, double? usd)
    {
        var record = Transcripts.Fold(PresetOf(transcript), transcript);

        Assert.Equal((ended, (long?)input, (long?)output, (decimal?)usd), (record.TurnEnded, record.Usage?.Input, record.Usage?.Output, record.Usage?.Usd));
        Assert.NotNull(record.Session);
    }

    [Theory]
    [InlineData("gemini-success", "> write_file a.txt", "I commit now.", "> run_shell_command git add -A && git commit -qm done; git log --oneline -1; false", "DONE")]
    [InlineData("copilot-success", "> create a.txt", "I commit now.", "> bash git add -A && git commit -qm done; git log --oneline -1; false", "DONE")]
    [InlineData("pi-success", "> write a.txt", "I commit now.", "> bash git add -A && git commit -qm done; git log --oneline -1; false", "DONE")]
    [InlineData("qwen-success", "> write_file /repo/.worktrees/bd-a3f8/a.txt", "I commit now.", "> run_shell_command git add -A && git commit -qm done; git log --oneline -1; false", "DONE")]
    public void A_run_that_went_well_is_shown_and_known(string transcript, params string[] lines)
    {
        Assert.Equal(lines, Transcripts.Shown(PresetOf(transcript), transcript));
        Assert.Null(PresetOf(transcript).Objection(0, Transcripts.Fold(PresetOf(transcript), transcript), toldJson: true));
    }

    [Theory]
    [InlineData("gemini-error", 144, FailureReason.AgentExit, "the agent ended with an error: scripted bad request")]
    [InlineData("gemini-limit", 173, FailureReason.UsageLimit, "Rate limit reached for requests. Please retry in 3600s")]
    [InlineData("gemini-permission", 0, FailureReason.PermissionDenied, "a permission was refused: Tool execution denied by policy.")]
    [InlineData("copilot-error", 1, FailureReason.AgentExit, "the agent ended with exit code 1: 400 scripted bad request")]
    [InlineData("copilot-limit", 1, FailureReason.UsageLimit, "429 Rate limit reached for requests. Please retry in 3600s")]
    [InlineData("copilot-permission", 0, FailureReason.PermissionDenied, "Permission denied because no interactive user response was available. Retry in an interactive session so the user can approve it, or try an alternative that does not require this permission.")]
    [InlineData("pi-error", 0, FailureReason.AgentError, "400 scripted bad request")]
    [InlineData("pi-limit", 0, FailureReason.UsageLimit, "429 Rate limit reached for requests. Please retry in 3600s")]
    [InlineData("qwen-error", 0, FailureReason.AgentError, "400 scripted bad request")]
    public void A_run_that_did_not_is_known_even_when_its_exit_code_is_0(string transcript, int exit, string reason, string message) =>
        Assert.Equal((reason, message), PresetOf(transcript).Objection(exit, Transcripts.Fold(PresetOf(transcript), transcript), toldJson: true));

    [Fact]
    public void An_end_by_a_signal_that_exits_with_0_is_no_success()
    {
        var begun = JsonDocument.Parse("""{"type":"init","session_id":"s","model":"m"}""").RootElement;
        var record = new Gemini().Read(begun, DateTimeOffset.UnixEpoch).Aggregate(AgentRecord.Empty, (all, news) => all.With(news));

        Assert.Equal(FailureReason.AgentError, new Gemini().Objection(0, record, toldJson: true)?.Reason);
    }

    [Theory]
    [InlineData("pi", """{"type":"agent_start","session":"s"}""", AgentActivity.Working, null)]
    [InlineData("pi", """{"type":"agent_end","session":"s","last":{"role":"assistant","stopReason":"stop"},"usage":{"input":2}}""", AgentActivity.Idle, null)]
    [InlineData("pi", """{"type":"agent_end","session":"s","last":{"stopReason":"error","errorMessage":"400 no"}}""", AgentActivity.Blocked, "400 no")]
    [InlineData("qwen", """{"session_id":"s","hook_event_name":"PermissionRequest","tool_name":"run_shell_command","tool_input":{"command":"touch x"}}""", AgentActivity.Waiting, "permission: run_shell_command touch x")]
    [InlineData("copilot", """{"sessionId":"s","hook_event_name":"Notification","notification_type":"permission_prompt","message":"Run command: touch x"}""", AgentActivity.Waiting, "permission: Run command: touch x")]
    public void In_its_own_screen_it_tells_what_it_does(string preset, string hook, AgentActivity activity, string? message)
    {
        var news = AgentPresets.Find(preset)!.OfHook(JsonDocument.Parse(hook).RootElement, DateTimeOffset.UnixEpoch)!;

        Assert.Equal((activity, message, "s"), (news.Activity, news.Message, news.Session));
    }

    [Fact]
    public void Documents_of_another_shape_harm_nothing()
    {
        string[] documents = ["[]", "7", "{}", """{"type":"result"}""", """{"type":"assistant","message":7}""", """{"type":"item.completed"}""", """{"type":"message_end","message":{"role":"assistant"}}""", """{"hook_event_name":7}""", """{"type":"turn.completed","usage":[]}"""];

        Assert.All(AgentPresets.All, preset => Assert.All(documents, text =>
        {
            var document = JsonDocument.Parse(text).RootElement;

            Assert.Null(preset.OfHook(document, DateTimeOffset.UnixEpoch));
            Assert.All(preset.Read(document, DateTimeOffset.UnixEpoch), news => Assert.Null(news.Activity));
        }));
    }

    [Theory]
    [InlineData("do it", "do it")]
    [InlineData("@file", "Your task is in the file /repo/.village/contracts/bd-a3f8/1.md . Read all of it first, then do what it says.")]
    [InlineData("--help", "Your task is in the file /repo/.village/contracts/bd-a3f8/1.md . Read all of it first, then do what it says.")]
    [InlineData("", "Your task is in the file /repo/.village/contracts/bd-a3f8/1.md . Read all of it first, then do what it says.")]
    public void A_prompt_that_would_mean_something_else_as_an_argument_stays_in_its_file(string contract, string word) =>
        Assert.Equal(word, new Pi().Call(AgentOrders.Of(new Pi(), a => a with { Mode = AgentMode.Tui }) with { Contract = contract }).Words[^1]);

    [Fact]
    public void A_long_prompt_stays_in_its_file() =>
        Assert.StartsWith("Your task is in the file", new Codex().Call(AgentOrders.Of(new Codex(), a => a with { Mode = AgentMode.Tui }) with { Contract = new('é', 8193) }).Words[^1], StringComparison.Ordinal);

    private static AgentPreset PresetOf(string transcript) => AgentPresets.Find(transcript.Split('-')[0])!;
}
