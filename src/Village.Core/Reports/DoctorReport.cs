using System.Text.Json.Serialization;
using Village.Diagnosis;

namespace Village.Reports;

/// <summary>A finding, and what became of it.</summary>
/// <param name="Kind">What it is: <c>stale_lease</c>.</param>
/// <param name="Subject">What it is about, or null.</param>
/// <param name="Severity">error or warning.</param>
/// <param name="Message">The difference, in a sentence.</param>
/// <param name="Fix">What <c>--fix</c> would do, or null when it is for a person.</param>
/// <param name="Fixed">Whether it is gone; null without <c>--fix</c>.</param>
public sealed record FindingRow(string Kind, string? Subject, string Severity, string Message, string? Fix, bool? Fixed)
{
    /// <summary>Why it could not be mended, for people; null otherwise.</summary>
    [JsonIgnore]
    public string? Problem { get; init; }

    /// <summary>Whether it is an error.</summary>
    [JsonIgnore]
    public bool IsError => Severity is "error";

    /// <summary>The row of a finding.</summary>
    public static FindingRow Of(Finding finding, bool? isFixed, string? problem) =>
        new(finding.Kind.Name(), finding.Subject, finding.IsError ? "error" : "warning", finding.Message, finding.Fix, isFixed) { Problem = problem };
}

/// <summary>The answer of <c>doctor</c>; no findings means that all is well.</summary>
/// <param name="Findings">Errors first.</param>
public sealed record DoctorReport(IReadOnlyList<FindingRow> Findings) : Report("doctor");
