using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Village.Agents;
using Village.Configuration;
using Village.Events;
using Village.Leases;
using Village.Tasks;

namespace Village.Tests.Docs;

/// <summary>Every example in <c>docs/formats.md</c> is read by the program's own readers, and looks like what it writes.</summary>
public sealed partial class FormatsTests(JsonScenario scenario) : IClassFixture<JsonScenario>
{
    private const string Document = "docs/formats.md";

    [Fact]
    public void Every_fenced_block_says_what_it_is_an_example_of()
    {
        string[] known = ["text files", "ini lock", "ini config", "json event", "json task", "json document", "markdown contract", "json envelope", "sh"];
        Assert.All(Markdown.Fences(Document), fence => Assert.True(known.Contains(fence.Kind), $"{fence.Place}: '{fence.Kind}' is read by no test"));
        Assert.All(known.SkipLast(1), kind => Assert.Contains(Markdown.Fences(Document), fence => fence.Kind == kind));
    }

    [Fact]
    public void Lock_files_are_leases_as_the_program_writes_them()
    {
        foreach (var fence in Of("ini lock"))
        {
            var lease = LeaseFile.TryParse(fence.Text, out var problem);

            Assert.True(problem is null, $"{fence.Place}: {problem}");
            Assert.Equal(fence.Text, LeaseFile.Format(lease!));
        }
    }

    [Fact]
    public void Events_are_lines_as_the_program_writes_them()
    {
        foreach (var fence in Of("json event"))
        {
            Assert.All(fence.Lines, line =>
            {
                var e = EventLine.TryParse(Encoding.UTF8.GetBytes(line));
                Assert.True(e is not null, $"{fence.Place}: {line}");
                Assert.Equal(line + "\n", Encoding.UTF8.GetString(EventLine.Format(e)));
            });
        }
    }

    [Fact]
    public void Tasks_are_lines_as_the_program_writes_them() =>
        Assert.All(Tasks(), pair => Assert.Equal(pair.Line + "\n", Encoding.UTF8.GetString(TaskLine.Format(pair.Task))));

    [Fact]
    public void Configuration_is_read_without_a_warning()
    {
        foreach (var fence in Of("ini config"))
        {
            var config = VillageConfig.Of([], IniFile.Parse(fence.Text, fence.Place, out var problems), new Dictionary<string, string>());

            Assert.Empty(problems);
            Assert.Empty(config.Warnings);
        }
    }

    [Fact]
    public void The_contract_is_the_one_of_the_lock_the_task_and_the_agent_on_the_same_page()
    {
        var lease = LeaseFile.TryParse(Of("ini lock")[0].Text, out _)!;
        var all = Tasks().Select(pair => pair.Task).ToList();
        var config = VillageConfig.Of([], IniFile.Parse(Of("ini config")[0].Text, "config", out _), new Dictionary<string, string>());

        var completed = Of("json event").SelectMany(fence => fence.Lines).Select(line => EventLine.TryParse(Encoding.UTF8.GetBytes(line))!)
            .Where(e => e.To is TaskState.Completed);
        var ledger = new Ledger();
        foreach (var e in completed)
        {
            ledger.Add(e);
        }

        var task = all.Single(known => known.Id == lease.Task);
        var contract = Contract.Markdown(new()
        {
            Task = lease.Task,
            Spec = task,
            Agent = config.Agent(lease.Agent),
            Attempt = lease.Attempt,
            Workspace = lease.Workspace!,
            Branch = lease.Branch!,
            Dependencies = [.. ContractDependency.Of(task, all, ledger).Select(told => told with
            {
                // Of one the log on this page has the end, with its branch; the other one's was merged and removed.
                IsCompleted = true,
                IsContained = true,
                Branch = told.IsCompleted ? $"village/{told.Id}" : null,
                Files = told.IsCompleted ? [$"{told.Id}.md"] : [],
            })],
        });

        Assert.Equal(Of("markdown contract")[0].Text, contract);
    }

    [Fact]
    public void The_envelope_is_a_line_as_the_program_writes_it() => Assert.All(Of("json envelope"), fence =>
    {
        var json = JsonDocument.Parse(fence.Text).RootElement;
        string Text(string name) => json.GetProperty(name).GetString()!;

        Assert.Equal(fence.Text, new ContractEnvelope
        {
            TaskId = Text("task_id"),
            TaskTitle = Text("task_title"),
            TaskDescription = Text("task_description"),
            Agent = Text("agent"),
            Content = Text("content"),
            Profile = Text("ppc_profile"),
            CreatedAt = EventLine.ParseTime(Text("created_at"))!.Value,
        }.ToLine());
    });

