using System.Text.RegularExpressions;
using Village.Configuration;
using Village.Leases;

namespace Village.Agents;

/// <summary>How an agent is started: an argument list, and what it reads on standard input.</summary>
/// <param name="Words">The program and its arguments.</param>
/// <param name="Input">The file on standard input, or null for the terminal.</param>
public sealed partial record AgentCall(IReadOnlyList<string> Words, string? Input)
{
    /// <summary>
    /// The call of an agent for one attempt. opencode reads its prompt on standard input, byte for byte; its own argument
    /// list would be quoted anew. A command says with {contract} or {prompt} where it wants it, else it comes on
    /// standard input too.
    /// </summary>
    public static AgentCall For(AgentConfig agent, Lease lease, string contractPath, string contract)
    {
        if (!agent.IsCommand)
        {
            return new(["opencode", "run", .. agent.OpencodeArgs, "--title", lease.Task.Value], contractPath);
        }

        // All in one go: a path or the prompt may itself hold what looks like a placeholder.
        string Fill(string word) => Placeholder().Replace(word, found => found.Value switch
        {
            "{contract}" => contractPath,
            "{task}" => lease.Task.Value,
            "{workspace}" => lease.Workspace ?? "",
            _ => contract,
        });
        var takesItself = agent.Command.Any(word =>
            word.Contains("{contract}", StringComparison.Ordinal) || word.Contains("{prompt}", StringComparison.Ordinal));
        return new([.. agent.Command.Select(Fill)], takesItself ? null : contractPath);
    }

    [GeneratedRegex(@"\{(?:contract|task|workspace|prompt)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
