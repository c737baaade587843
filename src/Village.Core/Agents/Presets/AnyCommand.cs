using System.Text.RegularExpressions;

namespace Village.Agents.Presets;

/// <summary>
/// Any program. It says with {contract} or {prompt} in its command line where it wants the contract, else that comes on
/// standard input; it tells of itself with <c>village signal</c>, if it likes.
/// </summary>
public sealed partial class AnyCommand : AgentPreset
{
    /// <inheritdoc/>
    public override string Name => "command";

    /// <inheritdoc/>
    public override string Tried => "";

    /// <inheritdoc/>
    public override string Install => "put the program on PATH, or its path into command=";

    /// <inheritdoc/>
    public override bool CanBeToldMore => false;

    /// <inheritdoc/>
    public override AgentCall Call(AgentOrder order)
    {
        // All in one go: a path or the prompt may itself hold what looks like a placeholder.
        string Fill(string word) => Placeholder().Replace(word, found => found.Value switch
        {
            "{contract}" => order.ContractPath,
            "{task}" => order.Task.Value,
            "{workspace}" => order.Workspace,
            "{session}" => order.Session ?? "",
            _ => order.Contract,
        });
        var words = order.Agent.Command.Concat(order.Agent.Args).ToList();
        var takesItself = words.Any(word =>
            word.Contains("{contract}", StringComparison.Ordinal) || word.Contains("{prompt}", StringComparison.Ordinal));
        return new([.. words.Select(Fill)], takesItself ? null : order.ContractPath);
    }

    [GeneratedRegex(@"\{(?:contract|task|workspace|session|prompt)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
