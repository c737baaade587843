using System.Text.Json;
using Village.Agents;
using Village.Agents.Presets;
using Village.Tasks;

namespace Village.Core.Tests.Agents;

public sealed class OpencodeTests
{
    private static readonly Opencode Preset = new();

    [Fact]
    public void Alone_it_reads_the_contract_on_standard_input_and_tells_json()
    {
        var call = Preset.Call(AgentOrders.Of(Preset, a => a with { OpencodeArgs = ["--agent", "{task} x"], Model = "p/m" }));

        Assert.Equal(["opencode", "run", "--format", "json", "--print-logs", "--log-level", "ERROR", "--model", "p/m", "--agent", "{task} x", "--title", "bd-a3f8"], call.Words);
        Assert.Equal((AgentOrders.Contract, true), (call.Input, call.TellsJson));
    }

    [Fact]
    public void A_conversation_is_continued_by_its_id_and_another_program_may_be_named() => Assert.Equal(
        ["npx", "opencode-ai", "run", "--format", "json", "--print-logs", "--log-level", "ERROR", "--session", "ses_1"],
        Preset.Call(AgentOrders.Of(Preset, a => a with { Command = ["npx", "opencode-ai"] }) with { Session = "ses_1" }).Words);

    [Theory]
    [InlineData(null, """{"plugin":["file:///repo/.village/contracts/bd-a3f8/opencode-plugin.js"]}""")]
    [InlineData("""{"model":"a/b","plugin":["mine"]}""", """{"model":"a/b","plugin":["mine","file:///repo/.village/contracts/bd-a3f8/opencode-plugin.js"]}""")]
    [InlineData("{broken", "{broken")]
    public void In_its_own_screen_a_plugin_tells_of_it_beside_the_users_own(string? mine, string config)
    {
        var environment = new Dictionary<string, string>();
        if (mine is not null)
        {
            environment["OPENCODE_CONFIG_CONTENT"] = mine;
        }

        var call = Preset.Call(AgentOrders.Of(Preset, a => a with { Mode = AgentMode.Tui }) with { Environment = environment });

        Assert.Equal(["opencode", "--prompt=do it"], call.Words);
        Assert.Null(call.Input);
        Assert.Equal(config, call.Environment["OPENCODE_CONFIG_CONTENT"]);
        Assert.Contains("opencode-plugin.js", call.Files.Keys);
        Assert.False(call.TellsJson);
    }

    [Fact]
    public void A_contract_that_is_no_argument_is_named_by_its_file() => Assert.Equal(
        $"Your task is described in the file {AgentOrders.Contract}. Read all of it, then do what it says.",
        (AgentOrders.Of(Preset) with { Contract = new string('ä', 70_000) }).Prompt);

    [Fact]
    public void A_run_that_went_well_is_known_with_its_cost()
    {
        var record = Transcripts.Fold(Preset, "opencode-success");

        Assert.Equal(("ses_df9a9415effeGCQJwfPIfWulC0", true, AgentActivity.Working), (record.Session, record.TurnEnded, record.Activity));
        Assert.Equal(new AgentUsage(3000, 150, Usd: 0.01125m), record.Usage);
        Assert.Null(Preset.Objection(0, record, toldJson: true));
        Assert.Equal(["> write a.txt", "I commit now.", "> bash git add -A && git -c user.name=a -c user.email=a@b commit -qm done; false", "DONE"], Transcripts.Shown(Preset, "opencode-success"));
    }

    [Theory]
    [InlineData("opencode-error", 1, FailureReason.AgentExit, "the agent ended with exit code 1: scripted bad request")]
    [InlineData("opencode-permission", 0, FailureReason.PermissionDenied, "a permission was refused: write b.txt")]
    public void A_run_that_did_not_is_known_even_when_its_exit_code_is_0(string transcript, int exit, string reason, string message) =>
        Assert.Equal((reason, message), Preset.Objection(exit, Transcripts.Fold(Preset, transcript), toldJson: true));

    [Fact]
    public void A_run_that_ends_well_before_its_turn_does_is_none() =>
        Assert.Equal(FailureReason.AgentError, Preset.Objection(0, AgentRecord.Empty, toldJson: true)?.Reason);

