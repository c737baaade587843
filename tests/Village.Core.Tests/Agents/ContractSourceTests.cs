using Village.Agents;
using Village.Configuration;

namespace Village.Core.Tests.Agents;

public sealed class ContractSourceTests
{
    [Fact]
    public void Without_settings_it_is_the_builtin_template() => Assert.Equal(ContractSource.BuiltIn, Of(""));

    [Fact]
    public void An_agent_has_the_values_of_all_unless_it_has_its_own()
    {
        const string Text = "CONTRACT=docs/agent.md\nPPC_MODE=Build\nPPC_TRAITS=Terse, conservative\nPPC_FORMAT=code\n";

        Assert.Equal(("docs/agent.md", "build terse conservative code"), Told(Of(Text)));
        Assert.Equal(("/x.md", "ship terse conservative code"), Told(Of($"{Text}[agent.build]\ncontract=/x.md\nppc_mode=ship\n")));
        Assert.Equal(("", ""), Told(Of($"{Text}[agent.build]\ncontract=\nppc_mode=\nppc_traits=\nppc_format=\n")));
    }

    [Theory]
    [InlineData("ppc_mode=ship", "ship --contract markdown")]
    [InlineData("ppc_traits=terse,,", "explore --terse --contract markdown")]
    [InlineData("ppc_format=code", "explore --contract code")]
    [InlineData("ppc_mode=build\nppc_traits= a , b-c ", "build --a --b-c --contract markdown")]
    public void Ppc_is_asked_where_one_of_its_settings_says_something(string settings, string words) =>
        Assert.Equal(words, string.Join(' ', Of($"[agent.build]\n{settings}\n").Ppc!.Words));

    [Theory]
    [InlineData(0, "# Do\n", "warning: unresolved variable: x\n", null)]
    [InlineData(0, " \n", "warning\n", "it printed nothing")]
    [InlineData(2, "", "flag provided but not defined: -critical\nUsage of ppc:\n", "exit code 2: flag provided but not defined: -critical")]
    [InlineData(1, "# half", "", "exit code 1")]
    [InlineData(2, "", "\n \u001b[31mbad\n", @"exit code 2: \x1b[31mbad")]
    public void An_answer_of_ppc_counts_only_with_exit_code_0_and_something_said(int exit, string stdout, string stderr, string? problem) =>
        Assert.Equal(problem, PpcOrder.Problem(exit, stdout, stderr));

    [Fact]
    public void A_long_complaint_is_cut() => Assert.Equal($"exit code 2: {new string('x', 200)}…", PpcOrder.Problem(2, "", new string('x', 5000)));

    private static ContractSource Of(string text) => VillageConfig.Of([], IniFile.Parse(text, "config", out _), new Dictionary<string, string>()).Agent("build").Contract;

    private static (string File, string Ppc) Told(ContractSource source) =>
        (source.File, source.Ppc is { } ppc ? string.Join(' ', [ppc.Mode, .. ppc.Traits, ppc.Format]) : "");
}
