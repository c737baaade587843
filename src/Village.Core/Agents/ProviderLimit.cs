using System.Text.Json;
using Village.Events;

namespace Village.Agents;

/// <summary>
/// A provider's usage limit, as a file below <c>.village/limits</c>:
/// <c>{"provider":"anthropic","until":"2026-11-23T15:00:00.000Z","message":"usage limit reached","task":"bd-a3f8","agent":"build"}</c>.
/// </summary>
/// <param name="Provider">Whose limit it is.</param>
/// <param name="Until">When it ends.</param>
/// <param name="Message">What the provider said.</param>
/// <param name="Task">The task whose agent met it.</param>
/// <param name="Agent">That agent.</param>
public sealed record ProviderLimit(string Provider, DateTimeOffset Until, string Message, string Task, string Agent)
{
    /// <summary>The name of its file: the provider's, with '_' for what a file's name may not safely hold.</summary>
    public static string FileOf(string provider) =>
        $"{new string([.. provider.Take(64).Select((c, i) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' || (c is '.' && i > 0) ? c : '_')])}.json";

    /// <summary>The file's text.</summary>
    public byte[] Format()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("provider", Provider);
            json.WriteString("until", EventLine.Time(Until));
            json.WriteString("message", Message);
            json.WriteString("task", Task);
            json.WriteString("agent", Agent);
            json.WriteEndObject();
        }

        return [.. buffer.ToArray(), (byte)'\n'];
    }

    /// <summary>Reads it back; null for anything else. Never throws.</summary>
    public static ProviderLimit? TryParse(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            return root.TextAt("provider") is { Length: > 0 } provider && EventLine.ParseTime(root.TextAt("until")) is { } until
                ? new(provider, until, root.TextAt("message") ?? "", root.TextAt("task") ?? "", root.TextAt("agent") ?? "")
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
