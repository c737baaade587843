using Village.Tests.Testing;

namespace Village.Tests.Agents;

/// <summary>Real codex with a scripted model, in its own sandbox.</summary>
[Trait("scm", "none")]
public sealed class CodexTests
{
    [Fact]
    public async Task Alone_each_ends_as_what_it_did_and_what_was_killed_goes_on()
    {
        await using var model = await ScriptedModel.StartAsync();
        await using var village = await RealAgents.UpAsync(
            "codex", "MAX_WORKERS=5\nQUEUE_TTL_MINUTES=0", "check=test -f one.txt\n[agent.strict]\ntype=codex\nargs=--sandbox read-only");
        Directory.CreateDirectory(Path.Combine(village.Home, ".codex"));

        // All of the test is below /tmp, where the sandbox lets it write as it stands.
        await File.WriteAllTextAsync(Path.Combine(village.Home, ".codex", "config.toml"), $"""
            model = "scripted"
            model_provider = "scripted"
            check_for_update_on_startup = false
            [model_providers.scripted]
            name = "Scripted"
            base_url = "http://127.0.0.1:{model.Port}/v1"
            wire_api = "responses"
            request_max_retries = 0
            stream_max_retries = 0
            [sandbox_workspace_write]
            exclude_slash_tmp = true
            exclude_tmpdir_env_var = true
            [analytics]
            enabled = false
            """);

        // It tells nothing at all of a command that its sandbox ends at once.
        var journey = new AgentJourney(village, model) { Write = """{"shell":"sleep 1; echo 1 > one.txt"}""" };

        Assert.Equal(["completed", "failed agent_exit", "failed permission_denied", "failed no_changes"], await journey.TakeAsync());

        // Two requests of 1,000 and 50 tokens each; it knows no prices. The one that hung, and was killed, had told of none.
        Assert.Equal((2000, 100, null), await journey.UsageAsync("Good"));
    }
}
