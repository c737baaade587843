using System.Text;
using System.Text.Json;
using Village.Agents;
using Village.Events;
using Village.Tasks;

namespace Village.Metrics;

/// <summary>
/// The end of an attempt, or its interruption, as the log tells it; the few fields that are counted, read without making an event of
/// the line.
/// </summary>
/// <param name="Ts">When.</param>
/// <param name="Task">The task.</param>
/// <param name="To">Its state then; only completed and failed end an attempt.</param>
/// <param name="Generation">The lease generation, or 0.</param>
/// <param name="Agent">The agent, or null.</param>
/// <param name="Reason">Why it failed, or null.</param>
/// <param name="Seconds">How long it took, or null.</param>
/// <param name="Usage">What the agent has used, or null when it did not tell.</param>
public readonly record struct AttemptEnd(
    DateTimeOffset Ts, string Task, TaskState To, long Generation, string? Agent, string? Reason, double? Seconds, AgentUsage? Usage)
{
    // Above it a double does not hold every whole number.
    private const long MostExact = (1L << 53) - 1;

    /// <summary>Whether the task was completed.</summary>
    public bool IsCompleted => To is TaskState.Completed;

    /// <summary>Whether the attempt is over; else it was interrupted, and only what it used counts.</summary>
    public bool IsEnd => To is TaskState.Completed or TaskState.Failed;

    /// <summary>Reads a line without its newline; null when it is neither. Never throws.</summary>
    /// <remarks><code>
    /// {"ts":"2026-11-22T14:24:04.538Z","cmd":"worker","task":"bd-76p","result":"error","from":"in_progress","to":"failed","generation":1,"agent":"breaks","reason":"agent_exit","seconds":0.118,"input_tokens":1200,"output_tokens":80,"cache_read_tokens":0,"cache_write_tokens":0,"cost_usd":0.0125}
    /// </code></remarks>
    public static AttemptEnd? TryRead(ReadOnlySpan<byte> line)
    {
        // Few lines are, and a name or a word may be written with escapes.
        if (line.IndexOf("\"to\""u8) < 0 && line.IndexOf("\\u"u8) < 0)
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
        var (hasCommand, isUndo, generation, seconds, usage) = (false, false, 0L, (double?)null, (AgentUsage?)null);
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
                case 'g': generation = Whole(ref json) ?? 0; break;
                case 'a': agent = Text(ref json); break;
                case 'r': reason = Text(ref json); break;
                case 's': seconds = json.TokenType is JsonTokenType.Number && json.TryGetDouble(out var n) && n is >= 0 and < 1e9 ? n : null; break;
                case 'I' when Whole(ref json) is { } tokens: usage = (usage ?? AgentUsage.None) with { Input = tokens }; break;
                case 'O' when Whole(ref json) is { } tokens: usage = (usage ?? AgentUsage.None) with { Output = tokens }; break;
                case 'R' when Whole(ref json) is { } tokens: usage = (usage ?? AgentUsage.None) with { CacheRead = tokens }; break;
                case 'W' when Whole(ref json) is { } tokens: usage = (usage ?? AgentUsage.None) with { CacheWrite = tokens }; break;
                case 'U' when json.TokenType is JsonTokenType.Number && json.TryGetDecimal(out var usd) && usd is >= 0 and < 1_000_000_000: usage = (usage ?? AgentUsage.None) with { Usd = usd }; break;
                default: break;
            }

            json.Skip();
        }

        var isWhole = json.TokenType is JsonTokenType.EndObject && json.BytesConsumed == line.TrimEnd(" \r\t"u8).Length;
        return isWhole && hasCommand && !isUndo && to is { } state && (usage is not null || state is TaskState.Completed or TaskState.Failed)
            && ts is { } time && TaskId.TryParse(task ?? taskId, out var id)
            ? new(time, id.Value, state, generation, agent, reason, seconds, usage)
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
        : json.ValueTextEquals("input_tokens"u8) ? 'I'
        : json.ValueTextEquals("output_tokens"u8) ? 'O'
        : json.ValueTextEquals("cache_read_tokens"u8) ? 'R'
        : json.ValueTextEquals("cache_write_tokens"u8) ? 'W'
        : json.ValueTextEquals("cost_usd"u8) ? 'U'
        : ' ';

    private static DateTimeOffset? Time(ref Utf8JsonReader json) =>
        json.ValueSpan.EndsWith("Z"u8) && json.TryGetDateTimeOffset(out var time) ? time : EventLine.ParseTime(json.GetString());

    private static TaskState? State(ref Utf8JsonReader json) => json.TokenType is not JsonTokenType.String ? null
        : Ascii.EqualsIgnoreCase(json.ValueSpan, "completed"u8) ? TaskState.Completed
        : Ascii.EqualsIgnoreCase(json.ValueSpan, "failed"u8) ? TaskState.Failed
        : TaskStates.Parse(json.GetString());

    private static long? Whole(ref Utf8JsonReader json) => json.TokenType is JsonTokenType.Number && json.TryGetInt64(out var n) && n is >= 0 and <= MostExact ? n : null;

    private static string? Text(ref Utf8JsonReader json) => json.TokenType is JsonTokenType.String ? json.GetString() : null;
}
