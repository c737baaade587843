using Village.Errors;

namespace Village.Adapters.Processes;

/// <summary>A call of an external program: a list of arguments, never a shell.</summary>
/// <param name="Program">The program, found on PATH.</param>
/// <param name="Directory">Where it runs.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record ToolCommand(string Program, string Directory, IReadOnlyList<string> Arguments)
{
    /// <summary>How long it may take; infinite for what a person ends.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What it reads on stdin; null is an empty input.</summary>
    public string? Input { get; init; }

    /// <summary>Variables set for it, or with null removed, on top of the host's.</summary>
    public IReadOnlyDictionary<string, string?> Variables { get; init; } = new Dictionary<string, string?>();

    /// <summary>Whether it talks to the terminal itself; nothing is captured then, and it may take as long as the person likes.</summary>
    public bool Interactive { get; init; }

    /// <summary>How to get the program when it is missing.</summary>
    public string? InstallHint { get; init; }
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

    /// <summary>The output, or the failure as an exception with the tool's own words.</summary>
    public string Require() => Succeeded
        ? Stdout
        : throw new VillageException(ErrorKind.Permanent, Complaint);

    /// <summary>The failure in one line: which call, and what it said.</summary>
    public string Complaint
    {
        get
        {
            var words = (Stderr.Trim() is { Length: > 0 } said ? said : Stdout.Trim()).ReplaceLineEndings("; ");
            var call = string.Join(' ', Command.Arguments.SkipWhile(a => a.StartsWith('-')).Take(3));
            return $"`{Command.Program} {Printable.Line(call)}` failed with {ExitCode}: {Printable.Line(words)}";
        }
    }
}
