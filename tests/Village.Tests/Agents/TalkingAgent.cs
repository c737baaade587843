using Village.Tests.Testing;

namespace Village.Tests.Agents;

/// <summary>In place of opencode on its own screen: idle until somebody types a line, then at work until it meets a limit.</summary>
internal static class TalkingAgent
{
    private const string Script = """
        [ "$1" != db ] || exit 0
        echo '{"type":"session.idle","properties":{"sessionID":"ses_1"}}' | village hook opencode
        read -r line
        echo '{"type":"session.status","properties":{"sessionID":"ses_1","status":{"type":"busy"}}}' | village hook opencode
        echo '{"type":"session.error","properties":{"sessionID":"ses_1","error":{"data":{"message":"Rate limit reached. Please retry in 2 days"}}}}' | village hook opencode
        exec sleep 600
        """;

    extension(TestVillage village)
    {
        /// <summary>The section of the configuration for an agent <c>talks</c>, whose program is made.</summary>
        public string TalkingSection() => $"[agent.talks]\ntype=opencode\nmode=tui\ncommand={village.Agent("talks", Script)}\n";

        /// <summary>A new task whose agent waits for a line.</summary>
        public async Task<string> TalkAsync()
        {
            var task = await village.AddAsync("Talks", "--label", "agent:talks");
            (await village.RunAsync("resume", task, "--detached")).Succeed();
            await TestVillage.EventuallyAsync(async () => (await village.LockAsync(task)).TryGetProperty("signal", out var signal) && signal.GetString() is "idle", "the agent is idle");
            return task;
        }
    }
}
