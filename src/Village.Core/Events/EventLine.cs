using System.Buffers;
using System.Globalization;
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
            Text(json, "tree", e.Tree);
            Text(json, "check", e.Check);
            if (e.Seconds is { } seconds)
            {
                json.WriteNumber("seconds", Math.Round(seconds, 3));
            }

            Text(json, "trash", e.Trash);
            Text(json, "signal", e.Signal);
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
    public static VillageEvent? TryParse(ReadOnlyMemory<byte> line)
    {
        try
        {
            var e = new Reader();
            var json = new Utf8JsonReader(line.Span);
            if (!json.Read() || json.TokenType is not JsonTokenType.StartObject)
            {
                return null;
            }

            while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
            {
                var name = json.GetString();
                json.Read();
                e.Take(name!, ref json);
            }

            return json.TokenType is JsonTokenType.EndObject && json.BytesConsumed == line.Span.TrimEnd(" \r\t"u8).Length
                ? e.ToEvent(line)
                : null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            return null;
        }
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

    private sealed class Reader
    {
        // Above these a double does not hold every whole number, and a TimeSpan not every time.
        private const long MostExact = (1L << 53) - 1;
        private const double MostSeconds = long.MaxValue / TimeSpan.TicksPerSecond;
        private readonly Dictionary<string, string> texts = [];
        private readonly Dictionary<string, double> numbers = [];

        public void Take(string name, ref Utf8JsonReader json)
        {
            if (json.TokenType is JsonTokenType.String)
            {
                texts[name] = json.GetString()!;
            }
            else if (json.TokenType is JsonTokenType.Number)
            {
                numbers[name] = json.GetDouble();
            }
            else
            {
                json.Skip();
            }
        }

        public VillageEvent? ToEvent(ReadOnlyMemory<byte> raw) =>
            Text("cmd") is { } cmd && ParseTime(Text("ts")) is { } time
                ? new VillageEvent
                {
                    Ts = time,
                    Cmd = cmd,
                    Task = Text("task") ?? Text("task_id"),
                    Pane = Text("pane"),
                    Result = Text("result"),
                    From = TaskStates.Parse(Text("from")),
                    To = TaskStates.Parse(Text("to")),
                    Generation = Whole("generation", MostExact),
                    Attempt = (int?)Whole("attempt", int.MaxValue),
                    Agent = Text("agent"),
                    Reason = Text("reason"),
                    Message = Text("message"),
                    Error = Text("error"),
                    Stack = Text("stack"),
                    Commit = Text("commit"),
                    Tree = Text("tree"),
                    Check = Text("check"),
                    Seconds = numbers.TryGetValue("seconds", out var seconds) && seconds is >= 0 and < MostSeconds ? seconds : null,
                    Trash = Text("trash"),
                    Signal = Text("signal"),
                    Nonce = Text("nonce"),
                    Actor = Text("actor"),
                    Pid = (int?)Whole("pid", int.MaxValue),
                    V = Text("v"),
                    Raw = raw,
                }
                : null;

        private string? Text(string name) => texts.GetValueOrDefault(name);

        private long? Whole(string name, long most) =>
            numbers.TryGetValue(name, out var n) && n >= 0 && n <= most && n == Math.Truncate(n) ? (long)n : null;
    }
}
