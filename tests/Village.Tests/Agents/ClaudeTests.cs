namespace Village.Tests.Agents;

/// <summary>Real claude with a scripted model.</summary>
[Trait("scm", "none")]
public sealed class ClaudeTests
{
    [Fact]
    public async Task Alone_each_ends_as_what_it_did_and_what_was_killed_goes_on()
    {
        await using var model = await ScriptedModel.StartAsync();
        await using var village = await RealAgents.UpAsync(
            "claude",
            "MAX_WORKERS=5\nQUEUE_TTL_MINUTES=0",
            "check=test -f one.txt\n[agent.strict]\ntype=claude\nargs=--permission-mode default",
            ("ANTHROPIC_BASE_URL", $"http://127.0.0.1:{model.Port}"),
            ("ANTHROPIC_API_KEY", "none"),
            ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"),
            ("CLAUDE_CODE_MAX_RETRIES", "0"),
            ("DISABLE_AUTOUPDATER", "1"));
        var journey = new AgentJourney(village, model);

        Assert.Equal(["completed", "failed agent_exit", "failed permission_denied", "failed no_changes"], await journey.TakeAsync());

        // Two requests of 1,000 and 50 tokens, and what claude takes their price to be.
        Assert.Equal((2000, 100, 0.0125m), await journey.UsageAsync("Good"));
        Assert.True(Guid.TryParse(journey.Session, out _));
    }
}
