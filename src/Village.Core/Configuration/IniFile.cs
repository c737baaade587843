namespace Village.Configuration;

/// <summary>One <c>key=value</c> of a configuration file, with where it stands.</summary>
/// <param name="Section">The section, <c>DEFAULT</c> before the first.</param>
/// <param name="Key">The key as written.</param>
/// <param name="Value">The value, trimmed; a comment after it is part of it.</param>
/// <param name="File">The file's path.</param>
/// <param name="Line">The line, from 1.</param>
public sealed record IniEntry(string Section, string Key, string Value, string File, int Line)
{
    /// <summary>Where it stands, as compilers say it: <c>.village/config:12</c>.</summary>
    public string Place => $"{File}:{Line}";
}

/// <summary>
/// An INI file as the original's users know it (Python's configparser), without interpolation:
/// <code>
/// # comment, also with ;
/// [DEFAULT]
/// MAX_WORKERS = 4
/// [agent.build]
/// command: my-agent --flag
///     --continued
/// </code>
/// Keys before the first section belong to DEFAULT.
/// </summary>
public static class IniFile
{
    /// <summary>Reads all entries in order; lines that are none are reported in <paramref name="problems"/> as <c>file:line: sentence</c>.</summary>
    public static IReadOnlyList<IniEntry> Parse(string text, string file, out IReadOnlyList<string> problems)
    {
        List<IniEntry> entries = [];
        List<string> bad = [];
        var (section, number, indent, goesOn) = ("DEFAULT", 0, 0, false);
        foreach (var raw in text.TrimStart('\ufeff').Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.Length is 0 || line[0] is '#' or ';')
            {
                continue;
            }

            // What stands deeper than its key belongs to it; keys may all be indented alike.
            var depth = raw.Length - raw.TrimStart().Length;
            if (goesOn && depth > indent)
            {
                entries[^1] = entries[^1] with { Value = $"{entries[^1].Value}\n{line}" };
                continue;
            }

            indent = depth;
            if (SectionOf(line) is { } name)
            {
                (section, goesOn) = (name, false);
                continue;
            }

            var at = line.IndexOfAny(['=', ':']);
            if (at <= 0 || line[0] is '[')
            {
                bad.Add($"{file}:{number}: '{Printable.Line(line)}' is neither 'key = value' nor '[section]'");
                continue;
            }

            entries.Add(new(section, line[..at].Trim(), line[(at + 1)..].Trim(), file, number));
            goesOn = true;
        }

        problems = bad;
        return entries;
    }

    // Only after a section's name may a comment follow; after a value it would be part of it.
    private static string? SectionOf(string line) =>
        line[0] is '[' && line.IndexOf(']', StringComparison.Ordinal) is var end and > 0
        && line[1..end].Trim() is { Length: > 0 } name && line[(end + 1)..].TrimStart() is "" or ['#' or ';', ..]
            ? name
            : null;
}
