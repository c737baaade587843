using Village.Conflicts;

namespace Village.Adapters.Scm;

/// <summary>Questions about work that stays as it is: what it changed, and whether it merges.</summary>
internal sealed partial class Git
{
    /// <summary>The worktrees directly below a directory, by name, of a list of checkouts. No process.</summary>
    public static IReadOnlyDictionary<string, WorkTree> WorkTreesOf(IReadOnlyList<Checkout> checkouts, string directory)
    {
        var found = new Dictionary<string, WorkTree>(StringComparer.Ordinal);
        foreach (var checkout in checkouts.Where(checkout => Path.GetDirectoryName(checkout.Path) == directory))
        {
            try
            {
                var registration = RegistrationOf(checkout.Path);
                var merging = Path.Combine(registration, "MERGE_HEAD");
                found[Path.GetFileName(checkout.Path)] = new(
                    checkout.Path, registration, Path.Combine(registration, "index"), checkout.Head, File.Exists(merging) ? File.ReadAllLines(merging) : []);
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
            {
                // Its directory is not there, or is being removed.
            }
        }

        return found;
    }

    /// <summary>How all pairs of some work would merge, touching none of it; with <paramref name="wanted"/> only pairs with those tasks.</summary>
    public Task<ConflictMatrix> PredictAsync(TrialGround ground, IReadOnlyList<TrialWork> works, IReadOnlySet<string> wanted, CancellationToken ct) =>
        TrialMerges.PredictAsync(runner, ground, works, wanted, ct);
}
