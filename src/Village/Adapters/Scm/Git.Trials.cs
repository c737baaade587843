using Village.Adapters.Processes;
using Village.Conflicts;

namespace Village.Adapters.Scm;

/// <summary>Questions about work that stays as it is: what it changed, and whether it merges.</summary>
internal sealed partial class Git
{
    /// <inheritdoc/>
    public IReadOnlyDictionary<string, WorkTree> WorkTreesOf(IReadOnlyList<Checkout> checkouts, string directory)
    {
        var found = new Dictionary<string, WorkTree>(StringComparer.Ordinal);
        foreach (var checkout in checkouts.Where(checkout => Path.GetDirectoryName(checkout.Path) == directory))
        {
            if (RegistrationOf(checkout.Path) is not { } registration)
            {
                continue;
            }

            try
            {
                var merging = Path.Combine(registration, "MERGE_HEAD");
                found[Path.GetFileName(checkout.Path)] = new(
                    checkout.Path, registration, Path.Combine(registration, "index"), checkout.Head, File.Exists(merging) ? File.ReadAllLines(merging) : []);
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // Its directory is not there, or is being removed.
            }
        }

        return found;
    }

    /// <inheritdoc/>
    public Task<ConflictMatrix> PredictAsync(TrialGround ground, IReadOnlyList<TrialWork> works, IReadOnlySet<string> wanted, CancellationToken ct) =>
        TrialMerges.PredictAsync(runner, ground, works, wanted, jujutsu: null, ct);

    /// <summary>The same, merged as jj would.</summary>
    public Task<ConflictMatrix> PredictAsync(TrialGround ground, IReadOnlyList<TrialWork> works, IReadOnlySet<string> wanted, Func<string, string?, IReadOnlyList<string>, CancellationToken, Task<ToolResult>> jj, CancellationToken ct) =>
        TrialMerges.PredictAsync(
            runner, ground, works, wanted,
            new JujutsuMerges(jj, (store, arguments, input, stop) => runner.RunAsync(TrialCommits.Call(ground, store, null, arguments) with { Input = input }, stop)),
            ct);
}
