using System.Net;
using System.Text;

namespace Village.Agents;

/// <summary>A contract as a page of HTML that needs nothing else. All of its text is escaped, so nothing in it is markup.</summary>
public static class ContractPage
{
    /// <summary>The page.</summary>
    public static string Of(ContractEnvelope contract)
    {
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
        page.Append("<title>").Append(Text($"{contract.TaskId}: {contract.TaskTitle}")).Append("</title>\n");
        page.Append("<style>body{font:16px/1.5 sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}pre{white-space:pre-wrap;overflow-wrap:anywhere}</style>\n");
        page.Append("</head>\n<body>\n<p>Agent ").Append(Text(contract.Agent)).Append(", from ").Append(Text(contract.Profile)).Append("</p>\n");
        foreach (var warning in contract.Warnings)
        {
            page.Append("<p>Warning: ").Append(Text(warning)).Append("</p>\n");
        }

        return page.Append(Block(contract)).Append("\n</body>\n</html>\n").ToString();
    }

    /// <summary>The contract alone, as an element for a page of somebody else's.</summary>
    public static string Block(ContractEnvelope contract) =>
        $"<pre class=\"village-contract\" data-task=\"{Text(contract.TaskId)}\">{Text(contract.Content)}</pre>";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
