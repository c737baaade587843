using Village.Errors;

namespace Village.Adapters.Processes;

/// <summary>A call of an external program: a list of arguments, never a shell.</summary>
/// <param name="Program">The program, found on PATH.</param>
/// <param name="Directory">Where it runs.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record ToolCommand(string Program, string Directory, IReadOnlyList<string> Arguments)
{
    /// <summary>The call as a person would type it: without git's settings for this one call, <c>-c key=value</c>.</summary>
    public IEnumerable<string> Words => Arguments.Skip(2 * Arguments.Chunk(2).TakeWhile(pair => pair[0] is "-c").Count());

    /// <summary>How long it may take; infinite for what a person ends.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What it reads on stdin; null is an empty input.</summary>
    public string? Input { get; init; }

    /// <summary>Variables set for it, or with null removed, on top of the host's.</summary>
    public IReadOnlyDictionary<string, string?> Variables { get; init; } = new Dictionary<string, string?>();

    /// <summary>Whether it talks to the terminal itself; nothing is captured then, and it may take as long as the person likes.</summary>
    public bool Interactive { get; init; }

    /// <summary>The sentence for a program that is missing, or null for the usual one.</summary>
    public string? Missing { get; init; }

    /// <summary>How to get the program when it is missing.</summary>
    public string? InstallHint { get; init; }

    /// <summary>
    /// Which words of the tool mean that it did nothing and that trying again may help. Null for a call that must not be
    /// repeated: one that may have been half done.
    /// </summary>
    public Func<string, Trouble?>? RepeatOn { get; init; }

    /// <summary>How long it is tried again, within the deadline. Somebody else's git holds a lock for less.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>How an external program ended.</summary>
/// <param name="Command">The call.</param>
/// <param name="ExitCode">Its exit code; 128 + n after signal n.</param>
/// <param name="Stdout">What it printed.</param>
/// <param name="Stderr">What it complained.</param>
internal sealed record ToolResult(ToolCommand Command, int ExitCode, string Stdout, string Stderr)
{
    /// <summary>Whether it exited with 0.</summary>
    public bool Succeeded => ExitCode is 0;

    /// <summary>What stood in the way for as long as the call had patience, or null: another failure, or none.</summary>
    public Trouble? Trouble => Succeeded ? null : Command.RepeatOn?.Invoke(Stderr);

    /// <summary>The output, or the failure as an exception with the tool's own words.</summary>
    public string Require() => Succeeded ? Stdout : throw Failure();

    /// <summary>The failure as an exception: Transient when it may pass, with what to type if it does not.</summary>
    public VillageException Failure() => Trouble is { } trouble
        ? new(
            ErrorKind.Transient,
            $"`{Command.Program} {Call}` could not go on for {Command.Patience.TotalSeconds:0} s: {trouble.Sentence}",
            Transience.Hint(trouble.LockFile is { } file ? Path.GetFullPath(file, Command.Directory) : null))
        : new(ErrorKind.Permanent, $"`{Command.Program} {Call}` failed with {ExitCode}: {Words}");

    /// <summary>The failure in one line: which call, what it said, and what to do if that is known.</summary>
    public string Complaint => Failure().Advice;

    private string Words => Printable.Line((Stderr.Trim() is { Length: > 0 } said ? said : Stdout.Trim()).ReplaceLineEndings("; "));

    private string Call => Printable.Line(string.Join(' ', Command.Words.Take(3)));
}
