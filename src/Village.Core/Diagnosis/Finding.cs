using System.Text.Json;

namespace Village.Diagnosis;

/// <summary>A difference between how things are and how they should be.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Subject">What it is about: a task, a file, a tool; or null.</param>
/// <param name="IsError">Whether something is broken; otherwise it is a warning.</param>
/// <param name="Message">The difference, in a sentence.</param>
/// <param name="Fix">What <c>doctor --fix</c> would do about it, or null when it is for a person.</param>
public sealed record Finding(FindingKind Kind, string? Subject, bool IsError, string Message, string? Fix)
{
    /// <summary>Something is broken.</summary>
    public static Finding Error(FindingKind kind, string? subject, string message, string? fix = null) => new(kind, subject, true, message, fix);

    /// <summary>Something is odd, and stops nothing.</summary>
    public static Finding Warning(FindingKind kind, string? subject, string message, string? fix = null) => new(kind, subject, false, message, fix);

    /// <summary>Whether it may be gone in a moment: what is just ending is seen without its lease, or with one that is over.</summary>
    public bool IsFleeting { get; init; }

    /// <summary>Whether two findings are about the same thing.</summary>
    public bool IsLike(Finding other) => Kind == other.Kind && Subject == other.Subject;
}

/// <summary>Names of the kinds.</summary>
public static class FindingKinds
{
    /// <summary>The name in JSON, events and documents: <c>lease_behind_log</c>.</summary>
    public static string Name(this FindingKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());
}
