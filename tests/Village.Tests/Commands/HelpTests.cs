using System.CommandLine;
using Village.Tests.Docs;
using Village.Tests.Testing;

namespace Village.Tests.Commands;

/// <summary>Help, typos and nonsense.</summary>
[Trait("scm", "none")]
public sealed class HelpTests
{
    public static TheoryData<string> EveryVisibleCommand => [.. Names(DocumentedTree.Root, "")];

    [Theory]
    [MemberData(nameof(EveryVisibleCommand))]
    public async Task The_help_of_every_command_shows_examples_that_parse_and_works_anywhere(string name)
    {
        await using var village = TestVillage.Create();

        var help = (await village.RunInAsync(village.Home, [.. name.Split(' '), "--help"])).Succeed();

        Assert.Equal("", help.Error);
        Assert.Contains("\nExamples:\n  village ", help.Out, StringComparison.Ordinal);
        var examples = help.Out[(help.Out.IndexOf("\nExamples:\n", StringComparison.Ordinal) + 11)..].Split('\n').TakeWhile(line => line.StartsWith("  ", StringComparison.Ordinal));
        Assert.All(examples, line => Assert.StartsWith($"  village {name}", line, StringComparison.Ordinal));
        Directory.CreateDirectory(Path.Combine(village.Home, ".beads"));
        File.WriteAllText(
            Path.Combine(village.Home, ".beads", "issues.jsonl"),
            """{"id":"bd-1a2","title":"One","status":"open","priority":2,"issue_type":"task","created_at":"2026-01-22T10:41:12Z","updated_at":"2026-01-22T10:41:12Z"}""" + "\n");
        File.WriteAllText(Path.Combine(village.Home, "plan.jsonl"), """{"title":"One"}""" + "\n");
        foreach (var words in examples.Select(line => Village.Configuration.CommandWords.Split(line.Split(" | ")[0].Split(" && ")[0].Split(" < ")[0].Split(" > ")[0])!.Skip(1)))
        {
            // Outside a repository whatever parses ends with 2; nonsense would end with 5.
            var tried = await village.RunInAsync(village.Home, [.. words], "- text\n");
            Assert.True(tried.Exit is 2 or 0 || name is "signal", $"village {string.Join(' ', words)}\n{tried.Transcript}");
        }
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("")]
    public async Task The_overview_lists_every_command_and_no_hidden_one(string word)
    {
        await using var village = TestVillage.Create();

        var help = (await village.RunInAsync(village.Home, word is "" ? [] : [word])).Succeed().Out;

        Assert.All(EveryVisibleCommand, row => Assert.Contains($"\n  {row.Data.Split(' ')[0]} ", help, StringComparison.Ordinal));
        Assert.DoesNotContain("worker <", help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("statsu", "unknown command or option 'statsu'", "did you mean 'status'? or: village --help")]
    [InlineData("qeue 3", "unknown command or option 'qeue'", "did you mean 'queue'? or: village --help")]
    [InlineData("task lst", "unknown command or option 'lst'", "did you mean 'list'? or: village task --help")]
    [InlineData("task dep ad a b", "unknown command or option 'ad'", "did you mean 'add'? or: village task dep --help")]
    [InlineData("queue --drian", "unknown command or option '--drian'", "did you mean '--drain'? or: village queue --help")]
    [InlineData("status --jsn", "unknown command or option '--jsn'", "did you mean '--json'? or: village status --help")]
    [InlineData("status --verbos", "unknown command or option '--verbos'", "did you mean '--verbose'? or: village status --help")]
    [InlineData("frobnicate", "unknown command or option 'frobnicate'", "village --help")]
    [InlineData("task", "Required command was not provided", "village task --help")]
    [InlineData("logs", "Required argument missing for command: 'logs'", "village logs --help")]
    [InlineData("status @file", "unknown command or option '@file'", "village status --help")]
    public async Task A_typo_names_what_was_probably_meant(string line, string message, string hint)
    {
        await using var village = TestVillage.Create();
        var words = line.Split(' ');

        var refused = await village.RunInAsync(village.Home, words);

        Assert.Equal($"error: {message}\nhint: {hint}\n[exit 5]", refused.Transcript);
        Assert.Empty(await village.RefuseAsync(village.Home, 5, "user_input", [words]));
    }

    [Theory]
    [InlineData("queue 0")]
    [InlineData("queue -n x")]
    [InlineData("queue 99999999999999999999")]
    [InlineData("queue --agent ../x 1")]
    [InlineData("queue --max-workers many 1")]
    [InlineData("resume bd-1 --agent a/b")]
    [InlineData("events --limit 0")]
    [InlineData("logs bd-1 --attempt -1")]
    [InlineData("signal dancing")]
    [InlineData("signal done")]
    public async Task A_value_that_makes_no_sense_is_a_usage_error(string line)
    {
        await using var village = await TestVillage.UpAsync();

        Assert.Empty(await village.RefuseAsync(village.Root, 5, "user_input", [line.Split(' ')]));
    }

    [Fact]
    public async Task The_version_is_one_line()
    {
        await using var village = TestVillage.Create();

        Assert.Matches(@"\Avillage \d+\.\d+\.\d+(\+\S+)?\n\z", (await village.RunInAsync(village.Home, ["--version"])).Succeed().Out);
    }

    private static IEnumerable<string> Names(Command command, string name) => command.Subcommands.Where(c => !c.Hidden)
        .SelectMany(c => Names(c, $"{name} {c.Name}".Trim()).Prepend($"{name} {c.Name}".Trim()));
}
