namespace Village.Agents;

/// <summary>
/// What PPC, the Prompt Policy Compiler, is asked for. Tried with v0.5.1: the prompt alone is on stdout; what is wrong is on
/// stderr, with exit code 1 or 2 and nothing on stdout:
/// <code>
/// merge error: loading rules …: missing rules file
/// flag provided but not defined: -critical
/// </code>
/// </summary>
/// <param name="Mode">The mode: <c>explore</c>, <c>build</c>, <c>ship</c>.</param>
/// <param name="Traits">The traits, each a flag: <c>conservative</c>, <c>terse</c>.</param>
/// <param name="Format">The format of what the agent hands over, <c>--contract</c>: <c>markdown</c>, <c>code</c>.</param>
public sealed record PpcOrder(string Mode, IReadOnlyList<string> Traits, string Format)
{
    private const int LongestDetail = 200;

    /// <summary>Its arguments.</summary>
    public IReadOnlyList<string> Words => [Mode, .. Traits.Select(trait => $"--{trait}"), "--contract", Format];

    /// <summary>Why an answer is none, in one line; null when it is a prompt.</summary>
    public static string? Problem(int exitCode, string stdout, string stderr)
    {
        if (exitCode is 0)
        {
            return string.IsNullOrWhiteSpace(stdout) ? "it printed nothing" : null;
        }

        var said = Printable.Line(stderr.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "");
        return $"exit code {exitCode}{(said is "" ? "" : $": {(said.Length > LongestDetail ? $"{said[..LongestDetail]}…" : said)}")}";
    }
}

/// <summary>What PPC answered.</summary>
/// <param name="Version">What it says of itself, or null when it is not there.</param>
/// <param name="Prompt">The prompt, or null.</param>
/// <param name="Problem">Why there is none, when PPC is there.</param>
public sealed record PpcAnswer(string? Version, string? Prompt, string? Problem);
