using System.Text.RegularExpressions;
using Village.Tests.Testing;

namespace Village.Tests.Docs;

/// <summary>Links inside the project lead somewhere.</summary>
public sealed partial class LinksTests
{
    public static TheoryData<string> Documents => [.. Markdown.Documents];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_relative_link_leads_to_a_file_and_a_heading_that_exist(string document)
    {
        foreach (Match link in Link().Matches(Markdown.Prose(document)))
        {
            var target = link.Groups[1].Value;
            if (target.Contains("://", StringComparison.Ordinal))
            {
                continue;
            }

            var parts = target.Split('#', 2);
            var file = parts[0] is "" ? document : Path.GetRelativePath(
                SourceRoot.Path, Path.GetFullPath(parts[0], Path.GetDirectoryName(Path.Combine(SourceRoot.Path, document))!));
            var path = Path.Combine(SourceRoot.Path, file);
            Assert.True(File.Exists(path) || Directory.Exists(path), $"{document}: there is no '{file}' ({target})");
            Assert.True(parts is [_] || Anchors(file).Contains(parts[1]), $"{document}: '{file}' has no heading for '#{parts[^1]}'");
        }
    }

    [Fact]
    public void Every_decision_is_listed_and_numbered_without_a_gap()
    {
        string[] decisions = [.. Markdown.Documents.Where(d => Decision().IsMatch(d)).Select(d => Path.GetFileName(d))];
        var list = Markdown.Read("docs/decisions/README.md");

        Assert.Equal(Enumerable.Range(1, decisions.Length).Select(n => $"{n:0000}"), decisions.Select(name => name[..4]));
        Assert.All(decisions, name => Assert.Contains($"({name})", list, StringComparison.Ordinal));
    }

    // GitHub's rule: lower case, blanks become hyphens, everything else but letters, digits, '-' and '_' goes; repeated ones are counted.
    private static HashSet<string> Anchors(string document)
    {
        HashSet<string> anchors = [];
        foreach (Match heading in Heading().Matches(Markdown.Prose(document)))
        {
            var text = heading.Groups[1].Value.Trim().ToLowerInvariant().Replace(' ', '-');
            var anchor = string.Concat(text.Where(c => char.IsLetterOrDigit(c) || c is '-' or '_'));
            for (var n = 0; !anchors.Add(n is 0 ? anchor : $"{anchor}-{n}"); n++)
            {
            }
        }

        return anchors;
    }

    [GeneratedRegex("(?<!!)\\[[^\\]\n]*\\]\\(([^)\\s]+)\\)", RegexOptions.CultureInvariant)]
    private static partial Regex Link();

    [GeneratedRegex("^#{1,6} (.+)$", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("^docs/decisions/[0-9]{4}-", RegexOptions.CultureInvariant)]
    private static partial Regex Decision();
}
