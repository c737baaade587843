using Village.Agents;
using Village.Core.Tests.Events;
using Village.Core.Tests.Tasks;
using Village.Tasks;

namespace Village.Core.Tests.Agents;

public sealed class ContractDependencyTests
{
    [Fact]
    public void Only_what_a_task_waits_for_itself_is_told_of_with_what_the_log_knows()
    {
        var ledger = EventSamples.Ledger(
            EventSamples.To("bd-b", TaskState.Completed, 1, 1) with { Commit = "c0ffee", Base = "ba5e" },
            EventSamples.To("bd-f", TaskState.Failed, 1, 1) with { Commit = "bad" });

        var found = ContractDependency.Of(
            TaskSamples.Task("bd-a", "blocks:BD-B", "blocks:bd-gone", "related:bd-c", "conditional-blocks:bd-f", "parent-child:bd-d"),
            [TaskSamples.Task("bd-c"), TaskSamples.Task("bd-d"), TaskSamples.Task("bd-b") with { Title = "B" }, TaskSamples.Task("bd-f") with { Title = "F", Status = "closed" }],
            ledger);

        Assert.Equal(
            [
                new("bd-b") { Title = "B", IsCompleted = true, Commit = "c0ffee", Base = "ba5e" },
                new("bd-f") { Title = "F", IsClosed = true },
                new("bd-gone"),
            ],
            found);
        Assert.Empty(ContractDependency.Of(null, [], ledger));
    }

    [Theory]
    [InlineData(true, "b", true, "its work is on branch `b`, and in your workspace")]
    [InlineData(true, "b", false, "its work is on branch `b`, and not in your workspace")]
    [InlineData(true, null, true, "its work is in your workspace")]
    [InlineData(true, null, false, "completed; its branch is gone")]
    [InlineData(false, "b", false, "not done yet; what there is of it is on branch `b`")]
    [InlineData(false, null, false, "not done yet")]
    public void No_branch_is_named_that_is_not_there(bool completed, string? branch, bool contained, string standing) =>
        Assert.Equal([$"- bd-b: B ({standing})"], new ContractDependency("bd-b") { Title = "B", IsCompleted = completed, Branch = branch, IsContained = contained }.Lines());

    [Fact]
    public void What_was_closed_by_hand_is_closed() =>
        Assert.Equal(["- bd-b: B (closed)"], new ContractDependency("bd-b") { Title = "B", IsClosed = true }.Lines());

    [Fact]
    public void Of_many_files_the_first_are_named_and_the_others_counted()
    {
        var lines = new ContractDependency("bd-b") { Title = "B", IsCompleted = true, Commit = "abc", Files = [.. Enumerable.Range(1, 10).Select(n => $"{n}\n")] }.Lines();

        Assert.Equal(
            ["- bd-b: B (completed; its branch is gone)", "  - Last commit: `abc`", @"  - Changed: `1\n`, `2\n`, `3\n`, `4\n`, `5\n`, `6\n`, `7\n`, `8\n` and 2 more"], lines);
    }
}
