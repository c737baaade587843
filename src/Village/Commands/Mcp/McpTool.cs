using System.Text;
using System.Text.Json;

namespace Village.Commands.Mcp;

/// <summary>An argument of a tool: a text, or several.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is, for the model.</param>
/// <param name="IsRequired">Whether the tool cannot do without.</param>
/// <param name="IsMany">Whether it is a list of texts.</param>
/// <param name="Values">What it may be, where that is a few words.</param>
internal sealed record McpArgument(string Name, string Description, bool IsRequired = false, bool IsMany = false, IReadOnlyList<string>? Values = null);

/// <summary>A tool that an agent may call: a command of Village's, run with <c>--json</c>.</summary>
/// <param name="Name">Its name for agents.</param>
/// <param name="Description">What it does, for the model.</param>
/// <param name="ReadOnly">Whether it changes nothing.</param>
/// <param name="Arguments">What it takes.</param>
/// <param name="Words">The command line, by the arguments.</param>
internal sealed record McpTool(string Name, string Description, bool ReadOnly, IReadOnlyList<McpArgument> Arguments, Func<McpValues, IReadOnlyList<string>> Words)
{
    private static readonly McpArgument Task = new("task", "The id of a task, for example bd-a3f8; your own is in VILLAGE_TASK", IsRequired: true);
    private static readonly McpArgument Tasks = new("tasks", "Only pairs with one of these tasks", IsMany: true);
    private static readonly McpArgument Text = new("text", "The text", IsRequired: true);
    private static readonly McpArgument State = new("state", "What you are", IsRequired: true, Values: ["working", "waiting", "blocked", "done"]);
    private static readonly McpArgument Message = new("message", "A sentence for the person who looks: what you wait for, or what you did");
    private static readonly McpArgument Title = new("title", "What is to do, in a few words", IsRequired: true);
    private static readonly McpArgument About = new("description", "What whoever does it must know");
    private static readonly McpArgument DependsOn = new("depends_on", "Ids of tasks that must be completed before", IsMany: true);

    /// <summary>All of them: what looks, and what cannot take work away from anybody.</summary>
    public static IReadOnlyList<McpTool> All { get; } =
    [
        new("tasks", "Lists the open tasks of this repository, with who works on them", true, [], _ => ["task", "list"]),
        new("task", "Shows a task: title, description, acceptance criteria, dependencies, comments", true, [Task], v => ["task", "show", v["task"]]),
        new("ready", "Shows which tasks may start now, and the next step", true, [], _ => ["ready"]),
        new("status", "Shows the workers: task, state, agent, what each is doing by its own word, and locks", true, [], _ => ["status"]),
        new("why", "Tells why a task stands as it stands, what holds it up, and what led there", true, [Task], v => ["why", v["task"]]),
        new("conflicts", "Shows which tasks change the same files, and whose work will not merge", true, [Tasks], v => ["conflicts", .. v.Many("tasks")]),
        new("changes", "Lists the files that a task has changed so far, committed or not", true, [Task], v => ["changes", v["task"]]),
        new("contract", "Shows what the agent of a task is told to do", true, [Task], v => ["contract", v["task"]]),
        new("usage", "Shows the tokens and the money that attempts have used, by task", true, [], _ => ["usage"]),
        new("signal", "Says what you are doing: working, waiting for a person, blocked, or done with your task", false, [State, Message],
            v => ["signal", v["state"], .. v.Option("--message", "message")]),
        new("comment", "Leaves a comment on a task, for people and for other agents", false, [Task, Text], v => ["task", "comment", v["task"], v["text"]]),
        new("add_task", "Adds a task that you have come upon and that is not yours to do now", false, [Title, About, DependsOn],
            v => ["task", "add", v["title"], .. v.Option("--description", "description"), .. v.Many("depends_on").SelectMany(id => (string[])["--depends-on", id])]),
    ];

    /// <summary>The JSON schema of its arguments.</summary>
    public JsonElement Schema()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", "object");
            json.WriteStartObject("properties");
            foreach (var argument in Arguments)
            {
                json.WriteStartObject(argument.Name);
                json.WriteString("type", argument.IsMany ? "array" : "string");
                json.WriteString("description", argument.Description);
                if (argument.IsMany)
                {
                    json.WriteStartObject("items");
                    json.WriteString("type", "string");
                    json.WriteEndObject();
                }

                Strings(json, "enum", argument.Values ?? []);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            Strings(json, "required", [.. Arguments.Where(argument => argument.IsRequired).Select(argument => argument.Name)]);
            json.WriteBoolean("additionalProperties", false);
            json.WriteEndObject();
        }

        using var document = JsonDocument.Parse(Encoding.UTF8.GetString(buffer.ToArray()));
        return document.RootElement.Clone();
    }

    private static void Strings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        if (values is not [])
        {
            json.WriteStartArray(name);
            foreach (var value in values)
            {
                json.WriteStringValue(value);
            }

            json.WriteEndArray();
        }
    }
}
