using Village.Agents;
using Village.Configuration;
using Village.Core.Tests.Leases;
using Village.Leases;

namespace Village.Core.Tests.Agents;

public sealed class AgentCallTests
{
    private const string Path = "/repo/.village/contracts/bd-a3f8/1.md";
    private static readonly Lease Lease = LeaseSamples.Lease("bd-a3f8");

    [Fact]
    public void Opencode_reads_its_prompt_on_standard_input()
    {
        var call = AgentCall.For(Agent(isCommand: false, []) with { OpencodeArgs = ["--model", "{task} x"] }, Lease, Path, "prompt");

        Assert.Equal(["opencode", "run", "--model", "{task} x", "--title", "bd-a3f8"], call.Words);
        Assert.Equal(Path, call.Input);
    }

    [Fact]
    public void A_command_that_names_no_contract_reads_it_on_standard_input()
    {
        var call = AgentCall.For(Agent(isCommand: true, ["my-agent", "--task={task}", "{workspace}", "{other}", "{", "{task", "}"]), Lease, Path, "prompt");

        Assert.Equal(["my-agent", "--task=bd-a3f8", "/repo/.worktrees/bd-a3f8", "{other}", "{", "{task", "}"], call.Words);
        Assert.Equal(Path, call.Input);
    }

    [Theory]
    [InlineData("{contract}", Path)]
    [InlineData("--file={contract}", "--file=" + Path)]
    [InlineData("{prompt}", "do it")]
    [InlineData("<{prompt}|{prompt}>", "<do it|do it>")]
    public void A_command_that_says_where_it_wants_the_contract_keeps_the_terminal(string word, string filled)
    {
        var call = AgentCall.For(Agent(isCommand: true, ["my-agent", word]), Lease, Path, "do it");

        Assert.Equal(["my-agent", filled], call.Words);
        Assert.Null(call.Input);
    }

    [Theory]
    [InlineData("{task} {contract} {workspace} {prompt}")]
    [InlineData("\"quotes\" $(rm -rf ~) `x` \\ \n 'é' %s")]
    public void A_prompt_is_one_argument_byte_for_byte(string prompt) =>
        Assert.Equal(["my-agent", prompt], AgentCall.For(Agent(isCommand: true, ["my-agent", "{prompt}"]), Lease, Path, prompt).Words);

    [Fact]
    public void A_path_that_looks_like_a_placeholder_is_a_path() => Assert.Equal(
        ["my-agent", "/{prompt}/bd-a3f8", "/{task}/{prompt}.md", "bd-a3f8/{prompt}/bd-a3f8do it"],
        AgentCall.For(
            Agent(isCommand: true, ["my-agent", "{workspace}", "{contract}", "{task}{workspace}{prompt}"]),
            Lease with { Workspace = "/{prompt}/bd-a3f8" },
            "/{task}/{prompt}.md",
            "do it").Words);

    [Fact]
    public void A_lease_without_a_workspace_fills_in_nothing() => Assert.Equal(
        ["my-agent", "--in="], AgentCall.For(Agent(isCommand: true, ["my-agent", "--in={workspace}"]), Lease with { Workspace = null }, Path, "p").Words);

    private static AgentConfig Agent(bool isCommand, IReadOnlyList<string> command) => new("build", isCommand, command, [], TimeSpan.Zero, "");
}
