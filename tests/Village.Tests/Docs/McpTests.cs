using System.Text.RegularExpressions;
using Village.Commands.Mcp;
using Village.Tests.Testing;

namespace Village.Tests.Docs;

/// <summary>docs/mcp.md names the tools that there are, and no others.</summary>
public sealed partial class McpTests
{
    [Fact]
    public void The_table_of_tools_is_the_list_of_tools() => Assert.Equal(
        McpTool.All.Select(tool => (tool.Name, tool.ReadOnly)),
        Row().Matches(File.ReadAllText(Path.Combine(SourceRoot.Path, "docs", "mcp.md"))).Select(row => (row.Groups[1].Value, row.Groups[2].Value is "looks")));

    [GeneratedRegex(@"^\| `(\w+)` \| `village [^|]+` \| (\w+)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Row();
}
