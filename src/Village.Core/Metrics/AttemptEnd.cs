using System.Text;
using System.Text.Json;
using Village.Events;
using Village.Tasks;

namespace Village.Metrics;

/// <summary>The end of an attempt, as the log tells it; the few fields that are counted, read without making an event of the line.</summary>
/// <param name="Ts">When.</param>
/// <param name="Task">The task.</param>
/// <param name="IsCompleted">Whether it was completed; it failed otherwise.</param>
/// <param name="Generation">The lease generation, or 0.</param>
/// <param name="Agent">The agent, or null.</param>
/// <param name="Reason">Why it failed, or null.</param>
/// <param name="Seconds">How long it took, or null.</param>
public readonly record struct AttemptEnd(
    DateTimeOffset Ts, string Task, bool IsCompleted, long Generation, string? Agent, string? Reason, double? Seconds)
{
    /// <summary>Reads a line without its newline; null when it is not the end of an attempt. Never throws.</summary>
    /// <remarks><code>
    /// {"ts":"2026-11-22T14:24:04.538Z","cmd":"worker","task":"bd-76p","result":"error","from":"in_progress","to":"failed","generation":1,"agent":"breaks","reason":"agent_exit","seconds":0.118}
    /// </code></remarks>
    public static AttemptEnd? TryRead(ReadOnlySpan<byte> line)
    {
        if (line.IndexOf("completed"u8) < 0 && line.IndexOf("failed"u8) < 0 && line.IndexOf("\\u"u8) < 0 && line.IndexOf("ED\""u8) < 0)
        {
            return null;
        }

        try
        {
            return Read(line);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            return null;
        }
    }

    private static AttemptEnd? Read(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line);
        if (!json.Read() || json.TokenType is not JsonTokenType.StartObject)
        {
            return null;
        }

        DateTimeOffset? ts = null;
        TaskState? to = null;
        var (hasCommand, isUndo, generation, seconds) = (false, false, 0L, (double?)null);
        string? task = null, taskId = null, agent = null, reason = null;
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            var name = Name(ref json);
            json.Read();
            switch (name)
            {
                case 't': ts = json.TokenType is JsonTokenType.String ? Time(ref json) : null; break;
                case 'c': (hasCommand, isUndo) = (json.TokenType is JsonTokenType.String, json.TokenType is JsonTokenType.String && json.ValueTextEquals("undo"u8)); break;
                case 'k': task = Text(ref json); break;
                case 'i': taskId = Text(ref json); break;
                case 'o': to = State(ref json); break;
                case 'g': generation = json.TokenType is JsonTokenType.Number && json.TryGetInt64(out var whole) ? whole : 0; break;
                case 'a': agent = Text(ref json); break;
                case 'r': reason = Text(ref json); break;
                case 's': seconds = json.TokenType is JsonTokenType.Number && json.TryGetDouble(out var n) && n is >= 0 and < 1e9 ? n : null; break;
                default: break;
            }

            json.Skip();
        }

        var isWhole = json.TokenType is JsonTokenType.EndObject && json.BytesConsumed == line.TrimEnd(" \r\t"u8).Length;
        return isWhole && hasCommand && !isUndo && to is { } state && ts is { } time && TaskId.TryParse(task ?? taskId, out var id)
            ? new(time, id.Value, state is TaskState.Completed, generation, agent, reason, seconds)
            : null;
    }

    private static char Name(ref Utf8JsonReader json) =>
        json.ValueTextEquals("ts"u8) ? 't'
        : json.ValueTextEquals("to"u8) ? 'o'
        : json.ValueTextEquals("cmd"u8) ? 'c'
        : json.ValueTextEquals("task"u8) ? 'k'
        : json.ValueTextEquals("task_id"u8) ? 'i'
        : json.ValueTextEquals("generation"u8) ? 'g'
        : json.ValueTextEquals("agent"u8) ? 'a'
        : json.ValueTextEquals("reason"u8) ? 'r'
        : json.ValueTextEquals("seconds"u8) ? 's'
        : ' ';

    private static DateTimeOffset? Time(ref Utf8JsonReader json) =>
        json.ValueSpan.EndsWith("Z"u8) && json.TryGetDateTimeOffset(out var time) ? time : EventLine.ParseTime(json.GetString());

    private static TaskState? State(ref Utf8JsonReader json) => json.TokenType is not JsonTokenType.String ? null
        : Ascii.EqualsIgnoreCase(json.ValueSpan, "completed"u8) ? TaskState.Completed
        : Ascii.EqualsIgnoreCase(json.ValueSpan, "failed"u8) ? TaskState.Failed
        : json.ValueIsEscaped && TaskStates.Parse(json.GetString()) is (TaskState.Completed or TaskState.Failed) and var state ? state
        : null;

    private static string? Text(ref Utf8JsonReader json) => json.TokenType is JsonTokenType.String ? json.GetString() : null;
}
