using Village.Configuration;

namespace Village.Setup;

/// <summary>
/// A path below the main checkout, perhaps with wildcards: <c>.env</c>, <c>config/*.local</c>, <c>**/appsettings.*.json</c>.
/// <c>*</c> and <c>?</c> stand for characters of one name, <c>**</c> for any number of directories; none of them for a name
/// that begins with a dot unless the dot is written.
/// </summary>
/// <param name="Segments">Its names, outermost first; never empty, never <c>.</c> or <c>..</c>.</param>
public sealed record PathPattern(IReadOnlyList<string> Segments)
{
    /// <summary>What stands for any number of directories.</summary>
    public const string AnyDepth = "**";

    // A workspace has its own, and nothing else may be put in their place.
    private static readonly string[] Reserved = [".git", ".jj", ".village"];

    /// <summary>Whether it names one path.</summary>
    public bool IsLiteral => Segments.All(IsName);

    /// <summary>The pattern as it was written.</summary>
    public override string ToString() => string.Join('/', Segments);

    /// <summary>Whether a part of a pattern is a plain name.</summary>
    public static bool IsName(string segment) => segment.IndexOfAny(['*', '?']) < 0;

    /// <summary>The patterns of a setting's value; null when one is absolute, leads upwards, or into git's or Village's own directories.</summary>
    public static IReadOnlyList<PathPattern>? TryParseAll(string text)
    {
        var parsed = CommandWords.Split(text)?.Select(TryParse).ToList();
        return parsed is null || parsed.Contains(null) ? null : [.. parsed.OfType<PathPattern>()];
    }

    /// <summary>Whether a name fits a part of a pattern.</summary>
    public static bool Fits(string segment, string name)
    {
        if (name.StartsWith('.') && !segment.StartsWith('.'))
        {
            return false;
        }

        // The last star takes one character more whenever what follows it does not fit.
        var (at, star, restart) = (0, -1, 0);
        for (var i = 0; i < name.Length;)
        {
            if (at < segment.Length && segment[at] is '*')
            {
                (star, restart) = (at++, i);
            }
            else if (at < segment.Length && (segment[at] is '?' || segment[at] == name[i]))
            {
                (at, i) = (at + 1, i + 1);
            }
            else if (star >= 0)
            {
                (at, i) = (star + 1, ++restart);
            }
            else
            {
                return false;
            }
        }

        return segment[at..].All(c => c is '*');
    }

    private static PathPattern? TryParse(string word)
    {
        List<string> segments = [.. word.Split('/').Where(segment => segment is not ("" or "."))];
        return word.StartsWith('/') || segments is [] || segments.Contains("..") || Reserved.Contains(segments[0], StringComparer.OrdinalIgnoreCase)
            ? null
            : new(segments);
    }
}
