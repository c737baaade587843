using System.Text.RegularExpressions;
using Village.Diagnosis;
using Village.Errors;

namespace Village.Adapters.Scm;

/// <summary>Questions about git itself, which must be answered also where nothing else works.</summary>
internal sealed partial class Git
{
    /// <summary>git as a tool: the oldest that has what is used here is the first with <c>merge-tree --write-tree</c>.</summary>
    public static ToolFact Tool(string? version) => new("git", version, new(2, 38), "trial merges (git merge-tree --write-tree)");

    /// <summary>What git says of itself; null when it is not there.</summary>
    public async Task<string?> VersionAsync(string directory, CancellationToken ct)
    {
        try
        {
            return (await FromAnywhereAsync(directory, ct, "version")).Stdout.Trim();
        }
        catch (VillageException missing) when (missing.Kind is ErrorKind.NotReady)
        {
            return null;
        }
    }

    /// <summary>The repository around a directory, or why git does not open it; neither when there is none.</summary>
    public async Task<(Repository? Repository, string? Problem)> TryFindAsync(string directory, CancellationToken ct)
    {
        try
        {
            var found = await FindAsync(directory, ct);
            if (found is not null)
            {
                return (found, null);
            }

            var words = string.Join(' ', (await FromAnywhereAsync(directory, ct, "rev-parse", "--git-dir")).Stderr.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            return (null, words.Contains("not a git repository", StringComparison.Ordinal) ? null : $"git does not open the repository: {Printable.Line(words)}");
        }
        catch (VillageException failure)
        {
            return (null, failure.Hint is null ? failure.Message : $"{failure.Message}: {failure.Hint}");
        }
    }

    /// <summary>Where the configuration says that hooks are, as it says it; null when it does not.</summary>
    public async Task<string?> HooksPathAsync(string root, CancellationToken ct) =>
        (await RunAsync(root, ct, "config", "--get", "core.hooksPath")).Stdout.TrimEnd('\n') is { Length: > 0 } path ? path : null;

    /// <summary>Whether git has files below a path of the repository, so that they are in every workspace.</summary>
    public async Task<bool> TracksAsync(string root, string path, CancellationToken ct) =>
        (await RunAsync(root, ct, "ls-files", "--", path)).Stdout.Length > 0;

    /// <summary>Those of some commits that the repository does not have. One process.</summary>
    public async Task<IReadOnlySet<string>> MissingCommitsAsync(string root, IEnumerable<string> commits, CancellationToken ct)
    {
        var asked = commits.Where(commit => ObjectId().IsMatch(commit)).ToHashSet(StringComparer.Ordinal);
        if (asked.Count is 0)
        {
            return asked;
        }

        // "ID commit\n" for one that is there, "ID missing\n" for one that is not.
        var answer = await runner.RunAsync(
            Call(root, Quiet, "cat-file", "--batch-check=%(objectname) %(objecttype)") with { Input = string.Concat(asked.Select(id => id + "\n")) }, ct);
        return answer.Require().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line.EndsWith(" missing", StringComparison.Ordinal))
            .Select(line => line.Split(' ')[0])
            .ToHashSet(StringComparer.Ordinal);
    }

    [GeneratedRegex("^[0-9a-f]{40}([0-9a-f]{24})?$", RegexOptions.CultureInvariant)]
    private static partial Regex ObjectId();
}
