using Village.Agents;
using Village.Configuration;
using Village.Tasks;

namespace Village.Core.Tests.Agents;

/// <summary>Orders for tests of presets.</summary>
internal static class AgentOrders
{
    /// <summary>Where the contract of an order is.</summary>
    public const string Contract = "/repo/.village/contracts/bd-a3f8/1.md";

    /// <summary>An order of a new attempt at bd-a3f8, to be changed with <c>with</c>.</summary>
    public static AgentOrder Of(AgentPreset preset, Func<AgentConfig, AgentConfig>? change = null) => new()
    {
        Agent = (change ?? (agent => agent))(new AgentConfig("build", preset)),
        Task = TaskId.Parse("bd-a3f8"),
        Workspace = "/repo/.worktrees/bd-a3f8",
        ContractPath = Contract,
        Contract = "do it",
        Directory = "/repo/.village/contracts/bd-a3f8",
        Village = "/opt/village",
        RepositoryDirectories = ["/repo/.git", "/repo/.git/worktrees/bd-a3f8"],
        NewSession = "0b5c1a60-3c8b-4a53-9d1b-1d2f3a4b5c6d",
    };
}
