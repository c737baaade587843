namespace Village.Agents;

/// <summary>Where the contracts of an agent come from: its file, else PPC, else the built-in template.</summary>
/// <param name="File">The contract file, relative to the repository or absolute; empty for none.</param>
/// <param name="Ppc">How PPC is asked, or null when it is not.</param>
public sealed record ContractSource(string File, PpcOrder? Ppc)
{
    /// <summary>The built-in template.</summary>
    public static ContractSource BuiltIn { get; } = new("", null);

    /// <summary>The source that the values of the settings mean. PPC is asked only where one of its own says something.</summary>
    public static ContractSource Of(string file, string mode, string traits, string format) =>
        new(file.Trim(), (mode + traits + format).Trim() is "" ? null : new(
            mode.Trim() is "" ? "explore" : mode.Trim().ToLowerInvariant(),
            [.. Words(traits).Select(trait => trait.ToLowerInvariant())],
            format.Trim() is "" ? "markdown" : format.Trim().ToLowerInvariant()));

    /// <summary>Whether a text is empty or a word that PPC takes: letters, digits, '-' and '_', and no flag.</summary>
    public static bool IsWord(string text) => text is "" || (text[0] is not '-' && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));

    /// <summary>Whether a text is a list of such words, with commas between them.</summary>
    public static bool AreWords(string text) => Words(text).All(IsWord);

    /// <summary>Whether a text is a path below the repository, an absolute one, or empty.</summary>
    public static bool IsFile(string text) => !text.Contains('\0', StringComparison.Ordinal) && !text.Split('/').Contains("..");

    private static string[] Words(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
