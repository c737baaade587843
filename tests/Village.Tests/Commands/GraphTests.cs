using System.Xml.Linq;
using Village.Tests.Testing;

namespace Village.Tests.Commands;

[Trait("scm", "none")]
public sealed class GraphTests
{
    private const string Hostile = "say \"hi\" ] \\ <script>alert(1)</script> &lt; -> %%{init: {}}%%";

    [Fact]
    public async Task Without_tasks_it_says_so()
    {
        await using var village = await TestVillage.UpAsync();

        (await village.RunAsync("graph")).Transcript.ShouldBe("""
            No open tasks; `village graph --all` shows closed ones too
            """);
    }

    [Fact]
    public async Task It_shows_what_comes_first_and_how_each_task_stands()
    {
        await using var village = await WorkAsync();

        (await village.RunAsync("graph")).Succeed().Out.ShouldBe("""
            bd-tell  waiting  Tell the users
            ├── bd-fails  failed  Fails
            └── bd-make  ready  say "hi" ] \ <script>alert(1)</script> &lt; -> %%{init: {}}%%
            bd-epic  epic  All of it
            └── bd-make  ready  (see above)

            """);
        (await village.RunAsync("graph", "make", "--all")).Succeed().Out.ShouldBe("""
            bd-make  ready  say "hi" ] \ <script>alert(1)</script> &lt; -> %%{init: {}}%%
            └── bd-first  closed  First

            """);
    }

