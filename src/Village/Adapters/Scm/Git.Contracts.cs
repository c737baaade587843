namespace Village.Adapters.Scm;

/// <summary>What completed tasks have left for those that build on them.</summary>
internal sealed partial class Git
{
    /// <inheritdoc/>
    public async Task<string?> ForkPointAsync(string directory, string one, string other, CancellationToken ct)
    {
        var result = await RunAsync(directory, ct, "merge-base", one, other);
        return result.Succeeded ? result.Stdout.Split('\n')[0] : null;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> ChangedFilesAsync(
        string root, IEnumerable<(string From, string To)> pairs, CancellationToken ct)
    {
        var asked = pairs.Where(pair => ObjectId().IsMatch(pair.From) && ObjectId().IsMatch(pair.To)).DistinctBy(pair => pair.To).ToDictionary(pair => pair.To, pair => pair.From, StringComparer.Ordinal);
        var found = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (asked.Count is 0)
        {
            return found;
        }

        // Per pair that differs "TO\0path\0path\0". It leaves out a commit that is gone, and ends at one that was to be compared with.
        var answer = await runner.RunAsync(
            Call(root, Quiet, "diff-tree", "--stdin", "-r", "-z", "--no-renames", "--name-only") with { Input = string.Concat(asked.Select(pair => $"{pair.Key} {pair.Value}\n")) }, ct);
        List<string> current = [];
        foreach (var field in answer.Stdout.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            if (asked.ContainsKey(field) && !found.ContainsKey(field))
            {
                found[field] = current = [];
            }
            else
            {
                current.Add(field);
            }
        }

        return found;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlySet<string>> ContainedAsync(string root, string head, IEnumerable<string> commits, CancellationToken ct)
    {
        var asked = commits.Where(commit => ObjectId().IsMatch(commit)).ToHashSet(StringComparer.Ordinal);
        if (asked.Count is 0)
        {
            return asked;
        }

        // All that the head does not reach; fails when one of them is gone.
        var answer = await RunAsync(root, ct, ["rev-list", .. asked, $"^{head}"]);
        asked.ExceptWith(answer.Succeeded ? answer.Stdout.Split('\n') : asked.ToList());
        return asked;
    }
}
