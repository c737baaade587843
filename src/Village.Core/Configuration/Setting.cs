namespace Village.Configuration;

/// <summary>One row of the table of settings: drives parsing, validation, <c>config list</c> and the reference.</summary>
/// <param name="Section">The section it stands in; <c>agent.*</c> for every agent.</param>
/// <param name="Key">The key; compared without regard to case.</param>
/// <param name="Variable">The environment variable that overrides it, or null.</param>
/// <param name="Default">The default as it would be written in the file.</param>
/// <param name="Kind">What a value must be, as it reads in an error: <c>a whole number from 1</c>.</param>
/// <param name="IsValid">Whether a text is such a value.</param>
/// <param name="About">One sentence for the reference.</param>
public sealed record Setting(
    string Section, string Key, string? Variable, string Default, string Kind, Func<string, bool> IsValid, string About)
{
    /// <summary>Other names for the same key (the original's).</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Section and key as <c>config list</c> prints them: <c>MAX_WORKERS</c>, <c>metrics.port</c>.</summary>
    public string Name => Section is "DEFAULT" ? Key : $"{Section}.{Key}";
}
