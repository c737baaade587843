using System.Text.RegularExpressions;
using Village.Tests.Testing;

namespace Village.Tests.Docs;

/// <summary>docs/tasks-acceptance.md names a test, or a reason, for every case; and each test is there.</summary>
public sealed partial class BeadsAcceptanceTests
{
    private const string Document = "docs/tasks-acceptance.md";

    // The cases of the embedded store, and those of the adapter.
    private static readonly string[] Store = "1 2 3 4 5 6 7 8 9 11 12 13 14 15 16 17 20 21 22 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 49 50 51 52 54 55 56 57 60 61 62 63 64 65 66 67 68 69 70 71 72 73 74 75 76 77 78 80 81 82 83 84 85 86 87 88 89 90 91 92 93 94 95 96 97 98 104 105".Split(' ');
    private static readonly string[] Adapter = "1 2 3 4 5 6 7 8 10 15 16 18 19 21 23 24 25 26 27 28 29 30 31 32 33 34 35 36 39 40 46 48 49 50 51 52b 53 54 55 57 58 59 60 61 62 63 64 65 66 67 68 69 70 71 72 73 74 75 76 77 78 79 80 81 98 99 100 101 102 103 105 106 107 108 109 110 111".Split(' ');

    [Fact]
    public void Every_case_is_there_once()
    {
        Assert.Equal(Store, Rows("The embedded store").Select(row => row.Number));
        Assert.Equal(Adapter, Rows("The adapter").Select(row => row.Number));
    }

    [Fact]
    public void Every_case_of_the_store_names_a_test_or_says_why_there_is_none() => Assert.All(Rows("The embedded store"), row =>
        Assert.True(Named().IsMatch(row.Proof) || row.Proof.StartsWith("none", StringComparison.Ordinal), $"{Document}: case {row.Number} proves nothing: {row.Proof}"));

    [Fact]
    public void Every_test_that_is_named_exists()
    {
        var files = Directory.EnumerateFiles(Path.Combine(SourceRoot.Path, "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .ToLookup(path => Path.GetFileNameWithoutExtension(path), File.ReadAllText);

        Assert.All(Rows("The embedded store").Concat(Rows("The adapter")).SelectMany(row => Named().Matches(row.Proof)), name =>
            Assert.True(
                files[name.Groups[1].Value].Any(text => Regex.IsMatch(text, $@"public (async Task|void) {name.Groups[2].Value}\(")),
                $"{Document}: there is no test {name.Value}"));
    }

    private static IReadOnlyList<(string Number, string Proof)> Rows(string heading) =>
    [
        .. from line in File.ReadLines(Path.Combine(SourceRoot.Path, Document)).SkipWhile(line => line != $"## {heading}").Skip(1)
               .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
           let cells = line.Split('|')
           where cells.Length is 5 && cells[1].Trim() is [>= '0' and <= '9', ..]
           select (cells[1].Trim(), cells[3].Trim()),
    ];

    [GeneratedRegex("`([A-Za-z]+Tests)[.]([A-Za-z0-9_]+)`", RegexOptions.CultureInvariant)]
    private static partial Regex Named();
}
