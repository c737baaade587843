namespace Village.Conflicts;

/// <summary>Where the work of a branch begins, found in one list of commits for all branches.</summary>
public static class TrialBases
{
    /// <summary>
    /// The one commit from which the work of <paramref name="head"/> comes that is in none of <paramref name="bases"/>: the head
    /// itself when there is no such work, an empty text when the work has no beginning outside of itself, null when several
    /// commits could be it.
    /// </summary>
    /// <param name="parents">The parents of each commit that is in no base branch.</param>
    /// <param name="head">The tip.</param>
    /// <param name="bases">Commits that the work may have come from, besides the base branch.</param>
    public static string? Of(IReadOnlyDictionary<string, IReadOnlyList<string>> parents, string head, IEnumerable<string> bases)
    {
        var landed = Reach(parents, bases, new HashSet<string>(StringComparer.Ordinal));
        var own = Reach(parents, [head], landed);
        if (own.Count is 0)
        {
            return head;
        }

        var edge = own.SelectMany(commit => parents[commit]).Where(commit => !own.Contains(commit)).Distinct(StringComparer.Ordinal).ToList();
        return edge switch { [] => "", [var only] => only, _ => null };
    }

    /// <summary>The parents of each commit, from a list of commits.</summary>
    /// <remarks>
    /// <c>git rev-list --parents</c> prints a line a commit, its parents behind it:
    /// <code>
    /// 3e3fbac54074602b096299cc5432dcb51f66b6d7 ea85e13a0ad71b4f9a17bc3094b0c2755959d97d
    /// </code>
    /// </remarks>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Parse(string list) => list
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' '))
        .ToDictionary(words => words[0], IReadOnlyList<string> (words) => words[1..], StringComparer.Ordinal);

    // What can be reached inside the list; nothing else is asked for.
    private static HashSet<string> Reach(IReadOnlyDictionary<string, IReadOnlyList<string>> parents, IEnumerable<string> from, HashSet<string> except)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(from);
        while (open.TryPop(out var commit))
        {
            if (!except.Contains(commit) && parents.TryGetValue(commit, out var next) && found.Add(commit))
            {
                foreach (var parent in next)
                {
                    open.Push(parent);
                }
            }
        }

        return found;
    }
}
