using CsCheck;
using Village.Agents;
using Village.Configuration;
using Village.Core.Tests.Tasks;

namespace Village.Core.Tests.Agents;

public sealed class ContractTemplateTests
{
    private static readonly ContractFacts Facts = ContractSamples.Facts(
        TaskSamples.Task("bd-a3f8") with { Title = "Fix {check}", Description = "{title} {{x}} $&", Acceptance = "A", Design = "D", Notes = "N" },
        new AgentConfig("build", AgentPresets.Default) { Check = "make test" }) with
    {
        Dependencies = [new("bd-b")],
    };

    [Fact]
    public void Every_placeholder_is_filled()
    {
        var (text, warnings) = ContractTemplate.Fill(string.Join('|', ContractTemplate.Names.SkipLast(3).Select(name => $"{{{name}}}")), Facts);

        Assert.Equal("bd-a3f8|bd-a3f8|Fix {check}|{title} {{x}} $&|A|D|N|- bd-b|/repo/.worktrees/bd-a3f8|village/bd-a3f8|make test|build|3", text);
        Assert.Empty(warnings);
    }

    [Fact]
    public void Parts_of_the_builtin_contract_can_be_placed() => Assert.Equal(
        $"bd-a3f8\n{Contract.Rules(Facts)}\n{Contract.Report}\n{Contract.Markdown(Facts)}",
        ContractTemplate.Fill("{task_id}\n{rules}\n{report}\n{builtin}", Facts).Text);

    [Fact]
    public void What_a_task_says_is_never_filled_in() => ContractTests.Hostile.Sample(hostile =>
    {
        var facts = Facts with { Spec = Facts.Spec! with { Title = hostile + "{task_id}", Description = "{title}{unheard}" + hostile } };

        Assert.Equal(($"<{hostile}{{task_id}}|{{title}}{{unheard}}{hostile}>", 0), ContractTemplate.Fill("<{title}|{description}>", facts) is var (text, warnings) ? (text, warnings.Count) : default);
    });

    [Fact]
    public void One_that_is_not_known_stays_and_is_told_once_with_the_nearest_name()
    {
        var (text, warnings) = ContractTemplate.Fill("{title} {titl} {titl} {unheard_of}", Facts);

        Assert.Equal("Fix {check} {titl} {titl} {unheard_of}", text);
        Assert.Equal(["unknown_placeholder: {titl}; did you mean {title}?", "unknown_placeholder: {unheard_of}"], warnings);
    }

    [Theory]
    [InlineData("${title} {{title}} { title } {Title} {1} {} {title")]
    [InlineData("{ \"json\": {\"a\": 1} } function f() { return }")]
    public void What_is_no_placeholder_is_text(string text) =>
        Assert.StartsWith($"{text} bd-a3f8", ContractTemplate.Fill($"{text} {{task_id}}", Facts).Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("Be kind.\n", "Be kind.")]
    [InlineData("Run {check} on {branch}. {nothing}\n\n", "Run make test on village/bd-a3f8. {nothing}")]
    public void One_that_never_names_the_task_is_completed_with_the_builtin_contract(string template, string begins) =>
        Assert.Equal($"{begins}\n\n{Contract.Markdown(Facts)}", ContractTemplate.Fill(template, Facts).Text);

    [Fact]
    public void An_empty_one_is_the_builtin_contract() => Assert.Equal(Contract.Markdown(Facts), ContractTemplate.Fill(" \n", Facts).Text);
}
