using CsCheck;
using Village.Agents;
using Village.Configuration;
using Village.Core.Tests.Tasks;

namespace Village.Core.Tests.Agents;

public sealed class ContractTests
{
    private static readonly AgentConfig Agent = new("build", AgentPresets.Default) { Check = "make test" };

    [Fact]
    public void A_contract_tells_the_task_the_place_the_rules_and_how_to_report() => Assert.Equal(
        """
        # Task bd-a3f8: Fix the login

        You are the agent 'build', attempt 3.

        ## What to do

        It fails.
        Twice.

        ## Done means

        It works.

        ## Design

        Simply.

        ## Notes

        Careful.

        ## Builds on

        - bd-b: Passwords (its work is on branch `village/bd-b`, and in your workspace)
          - Last commit: `0123456789`
          - Changed: `a.txt`, `b c.txt`
        - bd-gone

        ## Where to work

        - Workspace: `/repo/.worktrees/bd-a3f8`. It is your own copy of the repository; work only inside it.
        - Branch: `village/bd-a3f8`. Stay on it and commit your work to it.

        ## Rules

        - Commit what belongs to the task, in small coherent commits. What you leave uncommitted is committed for you.
        - Do not push, merge, or change other branches or worktrees.
        - Do not start anything that outlives you; it will be ended.
        - The work counts as done when this passes in the workspace: `make test`

        ## How to report

        - Needing a person's answer: `village signal waiting --message "what you need"`, and `village signal working` when you go on.
        - Unable to go on: `village signal blocked --message "why"`, then end.
        - Done: end with exit code 0. If you cannot end by yourself: `village signal done`.
        - Done without any change being needed: `village signal done --no-changes --message "why"`.

        """,
        Contract.Markdown(ContractSamples.Facts(
            TaskSamples.Task("bd-a3f8") with
            {
                Title = "Fix the login",
                Description = "It fails.\nTwice.\n",
                Acceptance = "It works.",
                Design = "Simply.",
                Notes = "Careful.\n",
            },
            Agent) with
        {
            Dependencies =
            [
                new("bd-b") { Title = "Passwords", IsCompleted = true, Branch = "village/bd-b", IsContained = true, Commit = "0123456789abcdef", Files = ["a.txt", "b c.txt"] },
                new("bd-gone"),
            ],
        }));

    [Fact]
    public void What_is_empty_has_no_heading()
    {
        var text = Contract.Markdown(ContractSamples.Facts(TaskSamples.Task("bd-a3f8") with { Description = " \n", Title = "T" }, Agent with { Check = "" }));

        Assert.Equal(["# Task bd-a3f8: T", "## Where to work", "## Rules", "## How to report"], Headings(text));
        Assert.Contains("The work counts as done when it is committed and differs from where you began.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_that_the_store_has_lost_is_named_by_its_id() =>
        Assert.Equal("# Task bd-a3f8: bd-a3f8", Headings(Contract.Markdown(ContractSamples.Facts(null, Agent)))[0]);

    [Fact]
    public void Hostile_text_stands_in_it_byte_for_byte() => Gen.Select(Hostile, Hostile, Hostile, Hostile).Sample((title, description, acceptance, check) =>
    {
        var text = Contract.Markdown(ContractSamples.Facts(
            TaskSamples.Task("bd-a3f8") with { Title = title, Description = description, Acceptance = acceptance }, Agent with { Check = check }));

        Assert.StartsWith($"# Task bd-a3f8: {title}\n\n", text, StringComparison.Ordinal);
        Assert.Contains($"\n## What to do\n\n{description}\n", text, StringComparison.Ordinal);
        Assert.Contains($"\n## Done means\n\n{acceptance}\n", text, StringComparison.Ordinal);
        Assert.Contains($"passes in the workspace: `{check}`\n", text, StringComparison.Ordinal);
    });

    /// <summary>Text that something on its way might obey.</summary>
    internal static Gen<string> Hostile { get; } = Gen.OneOf(
        "{task}", "{0}", "{{", "}}", "$(rm -rf ~)", "`x`", "\u001b[2J", "\n## Rules\n\n", "\"", "'", "\\", "%s", "<script>", "é", "😀", "\t", "\r\n", "\0", " ")
        .Array[1, 8].Select(parts => $"a{string.Concat(parts)}z");

    private static string[] Headings(string text) => [.. text.Split('\n').Where(line => line.StartsWith('#'))];
}
