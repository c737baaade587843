namespace Village.Diagnosis;

/// <summary>Names the differences of one sort. Each rule is one pure function.</summary>
/// <param name="facts">All that was seen.</param>
public delegate IEnumerable<Finding> DiagnosisRule(Facts facts);

/// <summary>The decision of <c>doctor</c>: from what was seen to what is wrong.</summary>
public static class DiagnosisRules
{
    /// <summary>Every finding: errors first, then by rule.</summary>
    public static IReadOnlyList<Finding> Apply(Facts facts) =>
        [.. StateRules.All.Concat(WorkRules.All).Concat(GroundRules.All).SelectMany(rule => rule(facts)).OrderBy(finding => !finding.IsError)];
}
