namespace Village;

/// <summary>Finds what was probably meant.</summary>
public static class Nearest
{
    /// <summary>The candidate with the fewest edits, or null when none is near (at most a third of the letters, at least one).</summary>
    public static string? Of(string text, IEnumerable<string> candidates) => candidates
        .Select(candidate => (candidate, edits: Edits(text.ToUpperInvariant(), candidate.ToUpperInvariant())))
        .Where(found => found.edits <= Math.Max(1, Math.Min(text.Length, found.candidate.Length) / 3))
        .OrderBy(found => found.edits)
        .ThenBy(found => found.candidate, StringComparer.Ordinal)
        .Select(found => found.candidate)
        .FirstOrDefault();

    // Levenshtein's distance with one row; a swap of neighbours counts as two, which is near enough.
    private static int Edits(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
