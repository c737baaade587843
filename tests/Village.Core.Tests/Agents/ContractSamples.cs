using Village.Agents;
using Village.Configuration;
using Village.Tasks;

namespace Village.Core.Tests.Agents;

/// <summary>What a contract tells, for tests.</summary>
internal static class ContractSamples
{
    /// <summary>The third attempt of an agent at bd-a3f8.</summary>
    public static ContractFacts Facts(TaskSpec? task, AgentConfig? agent = null) => new()
    {
        Task = TaskId.Parse("bd-a3f8"),
        Spec = task,
        Agent = agent ?? new AgentConfig("build", AgentPresets.Default),
        Attempt = 3,
        Workspace = "/repo/.worktrees/bd-a3f8",
        Branch = "village/bd-a3f8",
    };
}
