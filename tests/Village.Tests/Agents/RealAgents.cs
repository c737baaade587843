using Village.Tests.Testing;

namespace Village.Tests.Agents;

/// <summary>Villages whose agents are the real programs that <c>scripts/install-tools test</c> brought, and that reach a scripted model only.</summary>
internal static class RealAgents
{
    /// <summary>A village that is up, whose agent <c>build</c> is of that kind.</summary>
    /// <param name="type">The kind, as in <c>type=</c>.</param>
    /// <param name="settings">Lines for <c>[DEFAULT]</c>.</param>
    /// <param name="agent">Lines for <c>[agent.build]</c>, and further sections.</param>
    /// <param name="environment">What the agent finds its model by.</param>
    public static async Task<TestVillage> UpAsync(string type, string settings, string agent, params (string Name, string Value)[] environment)
    {
        var village = TestVillage.Create();
        Directory.CreateDirectory(village.State);
        await File.WriteAllTextAsync(Path.Combine(village.State, "config"), $"[DEFAULT]\nDEFAULT_AGENT=build\n{settings}\n[agent.build]\ntype={type}\n{agent}\n");
        village.Environment["PATH"] = $"{Path.Combine(SourceRoot.Path, "artifacts", "tools", type, "bin")}:{village.Environment["PATH"]}";
        foreach (var (name, value) in environment)
        {
            village.Environment[name] = value;
        }

        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        return village;
    }

    extension(TestVillage village)
    {
        /// <summary>How each of some tasks stands: <c>failed no_changes</c>.</summary>
        public async Task<IReadOnlyList<string>> EndsAsync(params string[] tasks) =>
            await Task.WhenAll(tasks.Select(async task => await village.StateAsync(task) is var story ? $"{story.State} {story.Reason}".TrimEnd() : ""));

        /// <summary>Kills every process of the sandbox, tmux's apart, as a crash would.</summary>
        public async Task KillAllAsync()
        {
            foreach (var id in village.Processes())
            {
                village.TryTool("kill", "-9", $"{id}");
            }

            await TestVillage.EventuallyAsync(() => village.Processes() is [], "all of it is gone");
        }
    }
}
