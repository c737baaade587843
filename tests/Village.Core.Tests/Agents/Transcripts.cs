using System.Runtime.CompilerServices;
using System.Text.Json;
using Village.Agents;

namespace Village.Core.Tests.Agents;

/// <summary>What real agents printed, recorded with the version that the preset names, in <c>Transcripts/</c>.</summary>
internal static class Transcripts
{
    /// <summary>The fold of a recorded run.</summary>
    public static AgentRecord Fold(AgentPreset preset, string name, AgentRecord? before = null) => News(preset, name).Aggregate(before ?? AgentRecord.Empty, (record, news) => record.With(news));

    /// <summary>The lines that a person would have seen.</summary>
    public static IReadOnlyList<string> Shown(AgentPreset preset, string name) => [.. News(preset, name).Select(news => news.Line).OfType<string>()];

    private static IEnumerable<AgentNews> News(AgentPreset preset, string name) =>
        from line in File.ReadLines(Path.Combine(Here(), "Transcripts", $"{name}.ndjson"))
        where line.StartsWith('{')
        from news in preset.Read(JsonDocument.Parse(line).RootElement, DateTimeOffset.UnixEpoch)
        select news;

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
