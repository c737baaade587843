using System.Globalization;
using System.Text;
using Village.Agents;
using Village.Tasks;
using Village.Tests.Testing;

namespace Village.Tests.Docs;

/// <summary><c>docs/agents.md</c> and the pages below it say of each kind of agent what its preset does.</summary>
public sealed class AgentPagesTests
{
    private const string Old = "ID";

    public static TheoryData<string> Kinds => [.. AgentPresets.All.Select(preset => preset.Name)];

    [Fact]
    public void Every_kind_of_agent_has_a_page_and_every_page_a_kind() => Assert.Equal(
        AgentPresets.All.Select(preset => $"{preset.Name}.md").Order(StringComparer.Ordinal),
        Directory.EnumerateFiles(Path.Combine(SourceRoot.Path, "docs", "agents")).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Fact]
    public void The_table_of_agents_is_the_list_of_presets()
    {
        var text = new StringBuilder("| Kind | Tried with | The contract, alone | On its screen | A conversation goes on by | `village send` |\n|---|---|---|---|---|---|\n");
        foreach (var preset in AgentPresets.All)
        {
            var (alone, screen) = (Call(preset, AgentMode.Run, goesOn: true), Call(preset, AgentMode.Tui, goesOn: false));
            var at = alone.Words.ToList().IndexOf(Old);
            text.Append(
                CultureInfo.InvariantCulture,
                $"| [`{preset.Name}`](agents/{preset.Name}.md) | {(preset.Tried is "" ? "–" : preset.Tried)} | {Prompt(alone)} | {Prompt(screen)} | {(at < 0 ? "–" : Markdown.Code($"{alone.Words[at - 1]} {Old}"))} | {(preset.CanBeToldMore ? "yes" : "no")} |\n");
        }

        text.ToString().ShouldBeBlock("docs/agents.md", "agents");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_page_has_the_command_lines_of_its_preset(string name)
    {
        var preset = AgentPresets.Find(name)!;
        var text = new StringBuilder("```sh\n");
        if (preset == AgentPresets.Command)
        {
            text.Append(CultureInfo.InvariantCulture, $"# command=my-agent\n{Line(Call(preset, AgentMode.Run, goesOn: false))}\n");
            text.Append(CultureInfo.InvariantCulture, $"# command=my-agent --file {{contract}}\n{Line(Call(preset, AgentMode.Run, goesOn: false, "my-agent", "--file", "{contract}"))}\n");
        }
        else
        {
            foreach (var (mode, goesOn) in new[] { (AgentMode.Run, false), (AgentMode.Run, true), (AgentMode.Tui, false), (AgentMode.Tui, true) })
            {
                text.Append(CultureInfo.InvariantCulture, $"# {(mode is AgentMode.Run ? "alone" : "on its screen")}{(goesOn ? ", going on" : "")}\n{Line(Call(preset, mode, goesOn))}\n");
            }
        }

        text.Append("```\n");
        var screen = Call(preset, AgentMode.Tui, goesOn: false);
        if (screen.Environment.Count + screen.Files.Count > 0)
        {
            var parts = new[] { (What: "the variables", Names: screen.Environment.Keys), (What: "the files", Names: screen.Files.Keys) }
                .Where(part => part.Names.Any()).Select(part => $"{part.What} {string.Join(", ", part.Names.Order(StringComparer.Ordinal).Select(Markdown.Code))}");
            text.Append(CultureInfo.InvariantCulture, $"\nOn its screen it gets {string.Join(" and ", parts)}.\n");
        }

        text.ToString().ShouldBeBlock($"docs/agents/{name}.md", "command lines");
    }

    private static AgentCall Call(AgentPreset preset, AgentMode mode, bool goesOn, params string[] command) => preset.Call(new()
    {
        Agent = new(preset.Name, preset) { Mode = mode, Command = preset == AgentPresets.Command && command is [] ? ["my-agent"] : command },
        Task = TaskId.Parse("bd-a3f8"),
        Workspace = "/repo/.worktrees/bd-a3f8",
        ContractPath = "/repo/.village/contracts/bd-a3f8/1.md",
        Contract = "CONTRACT",
        Directory = "/repo/.village/agents/bd-a3f8/1",
        Village = "/usr/local/bin/village",
        RepositoryDirectories = ["/repo/.git", "/repo/.git/worktrees/bd-a3f8"],
        Session = goesOn ? Old : null,
        NewSession = "UUID",
    });

    private static string Prompt(AgentCall call) => call.Input is null ? "an argument" : "standard input";

    private static string Line(AgentCall call) => string.Join(' ', call.Words.Select(Quoted)) + (call.Input is null ? "" : $" < {call.Input}");

    private static string Quoted(string word) => word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./=:,@".Contains(c, StringComparison.Ordinal)) ? word : $"'{word}'";
}
