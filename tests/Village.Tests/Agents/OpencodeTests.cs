using System.Text.Json;
using Village.Tests.Testing;

namespace Village.Tests.Agents;

/// <summary>Real opencode in panes and workspaces, with a scripted model: what it says and does ends as the right state.</summary>
[Trait("scm", "none")]
public sealed class OpencodeTests
{
    private const string Works = """[{"write":{"path":"made.txt","content":"made\n"}},{"text":"DONE"}]""";

    [Fact]
    public async Task Four_at_once_in_a_fresh_home_each_end_as_what_they_did()
    {
        await using var model = await ScriptedModel.StartAsync();
        await using var village = await UpAsync(model, "MAX_WORKERS=4", "[agent.strict]\nenv=OPENCODE_PERMISSION='{\"edit\":\"ask\"}'");
        var good = await village.AddAsync("Good \"title\" `x` $y", "--description", ScriptedModel.Script("""[{"shell":"echo 1 > a.txt && git add -A && git commit -qm mine"},{"text":"DONE"}]"""));
        var refused = await village.AddAsync("Refused", "--description", ScriptedModel.Script("""[{"error":400,"message":"scripted bad request"}]"""));
        var asked = await village.AddAsync("Asked", "--label", "agent:strict", "--description", ScriptedModel.Script(Works));
        var idle = await village.AddAsync("Idle", "--description", ScriptedModel.Script("""[{"text":"DONE"}]"""));

        (await village.RunAsync("queue", "--drain")).ExitsWith(4);

        Assert.Equal(
            ["completed", "failed agent_exit", "failed permission_denied", "failed no_changes"],
            await village.EndsAsync(good, refused, asked, idle));
        Assert.Contains("scripted bad request", (await village.StateAsync(refused)).Message, StringComparison.Ordinal);
        Assert.Contains("Good \\\"title\\\" `x` $y", await model.LogAsync(), StringComparison.Ordinal);
        await village.NothingIsLeftRunningAsync();

        // Two requests of 1,000 and 50 tokens at 3 and 15 dollars a million.
        var usage = JsonDocument.Parse((await village.RunAsync("usage", "--by", "task", "--json")).Succeed().Out).RootElement;
        var row = usage.GetProperty("rows").EnumerateArray().Single(row => row.GetProperty("name").GetString() == good);
        Assert.Equal((2000, 100, 0.0075m), (row.GetProperty("input_tokens").GetInt32(), row.GetProperty("output_tokens").GetInt32(), row.GetProperty("cost_usd").GetDecimal()));
        Assert.Contains("> bash", (await village.RunAsync("logs", good)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_conversation_goes_on_after_kill_9_of_everything()
    {
        await using var model = await ScriptedModel.StartAsync();
        await using var village = await UpAsync(model, "QUEUE_TTL_MINUTES=0");
        await model.AddAsync("""{"long":{"turns":[[{"write":{"path":"one.txt","content":"1\n"}},{"hang":true}],[{"write":{"path":"two.txt","content":"2\n"}},{"text":"DONE"}]]}}""");
        var task = await village.AddAsync("Long", "--description", "%%scenario long");
        (await village.RunAsync("queue", "1")).Succeed();
        await TestVillage.EventuallyAsync(() => village.DirtIn(task).Contains("one.txt", StringComparison.Ordinal), "the agent has written its first file");
        await TestVillage.EventuallyAsync(() => village.Lease(task).ContainsKey("agent_session"), "its conversation is in the lease");
        var session = village.Lease(task)["agent_session"];

        await village.KillAllAsync();
        await model.ReleaseAsync();
        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        Assert.Contains(session, (await village.RunAsync("resume", "--all")).Succeed().Out, StringComparison.Ordinal);

        await village.StateBecomesAsync(task, "completed");
        Assert.Equal("README\none.txt\ntwo.txt\n", village.Tool("git", "ls-tree", "--name-only", $"village/{task}"));
        Assert.Contains("You were interrupted", await model.LogAsync(), StringComparison.Ordinal);
        Assert.All(village.Events().Select(e => Asking.Text(e, "session")).OfType<string>(), told => Assert.Equal(session, told));
    }

    [Fact]
    public async Task A_usage_limit_stops_its_provider_and_nothing_else()
    {
        await using var model = await ScriptedModel.StartAsync();
        await using var village = await UpAsync(model, "MAX_WORKERS=1\nRETRIES=3", "[agent.other]\ncommand=sh -c 'echo 1 > a.txt'");
        var limited = await village.AddAsync("Limited", "--priority", "0", "--description", ScriptedModel.Script("""[{"error":429,"message":"Your quota will reset after 5h0m0s."}]"""));
        var later = await village.AddAsync("Later", "--priority", "1", "--description", ScriptedModel.Script(Works));
        var other = await village.AddAsync("Other", "--priority", "2", "--label", "agent:other");

        var drained = (await village.RunAsync("queue", "--drain")).ExitsWith(4);

        Assert.Equal("failed usage_limit", await village.StateAsync(limited) is var story ? $"{story.State} {story.Reason}" : "");
        Assert.Equal("completed", (await village.StateAsync(other)).State);
        Assert.Matches($@"{later} +provider_limit +", drained.Out);
        Assert.Matches("\"provider\":\"(opencode|scripted)\"", File.ReadAllText(Directory.GetFiles(Path.Combine(village.State, "limits")).Single()));
        await village.NothingIsLeftRunningAsync();
    }

    [Fact]
    public async Task In_its_own_screen_it_tells_what_it_does_asks_a_person_and_takes_more()
    {
        await using var model = await ScriptedModel.StartAsync();
        await using var village = await UpAsync(model, "", "mode=tui\nenv=OPENCODE_PERMISSION='{\"edit\":\"ask\"}'");
        await model.AddAsync($"{{\"ask\":{{\"turns\":[{Works},[{{\"text\":\"More is done.\"}}]]}}}}");
        var task = await village.AddAsync("Ask", "--description", "%%scenario ask");
        (await village.RunAsync("queue", "1")).Succeed();

        await TestVillage.EventuallyAsync(async () => await SignalAsync(village, task) is "waiting opencode", "it waits for a permission");
        (await village.RunAsync("send", task, "more")).ExitsWith(3);
        var pane = village.Lease(task)["pane"];
        await TestVillage.EventuallyAsync(() => village.Tool("tmux", "capture-pane", "-p", "-t", pane).Contains("Allow once", StringComparison.Ordinal), "its question is on the screen");
        village.Tool("tmux", "send-keys", "-t", pane, "Enter");
        await TestVillage.EventuallyAsync(async () => await SignalAsync(village, task) is "idle opencode", "its turn is over");
        (await village.RunAsync("send", task, "and one more thing")).Succeed();
        await TestVillage.EventuallyAsync(async () => (await model.LogAsync()).Contains("and one more thing", StringComparison.Ordinal), "the model was asked it");
        await TestVillage.EventuallyAsync(async () => await SignalAsync(village, task) is "idle opencode", "its second turn is over");
        village.Tool("tmux", "send-keys", "-t", pane, "C-c");

        await village.StateBecomesAsync(task, "completed");
        await village.NothingIsLeftRunningAsync();
        Assert.Contains("0.0", (await village.RunAsync("usage")).Succeed().Out, StringComparison.Ordinal);
    }

    private static async Task<string> SignalAsync(TestVillage village, string task)
    {
        var row = await village.LockAsync(task);
        return $"{row.GetProperty("signal")} {row.GetProperty("signal_source")}";
    }

    private static Task<TestVillage> UpAsync(ScriptedModel model, string settings, string agent = "") => RealAgents.UpAsync(
        "opencode",
        settings,
        agent,
        ("SCRIPTED_PORT", $"{model.Port}"),
        ("OPENCODE_CONFIG", Path.Combine(SourceRoot.Path, "demo", "opencode.json")),
        ("OPENCODE_DISABLE_AUTOUPDATE", "1"),
        ("OPENCODE_DISABLE_MODELS_FETCH", "1"),
        ("OPENCODE_DISABLE_LSP_DOWNLOAD", "1"),
        ("OPENCODE_DISABLE_DEFAULT_PLUGINS", "1"),
        ("npm_config_registry", "http://127.0.0.1:9"),
        ("npm_config_fetch_retries", "0"));
}
