using Village.Diagnosis;

namespace Village.Hosting;

/// <summary>A village that was opened without asking that anything in it be right.</summary>
/// <param name="Village">The village, with defaults for what could not be read.</param>
/// <param name="GitVersion">What git says of itself, or null when it is not there.</param>
/// <param name="JujutsuVersion">What jj says of itself; null when it is not there, or not wanted.</param>
/// <param name="GitProblem">Why the repository does not open, or null.</param>
/// <param name="UnreadableConfigs">Configuration files that cannot be read.</param>
/// <param name="BadSettings">Lines and values that cannot be.</param>
internal sealed record BrokenVillage(
    VillageContext Village, string? GitVersion, string? JujutsuVersion, string? GitProblem, IReadOnlyList<Remark> UnreadableConfigs, IReadOnlyList<string> BadSettings)
{
    /// <summary>Whether questions about the repository have answers.</summary>
    public bool GitWorks => GitVersion is not null && GitProblem is null && (!Village.Config.UsesJujutsu || JujutsuVersion is not null);
}
