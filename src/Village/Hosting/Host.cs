namespace Village.Hosting;

/// <summary>Everything the program may touch of the process it runs in. Only <c>Program.cs</c> builds the real one.</summary>
internal sealed record Host
{
    /// <summary>The answer.</summary>
    public required StreamWriter Out { get; init; }

    /// <summary>Narration: progress, warnings, errors.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>What is typed or piped in.</summary>
    public required StreamReader In { get; init; }

    /// <summary>The current directory.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>The environment.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>This program's file, for the panes that run it.</summary>
    public required string Executable { get; init; }

    /// <summary>This process's id.</summary>
    public required int ProcessId { get; init; }

    /// <summary>Program version and source commit.</summary>
    public required string Version { get; init; }

    /// <summary>How many processors there are.</summary>
    public int Processors { get; init; } = 1;

    /// <summary>The terminal's width, or null when stdout is none.</summary>
    public int? Width { get; init; }

    /// <summary>Whether stderr is a terminal: progress is redrawn there instead of repeated.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Whether stdin is a terminal.</summary>
    public bool InIsTerminal { get; init; }

    /// <summary>A variable's value; null when it is unset or empty.</summary>
    public string? Variable(string name) =>
        Environment.TryGetValue(name, out var value) && value.Length > 0 ? value : null;
}
