using System.Text;
using Village.Configuration;
using Village.Leases;
using Village.Tasks;

namespace Village.Agents;

/// <summary>What an agent is told: the task, where to work, under which rules, and how to report (design, section 6).</summary>
public static class Contract
{
    /// <summary>What stands before the contract of an attempt that goes on with the conversation of one that was broken off.</summary>
    public const string GoOn = """
        You were interrupted. Go on with your task where you stopped: the workspace is as you left it, but for what was running, which was ended.
        What you were told is repeated below; some of it may have changed since.


        """;

    /// <summary>
    /// The Markdown of an attempt. Text of the task stands in it byte for byte; nothing in it is executed, expanded or
    /// interpreted by Village.
    /// </summary>
    public static string Markdown(Lease lease, TaskSpec? task, IReadOnlyList<TaskSpec> all, AgentConfig agent)
    {
        var text = new StringBuilder();
        text.Append("# Task ").Append(lease.Task).Append(": ").Append(task?.Title ?? lease.Task.Value).Append("\n\n");
        text.Append("You are the agent '").Append(agent.Name).Append("', attempt ").Append(lease.Attempt).Append(".\n");
        Section(text, "What to do", task?.Description);
        Section(text, "Done means", task?.Acceptance);
        Section(text, "Design", task?.Design);
        Section(text, "Notes", task?.Notes);
        Section(text, "Builds on", DependencyList(lease, task, all));
        Section(text, "Where to work", $"""
            - Workspace: `{lease.Workspace}`. It is your own copy of the repository; work only inside it.
            - Branch: `{lease.Branch}`. Stay on it and commit your work to it.
            """);
        Section(text, "Rules", $"""
            - Commit what belongs to the task, in small coherent commits. What you leave uncommitted is committed for you.
            - Do not push, merge, or change other branches or worktrees.
            - Do not start anything that outlives you; it will be ended.
            - {(agent.Check.Length > 0 ? $"The work counts as done when this passes in the workspace: `{agent.Check}`" : "The work counts as done when it is committed and differs from where you began.")}
            """);
        Section(text, "How to report", """
            - Needing a person's answer: `village signal waiting --message "what you need"`, and `village signal working` when you go on.
            - Unable to go on: `village signal blocked --message "why"`, then end.
            - Done: end with exit code 0. If you cannot end by yourself: `village signal done`.
            - Done without any change being needed: `village signal done --no-changes --message "why"`.
            """);
        return text.ToString();
    }

    private static string DependencyList(Lease lease, TaskSpec? task, IReadOnlyList<TaskSpec> all) => string.Join('\n',
        from edge in task?.Dependencies ?? []

        // The branches of all tasks begin alike.
        let prefix = lease.Branch![..^lease.Task.Value.Length]
        where edge.IsBlocking
        let target = all.FirstOrDefault(t => t.Id.Value.Equals(edge.DependsOn, StringComparison.OrdinalIgnoreCase))
        select target is null
            ? $"- {edge.DependsOn}"
            : $"- {target.Id}: {target.Title} (its work is on branch `{prefix}{target.Id}`, and in your workspace)");

    private static void Section(StringBuilder text, string title, string? body)
    {
        if (!string.IsNullOrWhiteSpace(body))
        {
            text.Append("\n## ").Append(title).Append("\n\n").Append(body).Append(body.EndsWith('\n') ? "" : "\n");
        }
    }
}
