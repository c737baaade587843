using System.Globalization;
using System.Text.RegularExpressions;

namespace Village.Beads;

/// <summary>What may be done with a <c>bd</c>.</summary>
public enum BeadsSupport
{
    /// <summary>Everything.</summary>
    Full,

    /// <summary>Reading: its claims do not keep two workers apart.</summary>
    ReadOnly,

    /// <summary>Nothing.</summary>
    None,
}

/// <summary>A version of <c>bd</c>, and what is known of it.</summary>
/// <param name="Number">The version; 0.0 when it says none.</param>
public sealed partial record BeadsVersion(Version Number)
{
    private static readonly Version FirstRead = new(0, 29, 0);
    private static readonly Version FirstClaim = new(0, 49, 4);
    private static readonly Version Unsafe = new(1, 0, 4);
    private static readonly Version FirstModern = new(0, 61, 0);
    private static readonly Version FirstKeys = new(0, 57, 0);
    private static readonly Version FirstUntried = new(1, 3, 0);

    /// <summary>Reads the answer of <c>bd version --json</c>: <c>{"branch":"main","build":"dev","version":"0.49.6"}</c>, or the text of older ones.</summary>
    public static BeadsVersion Parse(string text) => Digits().Match(text, Math.Max(0, text.IndexOf("\"version\"", StringComparison.Ordinal))) is { Success: true } found
        ? new(new Version(Part(found, 1), Part(found, 2), Part(found, 3)))
        : new(new Version(0, 0, 0));

    /// <summary>What may be done with it, and why no more; null when there is nothing to say.</summary>
    /// <param name="usesServer">Whether its database is a server.</param>
    /// <param name="exportsAlone">Whether it imports and exports <c>.beads/issues.jsonl</c> by itself, and that file is there.</param>
    public (BeadsSupport Support, string? Remark) Judge(bool usesServer, bool exportsAlone) =>
        Number < FirstRead ? (BeadsSupport.None, $"bd {Number} is too old: Village reads 0.29 and later, and works with 0.49.4 and later")
        : Number < FirstClaim ? (BeadsSupport.ReadOnly, $"bd {Number} gives one task to two workers at once; Village only reads from it. Update it to 0.49.4 or later")
        : Number == Unsafe && usesServer && exportsAlone ? (BeadsSupport.None, "bd 1.0.4 with a server takes claims back when it imports .beads/issues.jsonl; update it to 1.0.5 or later")
        : Number >= FirstUntried ? (BeadsSupport.Full, $"bd {Number} is newer than what Village was tried with (1.0); look at what it does")
        : (BeadsSupport.Full, null);

    /// <summary>Which dialect of the interchange format it takes.</summary>
    public Tasks.TaskDialect Dialect => Number < FirstModern ? Tasks.TaskDialect.Classic : Tasks.TaskDialect.Modern;

    /// <summary>Whether it can take one key of the metadata away.</summary>
    public bool HasMetadataKeys => Number >= FirstKeys;

    /// <summary>Whether it takes a file to import as an argument, and not after <c>-i</c>; null when it has no import.</summary>
    public bool? ImportsByName => Number < new Version(0, 56, 1) ? false : Number < FirstModern ? null : true;

    /// <inheritdoc/>
    public override string ToString() => $"{Number}";

    private static int Part(Match found, int group) => int.Parse(found.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(\d{1,6})\.(\d{1,6})\.(\d{1,6})", RegexOptions.CultureInvariant)]
    private static partial Regex Digits();
}
