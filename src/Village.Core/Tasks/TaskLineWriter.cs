using System.Buffers;
using System.Globalization;
using System.Text;

namespace Village.Tasks;

/// <summary>
/// Writes JSON byte for byte as Go does, and so Beads. A <c>Utf8JsonWriter</c> cannot be told to: its encoders escape
/// either more than Go or less, and in capitals. Empty values are left out, as everywhere in the format.
/// </summary>
internal readonly struct TaskLineWriter(IBufferWriter<byte> output)
{
    // Controls, quote and backslash, and what HTML or a script could stumble over.
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(code => (char)code), '"', '\\', '<', '>', '&', '\u2028', '\u2029']);

    /// <summary>Writes one task and a newline.</summary>
    public void Task(TaskSpec task)
    {
        var other = 0;
        Raw("{\"id\":"u8);
        Quoted(task.Id.Value);
        Raw(",\"title\":"u8);
        Quoted(task.Title);
        foreach (var name in TaskFields.Names)
        {
            switch (name)
            {
                case "description": Text(name, task.Description); break;
                case "design": Text(name, task.Design); break;
                case "acceptance_criteria": Text(name, task.Acceptance); break;
                case "notes": Text(name, task.Notes); break;
                case "status": Text(name, task.Status); break;
                case "priority": Member(name, task.Priority.ToString(CultureInfo.InvariantCulture)); break;
                case "issue_type": Text(name, task.Type); break;
                case "assignee": Text(name, task.Assignee); break;
                case "created_at": Text(name, task.CreatedAt); break;
                case "created_by": Text(name, task.CreatedBy); break;
                case "updated_at": Text(name, task.UpdatedAt); break;
                case "closed_at": Text(name, task.ClosedAt); break;
                case "close_reason": Text(name, task.CloseReason); break;
                case "due_at": Text(name, task.DueAt); break;
                case "defer_until": Text(name, task.DeferUntil); break;
                case "labels": Labels(task.Labels); break;
                case "dependencies": Dependencies(task); break;
                default: Others(task.Other, ref other, name); break;
            }
        }

        Others(task.Other, ref other, name: null);
        Raw("}\n"u8);
    }

    /// <summary>Writes one string with its quotes.</summary>
    public void Quoted(ReadOnlySpan<char> text)
    {
        Raw("\""u8);
        while (text.IndexOfAny(Escaped) is var at and not -1)
        {
            Encoding.UTF8.GetBytes(text[..at], output);
            Escape(text[at]);
            text = text[(at + 1)..];
        }

        Encoding.UTF8.GetBytes(text, output);
        Raw("\""u8);
    }

    private void Escape(char c)
    {
        switch (c)
        {
            case '"': Raw("\\\""u8); break;
            case '\\': Raw("\\\\"u8); break;
            case '\b': Raw("\\b"u8); break;
            case '\f': Raw("\\f"u8); break;
            case '\n': Raw("\\n"u8); break;
            case '\r': Raw("\\r"u8); break;
            case '\t': Raw("\\t"u8); break;
            default: Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"), output); break;
        }
    }

    // The fields of that name, or all that are left.
    private void Others(IReadOnlyList<KeyValuePair<string, string>> fields, ref int next, string? name)
    {
        for (; next < fields.Count && (name is null || fields[next].Key == name); next++)
        {
            Member(fields[next].Key, fields[next].Value);
        }
    }

    private void Labels(IReadOnlyList<string> labels)
    {
        if (labels is [])
        {
            return;
        }

        Raw(",\"labels\":"u8);
        for (var i = 0; i < labels.Count; i++)
        {
            Raw(i is 0 ? "["u8 : ","u8);
            Quoted(labels[i]);
        }

        Raw("]"u8);
    }

    private void Dependencies(TaskSpec task)
    {
        if (task.Dependencies is [])
        {
            return;
        }

        Raw(",\"dependencies\":"u8);
        for (var i = 0; i < task.Dependencies.Count; i++)
        {
            var edge = task.Dependencies[i];
            Raw(i is 0 ? "[{\"issue_id\":"u8 : ",{\"issue_id\":"u8);
            Quoted(task.Id.Value);
            Text("depends_on_id", edge.DependsOn);
            Text("type", edge.Type);
            Text("created_at", edge.CreatedAt);
            Text("created_by", edge.CreatedBy);
            Text("metadata", edge.Metadata);
            foreach (var (key, json) in edge.Other)
            {
                Member(key, json);
            }

            Raw("}"u8);
        }

        Raw("]"u8);
    }

    private void Text(string name, string value)
    {
        if (value is not "")
        {
            Name(name);
            Quoted(value);
        }
    }

    private void Member(string name, string json)
    {
        Name(name);
        Encoding.UTF8.GetBytes(json, output);
    }

    private void Name(string name)
    {
        Raw(","u8);
        Quoted(name);
        Raw(":"u8);
    }

    private void Raw(ReadOnlySpan<byte> bytes) => output.Write(bytes);
}
