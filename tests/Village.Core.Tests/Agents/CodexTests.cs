using System.Text.Json;
using Village.Agents;
using Village.Agents.Presets;
using Village.Tasks;

namespace Village.Core.Tests.Agents;

public sealed class CodexTests
{
    private static readonly Codex Preset = new();

    [Fact]
    public void Alone_it_may_write_into_the_workspace_and_what_a_commit_needs()
    {
        var call = Preset.Call(AgentOrders.Of(Preset, a => a with { Model = "gpt-x", Args = ["-c", "a=1"] }) with { Session = "s1" });

        Assert.Equal(
            [
                "codex", "exec", "--json", "--skip-git-repo-check", "-c", "sandbox_mode=\"workspace-write\"", "--add-dir", "/repo/.git", "--add-dir", "/repo/.git/worktrees/bd-a3f8",
                "--model", "gpt-x", "-c", "a=1", "resume", "s1", "-",
            ],
            call.Words);
        Assert.Equal((AgentOrders.Contract, true), (call.Input, call.TellsJson));
    }

    [Fact]
    public void In_its_own_screen_it_starts_no_daemon_and_tells_of_the_end_of_a_turn()
    {
        var call = Preset.Call(AgentOrders.Of(Preset, a => a with { Mode = AgentMode.Tui }) with { RepositoryDirectories = [], Village = "/a \"b\"/village" });

        Assert.Equal(["codex", "--disable", "daemon_auto_start", "-c", """notify=["/a \u0022b\u0022/village","hook","codex"]""", "do it"], call.Words);
        Assert.Equal((null, false), (call.Input, call.TellsJson));
    }

    [Fact]
    public void Where_the_user_trusts_all_hooks_it_tells_everything()
    {
        var words = Preset.Call(AgentOrders.Of(Preset, a => a with { Mode = AgentMode.Tui, Args = ["--dangerously-bypass-hook-trust"] })).Words;

        Assert.Contains("""hooks.Stop=[{hooks=[{type="command",command="\u0027/opt/village\u0027 hook codex"}]}]""", words);
        Assert.DoesNotContain(words, word => word.StartsWith("notify=", StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_that_went_well_is_known_with_its_tokens()
    {
        var record = Transcripts.Fold(Preset, "codex-success");

        Assert.Equal(("01a20680-962c-73d2-aa7b-50d66aa29e6e", true, new AgentUsage(3000, 150)), (record.Session, record.TurnEnded, record.Usage));
        Assert.Null(Preset.Objection(0, record, toldJson: true));
        Assert.Contains("> /bin/bash -lc 'git add -A && git commit -qm done; git log --oneline -1; false'", Transcripts.Shown(Preset, "codex-success"));
    }

    [Fact]
    public void Of_a_conversation_that_is_continued_only_the_new_part_counts() =>
        Assert.Equal(new AgentUsage(3000, 150), Transcripts.Fold(Preset, "codex-resumed", AgentRecord.Empty with { Before = new(3000, 150) }).Usage);

    [Theory]
    [InlineData("codex-error", 1, FailureReason.AgentExit, "the agent ended with exit code 1: scripted bad request")]
    [InlineData("codex-limit", 1, FailureReason.UsageLimit, "exceeded retry limit, last status: 429 Too Many Requests")]
    [InlineData("codex-permission", 0, FailureReason.PermissionDenied, "the sandbox refused: /bin/bash -lc 'curl http://127.0.0.1:1/; echo x > /etc/village-no.txt'")]
    public void A_run_that_did_not_is_known_even_when_its_exit_code_is_0(string transcript, int exit, string reason, string message) =>
        Assert.Equal((reason, message), Preset.Objection(exit, Transcripts.Fold(Preset, transcript), toldJson: true));

    [Fact]
    public void A_limit_that_it_waited_out_is_no_objection()
    {
        var record = new[]
        {
            """{"type":"error","message":"Reconnecting... 1/5 (exceeded retry limit, last status: 429 Too Many Requests)"}""",
            """{"type":"item.completed","item":{"id":"item_2","type":"agent_message","text":"DONE"}}""",
            """{"type":"turn.completed","usage":{}}""",
        }.SelectMany(line => Preset.Read(JsonDocument.Parse(line).RootElement, DateTimeOffset.UnixEpoch)).Aggregate(AgentRecord.Empty, (all, news) => all.With(news));

        Assert.Null(Preset.Objection(0, record, toldJson: true));
    }

    [Theory]
    [InlineData("""{"type":"agent-turn-complete","thread-id":"s","input-messages":["Do the task."],"last-assistant-message":"DONE"}""", AgentActivity.Idle)]
    [InlineData("""{"type":"agent-turn-complete","thread-id":"t","input-messages":["Generate a concise, single-line task title of at most 36 characters"]}""", null)]
    [InlineData("""{"session_id":"s","hook_event_name":"UserPromptSubmit"}""", AgentActivity.Working)]
    public void Its_notices_tell_what_it_does(string hook, AgentActivity? activity) =>
        Assert.Equal(activity, Preset.OfHook(JsonDocument.Parse(hook).RootElement, DateTimeOffset.UnixEpoch)?.Activity);
}
