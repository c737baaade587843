using System.Text;
using Village.Configuration;
using Village.Tasks;

namespace Village.Agents;

/// <summary>Everything that decides how an agent is started for one attempt.</summary>
public sealed record AgentOrder
{
    /// <summary>The agent as configured.</summary>
    public required AgentConfig Agent { get; init; }

    /// <summary>The task.</summary>
    public required TaskId Task { get; init; }

    /// <summary>The workspace, absolute.</summary>
    public required string Workspace { get; init; }

    /// <summary>The contract's file, absolute.</summary>
    public required string ContractPath { get; init; }

    /// <summary>The contract's text.</summary>
    public required string Contract { get; init; }

    /// <summary>The contract as one argument; where it is longer than the kernel takes (128 KiB), a sentence that names its file.</summary>
    public string Prompt => Encoding.UTF8.GetByteCount(Contract) < 120_000
        ? Contract
        : $"Your task is described in the file {ContractPath}. Read all of it, then do what it says.";

    /// <summary>A directory of this attempt's own, absolute: where the files of <see cref="AgentCall.Files"/> are put.</summary>
    public required string Directory { get; init; }

    /// <summary>The program <c>village</c>, for hooks.</summary>
    public required string Village { get; init; }

    /// <summary>What a commit writes to outside of the workspace, absolute: the repository's common directory, the worktree's own.</summary>
    public IReadOnlyList<string> RepositoryDirectories { get; init; } = [];

    /// <summary>The environment as it would be without the agent's own variables.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The conversation to go on with, or null for a new one.</summary>
    public string? Session { get; init; }

    /// <summary>A fresh UUID, for agents that let the caller name a new conversation.</summary>
    public string NewSession { get; init; } = "";
}
