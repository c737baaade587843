using Village.Html;

namespace Village.Agents;

/// <summary>A contract as a page of HTML that needs nothing else. All of its text is escaped, so nothing in it is markup.</summary>
public static class ContractPage
{
    private const string Css =
        ":root{color-scheme:light dark}body{font:16px/1.5 sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}pre{white-space:pre-wrap;overflow-wrap:anywhere}";

    /// <summary>The page.</summary>
    public static string Of(ContractEnvelope contract)
    {
        var body = new HtmlText().Write($"<p>Agent {contract.Agent}, from {contract.Profile}</p>\n");
        foreach (var warning in contract.Warnings)
        {
            body.Write($"<p>Warning: {warning}</p>\n");
        }

        return HtmlPage.Of($"{contract.TaskId}: {contract.TaskTitle}", "village contract", Css, body.Write($"{Written(contract)}"));
    }

    /// <summary>The contract alone, as an element for a page of somebody else's.</summary>
    public static string Block(ContractEnvelope contract) => Written(contract).ToString();

    private static HtmlText Written(ContractEnvelope contract) =>
        new HtmlText().Write($"<pre class=\"village-contract\" data-task=\"{contract.TaskId}\">{contract.Content}</pre>");
}
