using System.Text.Json;
using Village.Errors;

namespace Village.Beads;

/// <summary>What a failure of <c>bd</c> means for whoever called it.</summary>
public enum BeadsTrouble
{
    /// <summary>bd answered something else than it was asked for.</summary>
    Protocol,

    /// <summary>Another has the task.</summary>
    ClaimLost,

    /// <summary>There is no such task.</summary>
    NotFound,

    /// <summary>bd does not take that value.</summary>
    BadInput,

    /// <summary>A rule of bd's stands against it: open blockers, open children, a pin, a gate.</summary>
    Refused,

    /// <summary>Tasks would wait for each other.</summary>
    Cycle,

    /// <summary>Nothing was done, and trying again may help.</summary>
    Transient,

    /// <summary>There is no database, or none that may be written.</summary>
    Config,

    /// <summary>This bd does not have what it was asked for.</summary>
    VersionMismatch,
}

/// <summary>Reads the five shapes in which bd tells of a failure, by its own words.</summary>
/// <remarks>
/// <code>
/// stdout: {"error":"no issues found matching the provided IDs","schema_version":1}
/// stderr: {"error":"invalid status","hint":"one of: open, …"}
/// stderr: Error claiming bd-1: issue already claimed by w1
/// stderr, beside results of other ids: Error resolving bd-nope: no issue found matching "bd-nope"
/// stdout: {"error":"no_beads_directory","code":"…","message":"no beads database found"}
/// </code>
/// The exit code says little: bd 0.49 loses a claim with 0.
/// </remarks>
public static class BeadsTroubles
{
    // The first that fits counts.
    private static readonly (string Words, BeadsTrouble Kind)[] Table =
    [
        ("already claimed by", BeadsTrouble.ClaimLost),
        ("issue not claimable", BeadsTrouble.ClaimLost),
        ("another process holds the exclusive lock", BeadsTrouble.Transient),
        ("database is locked", BeadsTrouble.Transient),
        ("lock wait timeout", BeadsTrouble.Transient),
        ("serialization failure", BeadsTrouble.Transient),
        ("error 1213", BeadsTrouble.Transient),
        ("error 1205", BeadsTrouble.Transient),
        ("connection refused", BeadsTrouble.Transient),
        ("server unreachable", BeadsTrouble.Transient),
        ("no beads database found", BeadsTrouble.Config),
        ("no_beads_directory", BeadsTrouble.Config),
        ("read-only mode", BeadsTrouble.Config),
        ("unknown flag", BeadsTrouble.VersionMismatch),
        ("unknown shorthand flag", BeadsTrouble.VersionMismatch),
        ("unknown command", BeadsTrouble.VersionMismatch),
        ("would create a cycle", BeadsTrouble.Cycle),
        ("self-dependency", BeadsTrouble.Cycle),
        ("cannot depend on itself", BeadsTrouble.Cycle),
        ("blocked by open issues", BeadsTrouble.Refused),
        ("open child issue", BeadsTrouble.Refused),
        ("cannot modify pinned", BeadsTrouble.Refused),
        ("tasks can only block other tasks", BeadsTrouble.Refused),
        ("epics can only block other epics", BeadsTrouble.Refused),
        ("remove it first", BeadsTrouble.Refused),
        ("maximum hierarchy depth", BeadsTrouble.Refused),
        ("ambiguous id", BeadsTrouble.BadInput),
        ("title is required", BeadsTrouble.BadInput),
        ("title required", BeadsTrouble.BadInput),
        ("title must be 500", BeadsTrouble.BadInput),
        ("invalid ", BeadsTrouble.BadInput),
        ("validation failed", BeadsTrouble.BadInput),
        ("prefix mismatch", BeadsTrouble.BadInput),
        ("no issue found matching", BeadsTrouble.NotFound),
        ("no issues found matching", BeadsTrouble.NotFound),
        ("not found", BeadsTrouble.NotFound),

        // The last, since ids and other words have it in them.
        ("gate", BeadsTrouble.Refused),
    ];

    /// <summary>The kind of what was said.</summary>
    public static BeadsTrouble Of(string stdout, string stderr)
    {
        // How a call is used names flags, and these say "read-only mode".
        var said = $"{Said(stdout)}\n{stderr.Split("\nUsage:")[0]}";
        return Array.Find(Table, row => said.Contains(row.Words, StringComparison.OrdinalIgnoreCase)).Kind;
    }

    /// <summary>What was said, in one line: the error of the JSON, or else the line of stderr that tells of one.</summary>
    public static string Sentence(string stdout, string stderr)
    {
        var lines = stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var line = Error(stdout) ?? Error(stderr)
            ?? lines.FirstOrDefault(line => line.StartsWith("Error", StringComparison.Ordinal)) ?? lines.LastOrDefault()
            ?? Said(stdout).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "it said nothing";
        return Printable.Line(line.StartsWith("Error: ", StringComparison.Ordinal) ? line[7..] : line);
    }

    /// <summary>How the kind is told to a person and to scripts.</summary>
    public static ErrorKind Kind(this BeadsTrouble trouble) => trouble switch
    {
        BeadsTrouble.Transient => ErrorKind.Transient,
        BeadsTrouble.NotFound => ErrorKind.NotFound,
        BeadsTrouble.BadInput => ErrorKind.UserInput,
        BeadsTrouble.Refused or BeadsTrouble.Cycle or BeadsTrouble.ClaimLost => ErrorKind.Blocked,
        BeadsTrouble.Config or BeadsTrouble.VersionMismatch => ErrorKind.NotReady,
        _ => ErrorKind.Permanent,
    };

    // Results are texts of tasks, which may say anything: only an error is searched for words.
    private static string Said(string stdout) => Error(stdout) ?? (stdout.TrimStart() is ['[' or '{', ..] ? "" : stdout);

    private static string? Error(string text)
    {
        // Warnings may stand before it.
        var begin = text.StartsWith('{') ? 0 : text.IndexOf("\n{", StringComparison.Ordinal);
        if (begin < 0)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(text[begin..]);
            return json.RootElement.TryGetProperty("error", out var error) && error.ValueKind is JsonValueKind.String
                ? json.RootElement.TryGetProperty("message", out var more) && more.ValueKind is JsonValueKind.String ? $"{error.GetString()}: {more.GetString()}" : error.GetString()
                : null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
