using System.Text;

namespace Village.Agents;

/// <summary>
/// The built-in contract: the task, where to work, under which rules, and how to report (design, section 6). Text of the task
/// stands in it byte for byte; nothing in it is executed, expanded or interpreted by Village.
/// </summary>
public static class Contract
{
    /// <summary>What stands before the contract of an attempt that goes on with the conversation of one that was broken off.</summary>
    public const string GoOn = """
        You were interrupted. Go on with your task where you stopped: the workspace is as you left it, but for what was running, which was ended.
        What you were told is repeated below; some of it may have changed since.


        """;

    /// <summary>How to report.</summary>
    public const string Report = """
        - Needing a person's answer: `village signal waiting --message "what you need"`, and `village signal working` when you go on.
        - Unable to go on: `village signal blocked --message "why"`, then end.
        - Done: end with exit code 0. If you cannot end by yourself: `village signal done`.
        - Done without any change being needed: `village signal done --no-changes --message "why"`.
        """;

    /// <summary>The whole Markdown of an attempt.</summary>
    public static string Markdown(ContractFacts facts)
    {
        var text = new StringBuilder();
        text.Append("# Task ").Append(facts.Task).Append(": ").Append(facts.Title).Append("\n\n");
        text.Append("You are the agent '").Append(facts.Agent.Name).Append("', attempt ").Append(facts.Attempt).Append(".\n");
        Section(text, "What to do", facts.Spec?.Description);
        Section(text, "Done means", facts.Spec?.Acceptance);
        Section(text, "Design", facts.Spec?.Design);
        Section(text, "Notes", facts.Spec?.Notes);
        Section(text, "Builds on", Dependencies(facts));
        Section(text, "Where to work", $"""
            - Workspace: `{facts.Workspace}`. It is your own copy of the repository; work only inside it.
            - Branch: `{facts.Branch}`. Stay on it and commit your work to it.
            """);
        Section(text, "Rules", Rules(facts));
        Section(text, "How to report", Report);
        return text.ToString();
    }

    /// <summary>What it builds on, a line or more for each task that it waits for; empty when it waits for none.</summary>
    public static string Dependencies(ContractFacts facts) => string.Join('\n', facts.Dependencies.SelectMany(dependency => dependency.Lines()));

    /// <summary>The rules, the check among them.</summary>
    public static string Rules(ContractFacts facts) => $"""
        - Commit what belongs to the task, in small coherent commits. What you leave uncommitted is committed for you.
        - Do not push, merge, or change other branches or worktrees.
        - Do not start anything that outlives you; it will be ended.
        - {(facts.Agent.Check.Length > 0 ? $"The work counts as done when this passes in the workspace: `{facts.Agent.Check}`" : "The work counts as done when it is committed and differs from where you began.")}
        """;

    private static void Section(StringBuilder text, string title, string? body)
    {
        if (!string.IsNullOrWhiteSpace(body))
        {
            text.Append("\n## ").Append(title).Append("\n\n").Append(body).Append(body.EndsWith('\n') ? "" : "\n");
        }
    }
}