    // The first line is what opencode 1.18.33 wrote when a provider answered 429; the second is about its title generator.
    [Theory]
    [InlineData("""timestamp=2026-11-23T06:23:06.406Z level=ERROR run=e3cc5a75 message="stream error" providerID=scripted modelID=scripted session.id=ses_1 small=false agent=build mode=primary error.error="AI_APICallError: You exceeded your current quota. Your quota will reset after 1h0m0s." """, true)]
    [InlineData("""timestamp=2026-11-23T06:23:09.607Z level=ERROR run=e3cc5a75 message="stream error" providerID=scripted modelID=scripted session.id=ses_1 small=true agent=title mode=primary error.error="AI_RetryError: Failed after 3 attempts. Last error: You exceeded your current quota." """, false)]
    [InlineData("""timestamp=2026-11-23T06:23:06.406Z level=ERROR run=e3cc5a75 message="stream error" session.id=ses_1 small=false agent=build error.error="AI_APICallError: overloaded" """, false)]
    [InlineData("", false)]
    public void Its_log_tells_that_it_waits_for_its_provider(string line, bool isLimit)
    {
        var news = Preset.ReadError(line, Now);

        Assert.Equal(isLimit, news is not null);
        Assert.Equal(isLimit ? new(AgentTroubleKind.UsageLimit, "You exceeded your current quota. Your quota will reset after 1h0m0s.", Now.AddHours(1)) : null, news?.Trouble);
    }

    [Theory]
    [InlineData("Too Many Requests", 5, true, 5)]
    [InlineData("usage limit reached", 5, true, 5)]
    [InlineData("usage limit reached", -5, true, null)]
    [InlineData("usage limit reached", 60 * 24 * 365, true, null)]
    [InlineData("server is overloaded", 5, false, null)]
    public void On_its_own_screen_it_tells_that_it_tries_again_later(string message, int minutes, bool isLimit, int? until)
    {
        using var hook = JsonDocument.Parse(
            $$"""{"type":"session.status","properties":{"sessionID":"s","status":{"type":"retry","attempt":1,"message":"{{message}}","next":{{Now.AddMinutes(minutes).ToUnixTimeMilliseconds()}} } } }""");

        var news = Preset.OfHook(hook.RootElement, Now)!;

        Assert.Equal((AgentActivity.Blocked, message), (news.Activity, news.Message));
        Assert.Equal((isLimit, until is { } m ? Now.AddMinutes(m) : null), (news.Trouble is not null, news.Trouble?.Until));
    }

    private static readonly DateTimeOffset Now = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("""{"type":"session.status","properties":{"sessionID":"s","status":{"type":"busy"}}}""", AgentActivity.Working, null)]
    [InlineData("""{"type":"permission.asked","properties":{"sessionID":"s","permission":"edit","patterns":["a.txt"]}}""", AgentActivity.Waiting, "permission: edit a.txt")]
    [InlineData("""{"type":"question.asked","properties":{"sessionID":"s","questions":[{"question":"Which one?"}]}}""", AgentActivity.Waiting, "Which one?")]
    [InlineData("""{"type":"permission.replied","properties":{"sessionID":"s","reply":"once"}}""", AgentActivity.Working, null)]
    [InlineData("""{"type":"session.idle","properties":{"sessionID":"s"}}""", AgentActivity.Idle, null)]
    [InlineData("""{"type":"session.error","properties":{"sessionID":"s","error":{"name":"APIError","data":{"message":"no"}}}}""", AgentActivity.Blocked, "no")]
    public void Its_plugin_tells_what_it_does(string hook, AgentActivity activity, string? message)
    {
        var news = Preset.OfHook(JsonDocument.Parse(hook).RootElement, DateTimeOffset.UnixEpoch)!;

        Assert.Equal((activity, message, "s"), (news.Activity, news.Message, news.Session));
    }

    [Fact]
    public void What_its_plugin_adds_up_is_the_usage() => Assert.Equal(
        new AgentUsage(1000, 60, 3, 4, 0.5m),
        Preset.OfHook(JsonDocument.Parse("""{"type":"session.idle","properties":{},"usage":{"input":1000,"output":50,"reasoning":10,"cache":{"read":3,"write":4}},"cost":0.5}""").RootElement, DateTimeOffset.UnixEpoch)!.UsedInAll);

    [Theory]
    [InlineData("""{"type":"message.part.delta"}""")]
    [InlineData("""{"type":"session.status","properties":{"status":"busy"}}""")]
    [InlineData("""[]""")]
    [InlineData("""7""")]
    [InlineData("""{"type":"step_finish","part":{"tokens":{"input":-4,"output":"x"},"cost":"much"}}""")]
    [InlineData("""{"type":"tool_use","part":[]}""")]
    public void Documents_of_another_shape_harm_nothing(string text)
    {
        var document = JsonDocument.Parse(text).RootElement;

        Assert.Null(Preset.OfHook(document, DateTimeOffset.UnixEpoch));
        Assert.All(Preset.Read(document, DateTimeOffset.UnixEpoch), news => Assert.Null(news.Activity));
    }

    [Theory]
    [InlineData("anthropic/claude-x", "anthropic")]
    [InlineData("x", "opencode")]
    [InlineData(null, "opencode")]
    public void The_provider_is_the_beginning_of_the_models_name(string? model, string provider) => Assert.Equal(provider, Preset.Provider(model));
}
