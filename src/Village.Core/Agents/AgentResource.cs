using System.Text;

namespace Village.Agents;

/// <summary>Files that agents are given, kept beside their presets and carried in the program.</summary>
internal static class AgentResource
{
    /// <summary>The text of a file of <c>Presets/</c>.</summary>
    public static string Read(string name)
    {
        using var stream = typeof(AgentResource).Assembly.GetManifestResourceStream($"Village.Agents.Presets.{name}")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
