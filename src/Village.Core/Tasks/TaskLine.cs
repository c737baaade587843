using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Village.Tasks;

/// <summary>
/// The text form of a task, one line of Beads' interchange format:
/// <code>
/// {"id":"bd-a3f8","title":"Fix \u003clogin\u003e","status":"open","priority":1,"issue_type":"bug",
/// "created_at":"2026-11-22T11:04:49Z","updated_at":"2026-11-22T11:04:49Z","labels":["agent:build"],"dependencies":
/// [{"issue_id":"bd-a3f8","depends_on_id":"bd-b1c","type":"blocks","created_at":"2026-11-22T11:04:49Z"}]}
/// </code>
/// Newer Beads put <c>"_type":"issue"</c> first and three counts last. Both are read over and not written: the counts
/// would change a task's line whenever a neighbour changes, and without them one file suits every Beads there has been.
/// </summary>
public static class TaskLine
{
    // Metadata may be nested deeper than the 64 levels that are allowed by default.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1000 };

    /// <summary>The line of a task, with its newline. Equal tasks have equal lines.</summary>
    public static byte[] Format(TaskSpec task)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        Write(buffer, task);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes the line of a task, with its newline.</summary>
    public static void Write(IBufferWriter<byte> output, TaskSpec task) => new TaskLineWriter(output).Task(task);

    /// <summary>A text as JSON, quoted and escaped as in a line; for the values of <see cref="TaskSpec.Other"/>.</summary>
    public static string Quote(string text)
    {
        var buffer = new ArrayBufferWriter<byte>(text.Length + 16);
        new TaskLineWriter(buffer).Quoted(text);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads one line, with or without its newline, of any Beads; never throws.</summary>
    public static TaskLineReading Parse(ReadOnlySpan<byte> line) => Parse(line, new());

    /// <summary>The same, for one of many lines.</summary>
    internal static TaskLineReading Parse(ReadOnlySpan<byte> line, TaskLineScratch scratch)
    {
        line = (line.StartsWith("\uFEFF"u8) ? line[3..] : line).Trim(" \t\r\n"u8);
        if (line is [])
        {
            return new(TaskLineKind.Nothing, null, null);
        }

        if (line.StartsWith("<<<<<<<"u8) || line.StartsWith("|||||||"u8)
            || line.StartsWith("======="u8) || line.StartsWith(">>>>>>>"u8))
        {
            return Problem("is a merge conflict marker");
        }

        if (!Utf8.IsValid(line))
        {
            return Problem("is not UTF-8");
        }

        try
        {
            var json = new Utf8JsonReader(line, Options);
            json.Read();
            if (json.TokenType is not JsonTokenType.StartObject)
            {
                return Problem("is not a JSON object");
            }

            scratch.Labels.Clear();
            scratch.Dependencies.Clear();
            var draft = new TaskDraft(line, scratch);
            while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
            {
                draft.Take(ref json);
            }

            json.Read(); // Throws when something follows the object.
            return draft.ToReading();
        }
        catch (JsonException)
        {
            return Problem("is not a JSON object");
        }
        catch (InvalidOperationException)
        {
            return Problem("has an escape that is half a character");
        }
    }

    private static TaskLineReading Problem(string problem) => new(TaskLineKind.Problem, null, problem);
}
