using System.Text.RegularExpressions;

namespace Village.Agents;

/// <summary>
/// Finds the version in what a program prints for <c>--version</c>. Samples:
/// <code>
/// 1.18.33
/// 2.1.197 (Claude Code)
/// codex-cli 0.169.0
/// GitHub Copilot CLI 1.0.102.
/// </code>
/// </summary>
public static partial class AgentVersion
{
    /// <summary>The version, or null where none is to be seen.</summary>
    public static string? In(string said) => Pattern().Match(said) is { Success: true } found ? found.Groups[1].Value : null;

    [GeneratedRegex(@"(?<![\w.])v?(\d+\.\d+(?:\.\d+)*(?:-[0-9A-Za-z]+(?:\.[0-9A-Za-z]+)*)?)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
