using System.Globalization;
using System.Text.RegularExpressions;

namespace Village.Agents;

/// <summary>
/// A contract as the team writes it, with placeholders. A sample:
/// <code>
/// # {task_id}: {title}
/// {description}
/// Read docs/style.md first. Before you commit, run `{check}`.
/// ## Rules
/// {rules}
/// ## How to report
/// {report}
/// </code>
/// What is no placeholder of ours stays as it is, and so do <c>${name}</c> and <c>{{name}}</c>.
/// </summary>
public static partial class ContractTemplate
{
    private static readonly IReadOnlyList<(string Name, Func<ContractFacts, string> Value)> Known =
    [
        ("task_id", facts => facts.Task.Value),
        ("task", facts => facts.Task.Value),
        ("title", facts => facts.Title),
        ("description", facts => facts.Spec?.Description ?? ""),
        ("acceptance", facts => facts.Spec?.Acceptance ?? ""),
        ("design", facts => facts.Spec?.Design ?? ""),
        ("notes", facts => facts.Spec?.Notes ?? ""),
        ("dependencies", Contract.Dependencies),
        ("workspace", facts => facts.Workspace),
        ("branch", facts => facts.Branch),
        ("check", facts => facts.Agent.Check),
        ("agent", facts => facts.Agent.Name),
        ("attempt", facts => facts.Attempt.ToString(CultureInfo.InvariantCulture)),
        ("rules", Contract.Rules),
        ("report", _ => Contract.Report),
        ("builtin", Contract.Markdown),
    ];

    // Any of these tells the agent which task it has.
    private static readonly string[] Naming = ["task_id", "task", "title", "description", "builtin"];

    /// <summary>The names of the placeholders, in the order of the documents.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(known => known.Name)];

    /// <summary>
    /// The text with its placeholders filled, all in one pass: what looks like one in the text of a task stays text. One that
    /// never names the task is completed with the built-in contract. A warning for each placeholder that means nothing.
    /// </summary>
    public static (string Text, IReadOnlyList<string> Warnings) Fill(string template, ContractFacts facts)
    {
        List<string> used = [];
        List<string> unknown = [];
        var text = Placeholder().Replace(template, found =>
        {
            var name = found.Groups[1].Value;
            var value = Known.FirstOrDefault(known => known.Name == name).Value;
            (value is null ? unknown : used).Add(name);
            return value is null ? found.Value : value(facts);
        });
        return (
            used.Exists(Naming.Contains) ? text : Complete(text, facts),
            [.. unknown.Distinct().Select(name => ContractWarning.UnknownPlaceholder(name, Names))]);
    }

    /// <summary>A text that knows nothing of the task, with the built-in contract after it.</summary>
    public static string Complete(string text, ContractFacts facts) =>
        text.TrimEnd() is { Length: > 0 } said ? $"{said}\n\n{Contract.Markdown(facts)}" : Contract.Markdown(facts);

    [GeneratedRegex(@"(?<![${])\{([a-z][a-z_]*)\}(?!\})", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
