using Village.Agents.Presets;

namespace Village.Agents;

/// <summary>Every kind of agent there is. Another one is one more file in <c>Presets</c> and one more line here.</summary>
public static class AgentPresets
{
    /// <summary>What runs where nothing else is said.</summary>
    public static AgentPreset Default { get; } = new Opencode();

    /// <summary>Any other program, by <c>command=</c>.</summary>
    public static AgentPreset Command { get; } = new AnyCommand();

    /// <summary>All of them, in the order of the reference.</summary>
    public static IReadOnlyList<AgentPreset> All { get; } = [Default, new Claude(), new Codex(), new Gemini(), new Copilot(), new Pi(), new Qwen(), Command];

    /// <summary>The one of that name, whatever its case; or null.</summary>
    public static AgentPreset? Find(string name) => All.FirstOrDefault(preset => preset.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
