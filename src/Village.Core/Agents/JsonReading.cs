using System.Text.Json;

namespace Village.Agents;

/// <summary>Reads what may be missing, or of another kind, in documents of agents. Never throws.</summary>
public static class JsonReading
{
    /// <summary>The value at a path of names, or an undefined one.</summary>
    public static JsonElement At(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind is not JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return default;
            }
        }

        return element;
    }

    /// <summary>The text at a path, or null.</summary>
    public static string? TextAt(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>The whole number at a path, or 0; never below 0.</summary>
    public static long CountAt(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var count) ? Math.Max(0, count) : 0;

    /// <summary>The amount of money at a path, or null; never below 0.</summary>
    public static decimal? MoneyAt(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.Number } number && number.TryGetDecimal(out var amount) && amount >= 0 ? amount : null;

    /// <summary>Whether the value at a path is true.</summary>
    public static bool IsTrueAt(this JsonElement element, params ReadOnlySpan<string> path) => element.At(path).ValueKind is JsonValueKind.True;

    /// <summary>The values of the array at a path; none when it is not one.</summary>
    public static IEnumerable<JsonElement> EachAt(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];
}
