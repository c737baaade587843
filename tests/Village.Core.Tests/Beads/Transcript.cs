using Village.Beads;

namespace Village.Core.Tests.Beads;

/// <summary>What a bd of some version answered, as it was recorded.</summary>
/// <param name="Exit">The exit code.</param>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record Transcript(int Exit, string Out, string Error)
{
    /// <summary>The <paramref name="number"/>th answer in a file of recordings.</summary>
    public static Transcript Of(string file, int number)
    {
        using var stream = typeof(Transcript).Assembly.GetManifestResourceStream(file + ".txt")!;
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        var begin = text.IndexOf($"### {number:000} ", StringComparison.Ordinal);
        Assert.True(begin >= 0, $"{file} has no call {number}");
        var end = text.IndexOf("\n### ", begin, StringComparison.Ordinal) is var next and > 0 ? next : text.Length;
        var lines = text[begin..end].Split("\n=== ")[0].Split('\n');
        var (error, output) = (Array.IndexOf(lines, "--stderr--"), Array.IndexOf(lines, "--stdout--"));
        return new(
            int.Parse(lines.First(line => line.StartsWith("rc=", StringComparison.Ordinal))[3..], System.Globalization.CultureInfo.InvariantCulture),
            output < 0 ? "" : string.Join('\n', lines[(output + 1)..(error < 0 ? lines.Length : error)]),
            error < 0 ? "" : string.Join('\n', lines[(error + 1)..]));
    }

    /// <summary>The one task in the answer.</summary>
    public BeadsIssue One() => Assert.Single(BeadsIssue.ParseAll(Out)!);
}
