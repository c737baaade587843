namespace Village.Tests.Testing;

/// <summary>What a command answered.</summary>
/// <param name="Exit">The exit code.</param>
/// <param name="Out">stdout.</param>
/// <param name="Error">stderr.</param>
internal sealed record CliResult(int Exit, string Out, string Error)
{
    /// <summary>stdout, then stderr, then the exit code unless it is 0: one text for one snapshot.</summary>
    public string Transcript => string.Join(
        '\n', new[] { Out.TrimEnd('\n'), Error.TrimEnd('\n'), Exit is 0 ? "" : $"[exit {Exit}]" }.Where(part => part.Length > 0));

    /// <summary>Asserts exit code 0.</summary>
    public CliResult Succeed()
    {
        Assert.True(Exit is 0, Transcript);
        return this;
    }

    /// <summary>Asserts an exit code.</summary>
    public CliResult ExitsWith(int code)
    {
        Assert.True(Exit == code, $"expected exit {code}\n{Transcript}");
        return this;
    }

    /// <summary>stdout as JSON.</summary>
    public System.Text.Json.JsonElement Json() => System.Text.Json.JsonDocument.Parse(Out).RootElement;
}
