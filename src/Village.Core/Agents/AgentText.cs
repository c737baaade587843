using System.Text;
using System.Text.Json;
using Village.Configuration;

namespace Village.Agents;

/// <summary>Texts that go to agents, and come from them.</summary>
internal static class AgentText
{
    // One argument may have 128 KiB, and `ps` shows it to everybody on the machine.
    private const int LongestPrompt = 16 * 1024;

    /// <summary>
    /// The prompt as one argument, for agents that read the keyboard from standard input: the contract itself, or where that is
    /// long or would mean something else, a sentence that names its file.
    /// </summary>
    public static string Prompt(AgentOrder order) =>
        order.Contract.Length > 0 && order.Contract[0] is not ('-' or '@' or '/' or '!') && !order.Contract.Contains('\0', StringComparison.Ordinal)
            && Encoding.UTF8.GetByteCount(order.Contract) <= LongestPrompt
            ? order.Contract
            : $"Your task is in the file {order.ContractPath} . Read all of it first, then do what it says.";

    /// <summary>
    /// The sentence within an error that carries the provider's JSON along. Samples:
    /// <code>
    /// {"error":{"message":"scripted bad request","type":"invalid_request_error","code":null}}
    /// [API Error: {"error":{"message":"scripted bad request","code":null}}]
    /// [API Error: 400 scripted bad request]
    /// </code>
    /// </summary>
    public static string Plain(string error)
    {
        var (from, to) = (error.IndexOf('{', StringComparison.Ordinal), error.LastIndexOf('}'));
        if (from >= 0 && to > from)
        {
            try
            {
                using var document = JsonDocument.Parse(error[from..(to + 1)]);
                if ((document.RootElement.TextAt("error", "message") ?? document.RootElement.TextAt("message")) is { Length: > 0 } message)
                {
                    return message;
                }
            }
            catch (JsonException)
            {
                // Not the provider's document; the whole text says more than nothing.
            }
        }

        return error.StartsWith(ApiError, StringComparison.Ordinal) && error.EndsWith(']') ? error[ApiError.Length..^1] : error;
    }

    /// <summary>What gemini and its relatives put before an error that they give in place of an answer.</summary>
    public const string ApiError = "[API Error: ";

    /// <summary>A word that the shell reads back as it is, for agents that run their hooks by one.</summary>
    public static string ShellWord(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>Words of a preset that give way to the user's own <c>args=</c>: some programs refuse an option that comes twice.</summary>
    public static string[] Unless(AgentConfig agent, string[] options, params string[] words) =>
        agent.Args.Any(arg => options.Any(option => arg == option || arg.StartsWith($"{option}=", StringComparison.Ordinal))) ? [] : words;

    /// <summary>What a call of a tool is about, by the usual names of parameters.</summary>
    public static string Tool(string? name, JsonElement input) =>
        $"{name} {input.TextAt("command") ?? input.TextAt("file_path") ?? input.TextAt("path") ?? input.TextAt("pattern") ?? input.TextAt("url")}".TrimEnd();
}
