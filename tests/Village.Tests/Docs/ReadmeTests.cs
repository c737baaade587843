using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Village.Tests.Docs;

/// <summary>What the README and the other documents tell people to type is what the program takes.</summary>
public sealed partial class ReadmeTests
{
    public static TheoryData<string> Documents => [.. Markdown.Documents];

    [Fact]
    public void The_table_of_commands_in_the_README_is_the_command_tree()
    {
        var text = new StringBuilder("| Command | What it does |\n|---|---|\n");
        foreach (var (path, command) in DocumentedTree.Commands.Where(c => !c.IsGroup))
        {
            text.Append(CultureInfo.InvariantCulture, $"| [`{path}`](docs/cli-reference.md#{path.Replace(' ', '-')}) | {Markdown.Cell(command.Description!)} |\n");
        }

        text.ToString().ShouldBeBlock("README.md", "commands");
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_call_of_village_in_a_fenced_block_parses(string document)
    {
        foreach (var fence in Markdown.Fences(document).Where(fence => fence.Kind is "sh" or "console"))
        {
            foreach (var call in fence.Lines.SelectMany(DocumentedTree.Calls))
            {
                Assert.True(DocumentedTree.Misuse(call) is null, $"{fence.Place}: {call}: {DocumentedTree.Misuse(call)}");
            }
        }
    }

    // In prose a word in capitals stands for a value: `village logs TASK`. The mere name of a command is no call.
    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_call_of_village_in_prose_parses(string document)
    {
        foreach (var call in InlineCode().Matches(Markdown.Prose(document)).SelectMany(match => DocumentedTree.Calls(match.Groups[1].Value)))
        {
            var isName = call.Contains('…', StringComparison.Ordinal) || DocumentedTree.Commands.Any(c => c.Path == call) || DocumentedTree.Root.Subcommands.Any(c => $"village {c.Name}" == call);
            Assert.True(isName || DocumentedTree.Misuse(call) is null, $"{document}: `{call}`: {DocumentedTree.Misuse(call)}");
        }
    }

    [GeneratedRegex("`([^`\n]+)`", RegexOptions.CultureInvariant)]
    private static partial Regex InlineCode();
}
