using Village.Diagnosis;
using Village.Hosting;
using Village.Reports;

namespace Village.Operations;

/// <summary>Examines a village and, if asked, mends it.</summary>
internal static class Doctor
{
    // One mended thing may show another, such as a lease that is stale once it agrees with the log.
    private const int Rounds = 3;

    /// <summary>What is wrong; changes nothing.</summary>
    public static async Task<DoctorReport> ExamineAsync(BrokenVillage found, Action<string> progress, CancellationToken ct) =>
        new([.. (await new Examine(found, progress).RunAsync(ct)).Select(finding => FindingRow.Of(finding, isFixed: null, null))]);

    /// <summary>Mends what can be mended, and tells of each finding whether it is gone when everything is looked at again.</summary>
    public static async Task<DoctorReport> FixAsync(BrokenVillage found, Action<string> progress, CancellationToken ct)
    {
        List<Finding> all = [];
        Dictionary<Finding, string?> problems = [];
        var now = await new Examine(found, progress).RunAsync(ct);
        for (var round = 0; round < Rounds && Fresh(now, problems) is { Count: > 0 } fresh; round++)
        {
            all.AddRange(now.Where(finding => !all.Any(finding.IsLike)));
            foreach (var finding in fresh)
            {
                progress($"mending: {finding.Message}");
                problems[finding] = await new Mend(found.Village).RunAsync(finding, ct);
            }

            now = await new Examine(found, progress).RunAsync(ct);
        }

        all.AddRange(now.Where(finding => !all.Any(finding.IsLike)));
        return new([
            .. from finding in all
               orderby !finding.IsError
               select FindingRow.Of(finding, !now.Any(finding.IsLike), problems.GetValueOrDefault(finding)),
        ]);
    }

    private static IReadOnlyList<Finding> Fresh(IReadOnlyList<Finding> now, Dictionary<Finding, string?> tried) =>
        [.. now.Where(finding => finding.Fix is not null && !tried.Keys.Any(finding.IsLike))];
}
