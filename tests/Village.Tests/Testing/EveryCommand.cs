using System.Text.Json;
using System.Text.RegularExpressions;

namespace Village.Tests.Testing;

/// <summary>Every command as it is typed, and what must be true whenever one refuses.</summary>
internal static partial class EveryCommand
{
    /// <summary>Commands that look and change nothing.</summary>
    public static IReadOnlyList<string[]> Reading(string task) =>
    [
        ["up", "--plan"], ["ready"], ["queue"], ["queue", "2", "--plan"], ["resume"], ["resume", task, "--dry-run"], ["contract", task], ["status"], ["status", "--short"], ["why", task], ["inbox"],
        ["attach"], ["logs", task], ["locks"], ["conflicts"], ["conflicts", task], ["queue", "--conflicts"], ["cleanup", "--plan"], ["cleanup", "--apply", "--plan"], ["state", task], ["state"], ["events"], ["events", "--limit", "1"], ["metrics"], ["report"], ["dashboard"],
        ["config", "list"], ["trash", "list"], ["usage"], ["agents", "--no-versions"], ["task", "list"], ["task", "list", "--all"], ["task", "show", task],
        ["graph"], ["graph", task, "--all"], ["task", "ready"], ["task", "blocked"], ["task", "dep", "tree", task], ["task", "dep", "cycles"], ["task", "label", "list"], ["task", "stats"],
        ["task", "import", "-", "--plan"], ["task", "export"],
    ];

    /// <summary>Commands that change something, in an order in which each finds something to do on two queued tasks.</summary>
    public static IReadOnlyList<string[]> Writing(string task, string other) =>
    [
        ["up", "--no-dashboard"], ["task", "add", "Title"], ["task", "edit", task, "--priority", "1"], ["task", "dep", "add", task, other],
        ["task", "dep", "remove", task, other], ["task", "close", task], ["task", "reopen", task],
        ["task", "label", "add", task, "ui"], ["task", "label", "remove", task, "ui"], ["task", "comment", task, "Seen"], ["queue", "1"], ["queue", "--drain"], ["resume", task, "--detached"],
        ["retry", task], ["unlock", task], ["cleanup"], ["undo"], ["signal", "working"], ["task", "delete", other], ["down"],
    ];

    /// <summary>Commands that work where others refuse, and tell what is broken.</summary>
    public static IReadOnlyList<string[]> Examining { get; } = [["doctor"], ["doctor", "--fix"]];

    /// <summary>All that refuse where something is broken.</summary>
    public static IReadOnlyList<string[]> All(string task, string other) =>
    [
        .. Reading(task), .. Writing(task, other), ["exec", task, "true"], ["pause", task], ["resume-task", task], ["send", task, "text"], ["changes", task], ["wait", task, "--timeout", "1s"], ["rollback", task], ["trash", "show", "bd-1/1-1"], ["trash", "drop", "--all", "--yes"],
        ["sync", "--to-beads"], ["task", "move", "--to", "beads"],
    ];

    /// <summary>
    /// Runs commands that must all refuse, as text and as JSON: that exit code, one sentence and perhaps a hint, no stack trace,
    /// nothing changed. Returns what was wrong.
    /// </summary>
    public static async Task<IReadOnlyList<string>> RefuseAsync(
        this TestVillage village, string directory, int exit, string kind, IEnumerable<string[]> commands, string warnings = "")
    {
        List<string> wrong = [];
        foreach (var words in commands)
        {
            var before = village.Fingerprint();
            var text = await village.RunInAsync(directory, words);
            var json = await village.RunInAsync(directory, [.. words, "--json"]);
            var problem = text.Exit != exit ? $"exit {text.Exit}"
                : json.Exit != exit ? $"exit {json.Exit} with --json"
                : text.Out.Length > 0 ? "an answer on stdout"
                : !text.Error.StartsWith(warnings, StringComparison.Ordinal) || !Refusal().IsMatch(text.Error[warnings.Length..]) ? "not one sentence and a hint"
                : Error(json) is not var (found, message) ? "no JSON document with an error"
                : found != kind ? $"kind {found}"
                : !text.Error[warnings.Length..].StartsWith($"error: {message}\n", StringComparison.Ordinal) ? "another message in JSON"
                : json.Error != warnings ? "narration beside JSON"
                : village.Fingerprint() != before ? "something was changed"
                : null;
            if (problem is not null)
            {
                wrong.Add($"village {string.Join(' ', words)}: {problem}\n{text.Transcript}\n{json.Transcript}");
            }
        }

        return wrong;
    }

    private static (string? Kind, string? Message)? Error(CliResult result)
    {
        try
        {
            var error = result.Json().GetProperty("error");
            return (error.GetProperty("kind").GetString(), error.GetProperty("message").GetString());
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    // One sentence without a full stop, then at most one hint.
    [GeneratedRegex(@"\Aerror: (?!.*(Exception|\bat Village\.))[^\n]*[^.\n]\n(hint: [^\n]+\n)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Refusal();
}
