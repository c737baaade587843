using System.Text.Json;
using Village.Errors;

namespace Village.Commands.Mcp;

/// <summary>The arguments of one call, checked against what the tool takes.</summary>
internal sealed class McpValues
{
    private readonly Dictionary<string, IReadOnlyList<string>> values = new(StringComparer.Ordinal);

    /// <summary>Takes them over; an unknown one, a missing one and one of another kind are refused.</summary>
    public McpValues(McpTool tool, IDictionary<string, JsonElement>? given)
    {
        foreach (var (name, value) in given ?? new Dictionary<string, JsonElement>())
        {
            var argument = tool.Arguments.FirstOrDefault(known => known.Name == name) ?? throw Misuse(tool, $"there is no argument '{Printable.Line(name)}'");
            if (value.ValueKind is not JsonValueKind.Null)
            {
                values[name] = Texts(tool, argument, value);
            }
        }

        if (tool.Arguments.FirstOrDefault(argument => argument.IsRequired && !values.ContainsKey(argument.Name)) is { } missing)
        {
            throw Misuse(tool, $"'{missing.Name}' is missing");
        }
    }

    /// <summary>The text of an argument that must be there.</summary>
    public string this[string name] => values[name][0];

    /// <summary>The texts of a list; none when it was not given.</summary>
    public IReadOnlyList<string> Many(string name) => values.GetValueOrDefault(name) ?? [];

    /// <summary>An option of the command line with its text; nothing when it was not given.</summary>
    public IReadOnlyList<string> Option(string option, string name) => values.GetValueOrDefault(name) is [var text, ..] ? [$"{option}={text}"] : [];

    private static IReadOnlyList<string> Texts(McpTool tool, McpArgument argument, JsonElement value)
    {
        IReadOnlyList<JsonElement> items = argument.IsMany && value.ValueKind is JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        if (items.Any(item => item.ValueKind is not JsonValueKind.String))
        {
            throw Misuse(tool, $"'{argument.Name}' is not {(argument.IsMany ? "a list of texts" : "a text")}");
        }

        // What begins with '-' would be an option of the command.
        IReadOnlyList<string> texts = [.. items.Select(item => item.GetString()!)];
        return texts.FirstOrDefault(text => argument.Name is not ("message" or "description") && text.StartsWith('-')) is { } option
            ? throw Misuse(tool, $"'{argument.Name}' may not begin with '-', as '{Printable.Line(option)}' does")
            : texts;
    }

    private static VillageException Misuse(McpTool tool, string what) => new(ErrorKind.UserInput, $"{tool.Name}: {what}", null);
}
