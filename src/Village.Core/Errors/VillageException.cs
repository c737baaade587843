namespace Village.Errors;

/// <summary>
/// A failure the person at the terminal must read: one sentence, and how to go on.
/// Thrown only where no caller would branch on it; what callers branch on is a return value.
/// </summary>
public sealed class VillageException(ErrorKind kind, string message, string? hint = null, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>The class of the failure.</summary>
    public ErrorKind Kind { get; } = kind;

    /// <summary>What to type next, or null when there is nothing to suggest.</summary>
    public string? Hint { get; } = hint;

    /// <summary>The sentence and the hint in one line, for a table or an event.</summary>
    public string Advice => Hint is null ? Message : $"{Message}; {Hint}";

    /// <summary>The one table from kinds to exit codes (docs/troubleshooting.md).</summary>
    public ExitCode ExitCode => Kind switch
    {
        ErrorKind.UserInput => ExitCode.Usage,
        ErrorKind.NotReady or ErrorKind.Transient => ExitCode.NotReady,
        ErrorKind.Blocked => ExitCode.Blocked,
        ErrorKind.Config or ErrorKind.NotFound or ErrorKind.Permanent => ExitCode.Failure,
        _ => ExitCode.Failure,
    };

    /// <summary>The kind as JSON and events write it: <c>not_ready</c>.</summary>
    public string KindName => Kind switch
    {
        ErrorKind.UserInput => "user_input",
        ErrorKind.Config => "config",
        ErrorKind.NotReady => "not_ready",
        ErrorKind.Blocked => "blocked",
        ErrorKind.Transient => "transient",
        ErrorKind.NotFound => "not_found",
        _ => "permanent",
    };
}