    [Fact]
    public async Task Its_json_has_every_task_and_every_edge()
    {
        await using var village = await WorkAsync();

        var json = (await village.RunAsync("graph", "--json")).Succeed().Json();

        var nodes = json.GetProperty("nodes").EnumerateArray().ToDictionary(node => node.GetProperty("id").GetString()!);
        Assert.Equal(["bd-epic", "bd-fails", "bd-make", "bd-tell"], nodes.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("waiting", "queued", false, "build"), (Text(nodes["bd-tell"], "standing"), Text(nodes["bd-tell"], "state"), nodes["bd-tell"].GetProperty("ready").GetBoolean(), Text(nodes["bd-tell"], "agent")));
        Assert.Equal(["bd-fails", "bd-make"], nodes["bd-tell"].GetProperty("blocked_by").EnumerateArray().Select(id => id.GetString()));
        Assert.Equal(("failed", "failed", "breaks"), (Text(nodes["bd-fails"], "standing"), Text(nodes["bd-fails"], "state"), Text(nodes["bd-fails"], "agent")));
        Assert.Equal(
            ["bd-make bd-epic parent-child", "bd-tell bd-fails blocks", "bd-tell bd-make blocks"],
            json.GetProperty("edges").EnumerateArray().Select(edge => $"{Text(edge, "from")} {Text(edge, "to")} {Text(edge, "type")}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Graphviz_draws_it_with_every_title_as_it_was_written()
    {
        await using var village = await WorkAsync();
        var file = Path.Combine(village.Home, "graph.dot");
        File.WriteAllText(file, (await village.RunAsync("graph", "--dot", "--all")).Succeed().Out);

        var svg = XDocument.Parse(village.Tool("dot", "-Tsvg", file));

        var space = svg.Root!.Name.Namespace;
        IReadOnlyList<XElement> Of(string kind) => [.. svg.Descendants(space + "g").Where(g => (string?)g.Attribute("class") == kind)];
        Assert.Equal(5, Of("node").Count);
        Assert.Equal(4, Of("edge").Count);
        var make = Assert.Single(Of("node"), node => node.Element(space + "title")!.Value is "bd-make");
        Assert.Equal(["bd-make · ready", "say \"hi\" ] \\ <script>alert(1)</script> &lt; -> %%{init: {}}…"], make.Elements(space + "text").Select(text => text.Value.Replace('\u00a0', ' ')));
        Assert.Empty(svg.Descendants(space + "script"));
    }

    [Fact]
    public async Task Mermaid_gets_titles_as_text_and_nothing_else()
    {
        await using var village = await WorkAsync();

        (await village.RunAsync("graph", "tell", "--mermaid")).Succeed().Out.ShouldBe("""
            flowchart LR
              n0["bd-tell · waiting<br/>Tell the users"]
              n1["bd-fails · failed<br/>Fails"]
              n2["bd-make · ready<br/>say #34;hi#34; #93; #92; #60;script#62;alert#40;1#41;#60;#47;script#62; #38;lt#59; -#62; #37;#37;#123;init#58; #123;#125;#125;#8230;"]
              n1 --> n0
              n2 --> n0
              classDef s0 fill:#ffffff,stroke:#808080,color:#000000
              class n0 s0
              classDef s1 fill:#ffc9c9,stroke:#808080,color:#000000
              class n1 s1
              classDef s2 fill:#d7f5dc,stroke:#808080,color:#000000
              class n2 s2

            """);
    }

    [Fact]
    public async Task On_a_terminal_lines_fit_and_states_have_colours()
    {
        await using var village = await WorkAsync();

        var screen = village.Tool("script", "-qec", $"stty cols 40; '{TestVillage.Binary}' graph", "/dev/null").Replace("\r", "", StringComparison.Ordinal);

        Assert.Contains("\n└── bd-make  \u001b[32mready\u001b[0m  say \"hi\" ] \\ <scrip…\n", screen, StringComparison.Ordinal);
        Assert.Contains("├── bd-fails  \u001b[91mfailed\u001b[0m  Fails\n", screen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, "the graph is printed in one form at a time", "--dot", "--mermaid")]
    [InlineData(1, "there is no task 'bd-none'", "bd-none")]
    public async Task It_refuses_what_cannot_be_shown(int exit, string message, params string[] words)
    {
        await using var village = await TestVillage.UpAsync();

        Assert.Contains(message, (await village.RunAsync(["graph", .. words])).ExitsWith(exit).Error, StringComparison.Ordinal);
    }

    // A chain and a crowd: neither depth nor breadth is a danger, and no title is missing.
    [Fact]
    public async Task Ten_thousand_tasks_are_shown_in_every_form()
    {
        await using var village = await TestVillage.UpAsync();
        static string Line(int i, string edges) =>
            $$"""{"id":"bd-{{i:00000}}","title":"T{{i}}","status":"open","priority":2,"issue_type":"task","created_at":"2026-01-22T10:41:12Z","updated_at":"2026-01-22T10:41:12Z","dependencies":[{{edges}}]}""";
        static string Edge(int i, int to) => $$"""{"issue_id":"bd-{{i:00000}}","depends_on_id":"bd-{{to:00000}}","type":"blocks"}""";
        File.WriteAllLines(
            Path.Combine(village.State, "tasks.jsonl"),
            Enumerable.Range(0, 10_000).Select(i => Line(i, i is 0 ? "" : i < 5000 ? Edge(i, i - 1) : $"{Edge(i, 0)},{Edge(i, i - 5000)}")));

        var tree = (await village.RunAsync("graph")).Succeed().Out;
        Assert.Equal(10_000, tree.Split('\n').Where(line => line.Length > 0 && !line.EndsWith("(see above)", StringComparison.Ordinal)).Count());
        Assert.Equal(14_998, (await village.RunAsync("graph", "--json")).Succeed().Json().GetProperty("edges").GetArrayLength());
        Assert.Equal(14_998, (await village.RunAsync("graph", "--mermaid")).Succeed().Out.Split(" --> ").Length - 1);
        Assert.Equal(14_998, (await village.RunAsync("graph", "--dot")).Succeed().Out.Split(" -> ").Length - 1);
    }

    private static async Task<TestVillage> WorkAsync()
    {
        var village = await TestVillage.UpAsync("echo work > work.txt");
        village.AddAgent("breaks", "exit 3");
        await village.AddAsync("First", "--id", "bd-first");
        await village.AddAsync("Fails", "--id", "bd-fails", "--label", "agent:breaks");
        (await village.RunAsync("queue", "--drain")).ExitsWith(4);
        await village.AddAsync("All of it", "--id", "bd-epic", "--type", "epic");
        await village.AddAsync(Hostile, "--id", "bd-make", "--parent", "bd-epic", "--depends-on", "bd-first");
        await village.AddAsync("Tell the users", "--id", "bd-tell", "--depends-on", "bd-make", "bd-fails", "--priority", "1");
        return village;
    }

    private static string? Text(System.Text.Json.JsonElement e, string name) => e.GetProperty(name).GetString();
}
