using System.Text;
using System.Text.RegularExpressions;
using Village.Tests.Testing;

namespace Village.Tests.Docs;

/// <summary><c>docs/reliability.md</c>: every promise is attacked, and every test that is named exists.</summary>
public sealed partial class ReliabilityTests
{
    private const string Document = "docs/reliability.md";

    private static readonly IReadOnlyList<(string Class, string Folder, string Source)> Sources =
    [
        .. from path in Directory.EnumerateFiles(Path.Combine(SourceRoot.Path, "tests"), "*Tests.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
           select (Path.GetFileNameWithoutExtension(path), Path.GetFileName(Path.GetDirectoryName(path)!), File.ReadAllText(path)),
    ];

    [Fact]
    public void Every_invariant_has_a_test_that_tries_to_break_it()
    {
        var rows = Markdown.Read(Document).Split('\n').Select(line => Invariant().Match(line)).Where(row => row.Success).ToList();

        Assert.Equal(Enumerable.Range(1, 10).Select(n => $"I{n}"), rows.Select(row => row.Groups["id"].Value));
        Assert.All(rows, row => Assert.Matches(NamedTest(), row.Groups["tests"].Value));
    }

    [Fact]
    public void Every_test_that_is_named_exists()
    {
        var named = NamedTest().Matches(Markdown.Read(Document)).Select(name => name.Groups["name"].Value).Distinct().ToList();

        Assert.InRange(named.Count, 50, 1000);
        Assert.All(named, name => Assert.True(Exists(name), $"there is no {name}"));
    }

    [Fact]
    public void Every_proof_is_listed()
    {
        var text = new StringBuilder("| Proof | What it tries |\n|---|---|\n");
        foreach (var (name, _, source) in Sources.Where(test => test.Folder is "Proofs" or "Simulation"))
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"| `{name}` | {Markdown.Cell(Words(ClassSummary().Match(source).Groups["text"].Value))} |\n");
        }

        text.ToString().ShouldBeBlock(Document, "proofs");
    }

    [Fact]
    public void Every_defect_of_the_original_that_has_a_test_is_listed()
    {
        var text = new StringBuilder("| | What the original did | Test |\n|---|---|---|\n");
        var tests =
            from test in Sources
            where test.Folder is "OriginalDefects"
            from Match defect in Defect().Matches(test.Source)
            orderby defect.Groups["name"].Value
            select $"| {defect.Groups["letter"].Value}{int.Parse(defect.Groups["number"].Value, System.Globalization.CultureInfo.InvariantCulture)} | {Markdown.Cell(Words(defect.Groups["text"].Value))} | `{test.Class}.{defect.Groups["name"].Value}` |\n";

        text.AppendJoin("", tests).ToString().ShouldBeBlock(Document, "original defects");
    }

    [Fact]
    public void No_defect_of_the_original_is_forgotten()
    {
        // A12 and B17 to B35 without a test belong to what is not there yet: conflicts, chat, pull requests, CI, metrics,
        // notifications, jj, pausing. B11 is every call of village in a text that parses. C3, C4, C9, C10 are about its build.
        string[] later = ["A12", "B11", "B17", "B19", "B22", "B27", "B28", "B29", "B30", "B31", "B32", "B33", "B34", "B35", "C03", "C04", "C09", "C10"];
        var all = Ids('A', 18).Concat(Ids('B', 35)).Concat(Ids('C', 10));
        var tested = Sources.Where(test => test.Folder is "OriginalDefects").SelectMany(test => Defect().Matches(test.Source)).Select(m => m.Groups["letter"].Value + m.Groups["number"].Value);

        Assert.Equal(all.Except(later), tested.Distinct().Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Ids(char letter, int count) => Enumerable.Range(1, count).Select(n => $"{letter}{n:00}");

    private static bool Exists(string name) => name.Split('.') is [var type, var method]
        && Sources.Any(test => test.Class == type && Regex.IsMatch(test.Source, $@"public (async Task|Task|void) {Regex.Escape(method)}\("));

    // A summary as a cell: on one line, <c>code</c> as code, without markup.
    private static string Words(string text) =>
        Markup().Replace(Code().Replace(Line().Replace(text, " "), "`$1`"), "$1").Trim();

    [GeneratedRegex(@"^\| (?<id>I\d+) \| [^|]+ \| (?<tests>[^|]+) \| [^|]*\|$", RegexOptions.CultureInvariant)]
    private static partial Regex Invariant();

    [GeneratedRegex(@"`(?<name>\w+Tests\.\w+)`", RegexOptions.CultureInvariant)]
    private static partial Regex NamedTest();

    [GeneratedRegex(@"/// <summary>(?<text>.*?)</summary>\s*public sealed (partial )?class", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex ClassSummary();

    [GeneratedRegex(@"/// <summary>(?<text>[^\n]*)</summary>\n(?:    \[[^\n]*\]\n)+    public (?:async Task|void) (?<name>(?<letter>[ABC])(?<number>\d\d)_\w+)\(", RegexOptions.CultureInvariant)]
    private static partial Regex Defect();

    [GeneratedRegex(@"\s*\n\s*/// ?", RegexOptions.CultureInvariant)]
    private static partial Regex Line();

    [GeneratedRegex("<c>([^<]*)</c>", RegexOptions.CultureInvariant)]
    private static partial Regex Code();

    [GeneratedRegex("<see cref=\"[^\"]*?(\\w+)\"/>", RegexOptions.CultureInvariant)]
    private static partial Regex Markup();
}
