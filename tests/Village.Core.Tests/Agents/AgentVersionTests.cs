using Village.Agents;

namespace Village.Core.Tests.Agents;

public sealed class AgentVersionTests
{
    [Theory]
    [InlineData("1.18.33", "1.18.33")]
    [InlineData("2.1.197 (Claude Code)", "2.1.197")]
    [InlineData("codex-cli 0.169.0", "0.169.0")]
    [InlineData("GitHub Copilot CLI 1.0.102.\nRun 'copilot update' to check.", "1.0.102")]
    [InlineData("v3.0.0-beta.2", "3.0.0-beta.2")]
    [InlineData("\n0.73.1\n", "0.73.1")]
    [InlineData("no version 7 here", null)]
    [InlineData("", null)]
    public void A_version_is_found_in_what_a_program_says(string said, string? version) => Assert.Equal(version, AgentVersion.In(said));
}