    [Fact]
    public void Every_command_has_an_example_of_its_JSON()
    {
        var shown = Examples().Select(example => example.Json.GetProperty("command").GetString()!).ToHashSet();

        Assert.All(DocumentedTree.Commands.Where(c => !c.IsGroup), c => Assert.True(
            shown.Contains(c.Path["village ".Length..]) || c.Path is "village mcp", $"{Document} shows no JSON of `{c.Path}`"));
    }

    [Fact]
    public void Examples_of_JSON_have_the_keys_of_what_the_program_prints() => Assert.All(Examples(), example =>
        Assert.True(scenario.Documents.Any(real => IsLike(example.Json, real)), $"{example.Place}: the program prints no such document"));

    [Fact]
    public void What_the_program_prints_has_the_keys_of_an_example() => Assert.All(scenario.Documents, real =>
        Assert.True(Examples().Any(example => IsLike(real, example.Json)), $"{Document} has no example like {real}"));

    [Fact]
    public void The_list_of_files_is_the_list_of_files()
    {
        var patterns = Of("text files").SelectMany(fence => fence.Lines).Select(line => line.Split(' ')[0]).ToList();
        var shapes = patterns.Select(pattern => new Regex($"^{Placeholder().Replace(Regex.Escape(pattern), "[^/]+")}$")).ToList();

        Assert.All(scenario.Files.Where(file => !file.Contains("no id", StringComparison.Ordinal)), file =>
            Assert.True(shapes.Any(shape => shape.IsMatch(file)), $"{Document} does not say what '{file}' is"));
        Assert.All(patterns.Zip(shapes), pair => Assert.True(scenario.Files.Any(pair.Second.IsMatch), $"there is no '{pair.First}'"));
    }

    private static IReadOnlyList<Fence> Of(string kind) => [.. Markdown.Fences(Document).Where(fence => fence.Kind == kind)];

    private static IReadOnlyList<(string Line, TaskSpec Task)> Tasks() =>
    [
        .. from fence in Of("json task")
           from line in fence.Lines
           let reading = TaskLine.Parse(Encoding.UTF8.GetBytes(line))
           select (line, reading.Task ?? throw new InvalidDataException($"{fence.Place}: {reading.Problem}")),
    ];

    private static IEnumerable<(string Place, JsonElement Json)> Examples() =>
        Of("json document").Select(fence => (fence.Place, JsonDocument.Parse(fence.Text).RootElement));

    // The same keys in the same order, and the same kinds of values; a null is like anything. An object in a list must be like
    // something in the other list; of an empty list of texts or numbers nothing can be said.
    private static bool IsLike(JsonElement one, JsonElement other) => (one.ValueKind, other.ValueKind) switch
    {
        (JsonValueKind.Null, _) or (_, JsonValueKind.Null) => true,
        (JsonValueKind.True or JsonValueKind.False, JsonValueKind.True or JsonValueKind.False) => true,
        (JsonValueKind.Object, JsonValueKind.Object) => IsSameCommand(one, other)
            && one.EnumerateObject().Select(p => p.Name).SequenceEqual(other.EnumerateObject().Select(p => p.Name))
            && one.EnumerateObject().Zip(other.EnumerateObject()).All(pair => pair.First.Name is "events"
                ? pair.First.Value.EnumerateArray().All(e => EventLine.TryParse(Encoding.UTF8.GetBytes(e.GetRawText())) is not null)
                : IsLike(pair.First.Value, pair.Second.Value)),
        (JsonValueKind.Array, JsonValueKind.Array) => one.EnumerateArray().All(a => other.EnumerateArray().Any(b => IsLike(a, b))
            || (other.GetArrayLength() is 0 && a.ValueKind is not JsonValueKind.Object)),
        var (a, b) => a == b,
    };

    // Any command may fail, and fails in the same form; the commands on one task answer in the same form.
    private static bool IsSameCommand(JsonElement one, JsonElement other) =>
        !one.TryGetProperty("version", out _) || !one.TryGetProperty("command", out var command) || one.TryGetProperty("error", out _)
        || command.GetString()!.Split(' ')[0] == other.GetProperty("command").GetString()!.Split(' ')[0];

    [GeneratedRegex("<[a-z]+>", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
