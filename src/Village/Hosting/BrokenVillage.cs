using Village.Diagnosis;

namespace Village.Hosting;

/// <summary>A village that was opened without asking that anything in it be right.</summary>
/// <param name="Village">The village, with defaults for what could not be read.</param>
/// <param name="GitVersion">What git says of itself, or null when it is not there.</param>
/// <param name="GitProblem">Why git does not open the repository, or null.</param>
/// <param name="UnreadableConfigs">Configuration files that cannot be read.</param>
/// <param name="BadSettings">Lines and values that cannot be.</param>
internal sealed record BrokenVillage(
    VillageContext Village, string? GitVersion, string? GitProblem, IReadOnlyList<Remark> UnreadableConfigs, IReadOnlyList<string> BadSettings)
{
    /// <summary>Whether questions to git about the repository have answers.</summary>
    public bool GitWorks => GitVersion is not null && GitProblem is null;
}
