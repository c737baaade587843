using Village.Configuration;

namespace Village.Metrics;

/// <summary>The labels that a user puts on every metric.</summary>
public static class MetricLabels
{
    // What the metrics use themselves.
    private static readonly string[] Taken = ["agent", "result", "state", "reason", "kind", "version", "le"];

    /// <summary>Reads <c>repo=shop team=web</c>; null when a word is no label, or a name is there twice or already in use.</summary>
    public static IReadOnlyList<MetricLabel>? TryParse(string text)
    {
        if (CommandWords.Split(text) is not { } words)
        {
            return null;
        }

        var labels = words.Select(word => word.Split('=', 2)).ToList();
        return labels.All(label => label is [var name, _] && IsName(name) && !Taken.Contains(name)) && labels.DistinctBy(label => label[0]).Count() == labels.Count
            ? [.. labels.Select(label => new MetricLabel(label[0], label[1]))]
            : null;
    }

    // Prometheus keeps names that begin with two underscores for itself.
    private static bool IsName(string text) => text.Length > 0 && !char.IsAsciiDigit(text[0]) && !text.StartsWith("__", StringComparison.Ordinal)
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_');
}
