using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Village.Tasks;

namespace Village.Events;

/// <summary>
/// The text form of an event:
/// <c>{"ts":"2026-01-22T10:41:12.123Z","cmd":"queue","task":"bd-a3f8","pane":"%12","result":"ok"}</c>.
/// </summary>
public static class EventLine
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The line for an event, with its closing newline; times in UTC with milliseconds.</summary>
    public static byte[] Format(VillageEvent e)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("ts", Time(e.Ts));
            json.WriteString("cmd", e.Cmd);
            Text(json, "task", e.Task);
            Text(json, "pane", e.Pane);
            Text(json, "result", e.Result);
            Text(json, "from", e.From?.Name());
            Text(json, "to", e.To?.Name());
            Number(json, "generation", e.Generation);
            Number(json, "attempt", e.Attempt);
            Text(json, "agent", e.Agent);
            Text(json, "reason", e.Reason);
            Text(json, "message", e.Message);
            Text(json, "error", e.Error);
            Text(json, "stack", e.Stack);
            Text(json, "commit", e.Commit);
            Text(json, "base", e.Base);
            Text(json, "tree", e.Tree);
            Text(json, "check", e.Check);
            if (e.Seconds is { } seconds)
            {
                json.WriteNumber("seconds", Math.Round(seconds, 3));
            }

            Text(json, "trash", e.Trash);
            Text(json, "kept", e.Kept);
            Text(json, "branch", e.Branch);
            Text(json, "lease", e.Lease);
            Text(json, "undid", e.Undid);
            Text(json, "signal", e.Signal);
            Text(json, "source", e.Source);
            Text(json, "session", e.Session);
            Text(json, "model", e.Model);
            Text(json, "provider", e.Provider);
            Text(json, "until", e.Until is { } until ? Time(until) : null);
            if (e.Usage is { } usage)
            {
                json.WriteNumber("input_tokens", usage.Input);
                json.WriteNumber("output_tokens", usage.Output);
                json.WriteNumber("cache_read_tokens", usage.CacheRead);
                json.WriteNumber("cache_write_tokens", usage.CacheWrite);
                if (usage.Usd is { } usd)
                {
                    json.WriteNumber("cost_usd", usd);
                }
            }

            Text(json, "nonce", e.Nonce);
            Text(json, "actor", e.Actor);
            Number(json, "pid", e.Pid);
            Text(json, "v", e.V);
            json.WriteEndObject();
        }

        buffer.GetSpan(1)[0] = (byte)'\n';
        buffer.Advance(1);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Reads one line without its newline; null when it is torn, foreign or not an object. Accepts <c>task_id</c> for
    /// <c>task</c> (the original's key) and times without a zone (taken as UTC). Never throws.
    /// </summary>
    public static VillageEvent? TryParse(ReadOnlyMemory<byte> line) => TryRead(line.Span) is { } e ? e with { Raw = line } : null;

    /// <summary>The same of bytes that will be others soon: <see cref="VillageEvent.Raw"/> is a copy of them, or empty.</summary>
    public static VillageEvent? TryRead(ReadOnlySpan<byte> line, bool keepsLine = false)
    {
        try
        {
            var fields = new EventFields();
            var json = new Utf8JsonReader(line);
            if (!json.Read() || json.TokenType is not JsonTokenType.StartObject)
            {
                return null;
            }

            while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
            {
                fields.Take(ref json);
            }

            return json.TokenType is JsonTokenType.EndObject && json.BytesConsumed == line.TrimEnd(" \r\t"u8).Length
                ? fields.ToEvent(keepsLine ? line.ToArray() : default)
                : null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>The time of a line, or null when it is no event's. Of lines such as ours only the beginning is looked at.</summary>
    public static DateTimeOffset? TimeOf(ReadOnlySpan<byte> line)
    {
        // {"ts":"2026-01-22T10:41:12.123Z",
        Span<char> time = stackalloc char[40];
        if (line.StartsWith("{\"ts\":\""u8) && line[7..].IndexOf((byte)'"') is > 0 and <= 40 and var length)
        {
            Encoding.Latin1.GetChars(line.Slice(7, length), time);
            if (TaskTime.Parse(time[..length]) is { } found)
            {
                return found;
            }
        }

        return TryRead(line)?.Ts;
    }

    /// <summary>A time as events write it: <c>2026-01-22T10:41:12.123Z</c>.</summary>
    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>
    /// The instant of a time in an event or a lease, or null when the text is none. The original wrote local times
    /// without a zone; nothing better is known of them than UTC.
    /// </summary>
    public static DateTimeOffset? ParseTime(string? text) =>
        text is null ? null : TaskTime.Parse(text) ?? TaskTime.Parse(text + "Z");

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void Number(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }
}
