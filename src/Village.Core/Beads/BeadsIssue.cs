using System.Buffers;
using System.Text.Json;
using Village.Tasks;

namespace Village.Beads;

/// <summary>A task as <c>bd</c> shows it.</summary>
/// <param name="Task">The task; its edges have a target and a type, and nothing else.</param>
/// <param name="OpenBlockers">The tasks that it waits for by <c>blocks</c> edges and that are not over, sorted.</param>
public sealed record BeadsIssue(TaskSpec Task, IReadOnlyList<string> OpenBlockers)
{
    /// <summary>
    /// The tasks in an answer of bd's: a list, one alone, or either in an envelope. Null when it is no such answer; what cannot be
    /// read as a task is left out.
    /// </summary>
    /// <remarks>
    /// <c>show</c> gives whole tasks where the interchange format has edges:
    /// <code>
    /// [{"id":"bd-a1","title":"A","status":"open","priority":2,"issue_type":"task","created_at":"…","updated_at":"…",
    ///   "dependencies":[{"id":"bd-b1","title":"B","status":"open",…,"dependency_type":"blocks"}],"dependents":[…]}]
    /// {"id":"bd-a1",…,"schema_version":1}     {"schema_version":1,"data":[…]}     {"schema_version":1,"items":[…]}
    /// </code>
    /// </remarks>
    public static IReadOnlyList<BeadsIssue>? ParseAll(string stdout)
    {
        try
        {
            using var json = JsonDocument.Parse(stdout, new() { MaxDepth = 1000 });
            var root = json.RootElement;
            if (root.ValueKind is JsonValueKind.Object && !root.TryGetProperty("id", out _))
            {
                root = root.TryGetProperty("data", out var data) ? data : root.TryGetProperty("items", out var items) ? items
                    : root.TryGetProperty("closed", out var closed) ? closed : root;
            }

            return root.ValueKind switch
            {
                JsonValueKind.Array => [.. root.EnumerateArray().Select(Of).OfType<BeadsIssue>()],
                JsonValueKind.Object when root.TryGetProperty("id", out _) => Of(root) is { } one ? [one] : [],
                _ => null,
            };
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static BeadsIssue? Of(JsonElement item)
    {
        if (item.ValueKind is not JsonValueKind.Object)
        {
            return null;
        }

        List<string> open = [];
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, new() { MaxDepth = 1000 }))
        {
            writer.WriteStartObject();
            foreach (var member in item.EnumerateObject())
            {
                switch (member.Name)
                {
                    case "dependents" or "parent" or "schema_version" or "epic_total_children" or "epic_closed_children" or "epic_closeable":
                        break;
                    case "dependencies" when member.Value.ValueKind is JsonValueKind.Array:
                        writer.WriteStartArray("dependencies");
                        foreach (var edge in member.Value.EnumerateArray())
                        {
                            Edge(writer, edge, open);
                        }

                        writer.WriteEndArray();
                        break;
                    default:
                        member.WriteTo(writer);
                        break;
                }
            }

            writer.WriteEndObject();
        }

        return TaskLine.Parse(buffer.WrittenSpan).Task is { } task ? new(task, [.. open.Order(StringComparer.Ordinal)]) : null;
    }

    private static void Edge(Utf8JsonWriter writer, JsonElement edge, List<string> open)
    {
        if (Text(edge, "dependency_type") is not { } type)
        {
            edge.WriteTo(writer);
            return;
        }

        var target = Text(edge, "id") ?? "";
        writer.WriteStartObject();
        writer.WriteString("depends_on_id", target);
        writer.WriteString("type", type);
        writer.WriteEndObject();
        if (type is DependencyType.Blocks or DependencyType.ConditionalBlocks && Text(edge, "status") is not (null or "closed" or "pinned" or "tombstone"))
        {
            open.Add(target);
        }
    }

    private static string? Text(JsonElement item, string name) =>
        item.ValueKind is JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
