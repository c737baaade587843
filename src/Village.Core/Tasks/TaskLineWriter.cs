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
        Text(",\"description\":"u8, task.Description);
        Text(",\"design\":"u8, task.Design);
        Text(",\"acceptance_criteria\":"u8, task.Acceptance);
        Text(",\"notes\":"u8, task.Notes);
        Others(task.Other, ref other, before: "status");
        Text(",\"status\":"u8, task.Status);
        Raw(",\"priority\":"u8);
        Plain(task.Priority.ToString(CultureInfo.InvariantCulture));
        Text(",\"issue_type\":"u8, task.Type);
        Text(",\"assignee\":"u8, task.Assignee);
        Others(task.Other, ref other, before: "created_at");
        Text(",\"created_at\":"u8, task.CreatedAt);
        Text(",\"created_by\":"u8, task.CreatedBy);
        Text(",\"updated_at\":"u8, task.UpdatedAt);
        Others(task.Other, ref other, before: "closed_at");
        Text(",\"closed_at\":"u8, task.ClosedAt);
        Text(",\"close_reason\":"u8, task.CloseReason);
        Others(task.Other, ref other, before: "due_at");
        Text(",\"due_at\":"u8, task.DueAt);
        Text(",\"defer_until\":"u8, task.DeferUntil);
        Others(task.Other, ref other, before: "labels");
        Labels(task.Labels);
        Dependencies(task);
        Others(task.Other, ref other, before: null);
        Raw("}\n"u8);
    }

    /// <summary>Writes one string with its quotes.</summary>
    public void Quoted(ReadOnlySpan<char> text)
    {
        Raw("\""u8);
        while (text.IndexOfAny(Escaped) is var at and not -1)
        {
            Plain(text[..at]);
            Escape(text[at]);
            text = text[(at + 1)..];
        }

        Plain(text);
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
            default: Plain(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}")); break;
        }
    }

    // The fields that come before one of ours, or all that are left.
    private void Others(IReadOnlyList<KeyValuePair<string, string>> fields, ref int next, string? before)
    {
        for (; next < fields.Count && (before is null || TaskFields.Rank(fields[next].Key) < TaskFields.Rank(before)); next++)
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
            Text(",\"depends_on_id\":"u8, edge.DependsOn);
            Text(",\"type\":"u8, edge.Type);
            Text(",\"created_at\":"u8, edge.CreatedAt);
            Text(",\"created_by\":"u8, edge.CreatedBy);
            Text(",\"metadata\":"u8, edge.Metadata);
            foreach (var (key, json) in edge.Other)
            {
                Member(key, json);
            }

            Raw("}"u8);
        }

        Raw("]"u8);
    }

    private void Text(ReadOnlySpan<byte> name, string value)
    {
        if (value is not "")
        {
            Raw(name);
            Quoted(value);
        }
    }

    private void Member(string name, string json)
    {
        Raw(","u8);
        Quoted(name);
        Raw(":"u8);
        Plain(json);
    }

    private void Plain(ReadOnlySpan<char> text) =>
        output.Advance(Encoding.UTF8.GetBytes(text, output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));

    private void Raw(ReadOnlySpan<byte> bytes) => output.Write(bytes);
}
