using Village.Agents;

namespace Village.Core.Tests.Agents;

public sealed class AnyCommandTests
{
    [Fact]
    public void A_command_that_names_no_contract_reads_it_on_standard_input()
    {
        var call = Call("my-agent", "--task={task}", "{workspace}", "{other}", "{", "{task", "}");

        Assert.Equal(["my-agent", "--task=bd-a3f8", "/repo/.worktrees/bd-a3f8", "{other}", "{", "{task", "}"], call.Words);
        Assert.Equal(AgentOrders.Contract, call.Input);
        Assert.False(call.TellsJson);
    }

    [Theory]
    [InlineData("{contract}", AgentOrders.Contract)]
    [InlineData("--file={contract}", "--file=" + AgentOrders.Contract)]
    [InlineData("{prompt}", "do it")]
    [InlineData("<{prompt}|{prompt}>", "<do it|do it>")]
    public void A_command_that_says_where_it_wants_the_contract_keeps_the_terminal(string word, string filled)
    {
        var call = Call("my-agent", word);

        Assert.Equal(["my-agent", filled], call.Words);
        Assert.Null(call.Input);
    }

    [Theory]
    [InlineData("{task} {contract} {workspace} {prompt} {session}")]
    [InlineData("\"quotes\" $(rm -rf ~) `x` \\ \n 'é' %s")]
    public void A_prompt_is_one_argument_byte_for_byte(string prompt) =>
        Assert.Equal(["my-agent", prompt], AgentPresets.Command.Call(AgentOrders.Of(AgentPresets.Command, a => a with { Command = ["my-agent", "{prompt}"] }) with { Contract = prompt }).Words);

    [Fact]
    public void A_path_that_looks_like_a_placeholder_is_a_path() => Assert.Equal(
        ["my-agent", "/{prompt}/bd-a3f8", "/{task}/{prompt}.md", "bd-a3f8/{prompt}/bd-a3f8do it"],
        AgentPresets.Command.Call(AgentOrders.Of(AgentPresets.Command, a => a with { Command = ["my-agent", "{workspace}", "{contract}"], Args = ["{task}{workspace}{prompt}"] }) with
        {
            Workspace = "/{prompt}/bd-a3f8",
            ContractPath = "/{task}/{prompt}.md",
        }).Words);

    [Fact]
    public void A_conversation_is_named_where_there_is_one()
    {
        var order = AgentOrders.Of(AgentPresets.Command, a => a with { Command = ["my-agent", "--in={session}"] });

        Assert.Equal(["my-agent", "--in="], AgentPresets.Command.Call(order).Words);
        Assert.Equal(["my-agent", "--in=s 1"], AgentPresets.Command.Call(order with { Session = "s 1" }).Words);
    }

    private static AgentCall Call(params string[] words) => AgentPresets.Command.Call(AgentOrders.Of(AgentPresets.Command, a => a with { Command = words }));
}
