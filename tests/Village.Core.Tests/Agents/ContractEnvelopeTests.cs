using System.Text.Json;
using CsCheck;
using Village.Agents;
using Village.Configuration;
using Village.Core.Tests.Tasks;

namespace Village.Core.Tests.Agents;

public sealed class ContractEnvelopeTests
{
    private static readonly ContractFacts Facts = ContractSamples.Facts(
        TaskSamples.Task("bd-a3f8") with { Title = "T", Description = "D" },
        new AgentConfig("build", AgentPresets.Default) { Contract = ContractSource.Of("docs/agent.md", "ship", "", "") });

    [Fact]
    public void The_file_comes_first_then_ppc_then_the_builtin_template()
    {
        Told("file:docs/agent.md", null, "bd-a3f8!", Of("{task_id}!", null));
        Told("ppc:ship", "ppc version v1", $"Do.\n\n{Contract.Markdown(Facts)}", Of(null, new("ppc version v1", "Do.\n", null)));
        Told("fallback", null, Contract.Markdown(Facts), Of(null, null));
    }

    [Fact]
    public void What_is_wrong_with_a_source_is_a_warning_and_the_next_one_is_taken()
    {
        Told("fallback", null, Contract.Markdown(Facts), Of(null, new(null, null, null)), "ppc_not_available");
        Told("fallback", "ppc version v1", Contract.Markdown(Facts), Of(null, new("ppc version v1", null, "exit code 2")), "ppc_execution_failed: exit code 2");
        Told("ppc:ship", "v1", $"Do.\n\n{Contract.Markdown(Facts)}", Of(null, new("v1", "Do.", null), ContractWarning.NoFile("a\nb")), @"contract_file_not_found: a\nb");
        Told("file:docs/agent.md", null, "bd-a3f8 {no}", Of("{task_id} {no}", null), "unknown_placeholder: {no}");
    }

    [Fact]
    public void Placeholders_in_what_ppc_says_are_text() =>
        Assert.StartsWith("Be {title}.\n\n# Task bd-a3f8: T\n", Of(null, new("v1", "Be {title}.", null)).Content, StringComparison.Ordinal);

    [Fact]
    public void It_is_one_line_of_json_with_its_keys_sorted()
    {
        Assert.Equal(
            """{"agent":"build","content":"bd-a3f8\n","created_at":"2026-01-22T10:41:12.000Z","format":"markdown","ppc_profile":"file:docs/agent.md","ppc_version":null,"task_description":"D","task_id":"bd-a3f8","task_title":"T","version":1,"warnings":[]}""" + "\n",
            Of("{task_id}\n", null).ToLine());
        ContractTests.Hostile.Sample(hostile =>
        {
            var line = Of("{title}", null, hostile) with { Content = hostile };
            using var json = JsonDocument.Parse(line.ToLine());
            Assert.Equal(hostile, json.RootElement.GetProperty("content").GetString());
            Assert.Equal(json.RootElement.EnumerateObject().Select(pair => pair.Name).Order(StringComparer.Ordinal), json.RootElement.EnumerateObject().Select(pair => pair.Name));
            Assert.Single(line.ToLine(), c => c is '\n');
        });
    }

    [Fact]
    public void A_page_of_it_holds_no_markup_of_the_task()
    {
        var contract = Of("{title}", null) with { Content = "</pre><script>alert(1)</script>", TaskTitle = "</title>&\"", Warnings = ["<b>"] };

        var page = ContractPage.Of(contract);

        Assert.Contains("<pre class=\"village-contract\" data-task=\"bd-a3f8\">&lt;/pre&gt;&lt;script&gt;alert(1)&lt;/script&gt;</pre>", page, StringComparison.Ordinal);
        Assert.Contains("<title>bd-a3f8: &lt;/title&gt;&amp;&quot;</title>", page, StringComparison.Ordinal);
        Assert.Contains("<p>Warning: &lt;b&gt;</p>", page, StringComparison.Ordinal);
    }

    private static ContractEnvelope Of(string? file, PpcAnswer? ppc, params string[] warnings) =>
        ContractEnvelope.Of(Facts, file, ppc, warnings, new(2026, 1, 22, 10, 41, 12, TimeSpan.Zero));

    private static void Told(string profile, string? version, string content, ContractEnvelope contract, params string[] warnings)
    {
        Assert.Equal((profile, version, content), (contract.Profile, contract.PpcVersion, contract.Content));
        Assert.Equal(warnings, contract.Warnings);
    }
}
