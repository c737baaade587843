using Village.Beads;

namespace Village.Core.Tests.Beads;

/// <summary>Which store is in use.</summary>
public sealed class TaskSourceChoiceTests
{
    public static TheoryData<bool, bool, bool> All =>
        [.. from i in Enumerable.Range(0, 8) select ((i & 1) > 0, (i & 2) > 0, (i & 4) > 0)];

    // TASKS; own tasks, database, file, bd.
    [Theory]
    [InlineData("embedded", true, true, true, true, TaskSourceKind.Embedded)]
    [InlineData("embedded", false, false, false, false, TaskSourceKind.Embedded)]
    [InlineData("beads", true, true, true, true, TaskSourceKind.Beads)]
    [InlineData("beads", false, false, false, true, TaskSourceKind.Beads)]
    [InlineData("beads", false, true, true, false, TaskSourceKind.BeadsFile)]
    [InlineData("beads", false, false, true, false, TaskSourceKind.BeadsFile)]
    [InlineData("beads", false, true, false, false, TaskSourceKind.Beads)]
    [InlineData("auto", false, false, false, false, TaskSourceKind.Embedded)]
    [InlineData("auto", false, false, false, true, TaskSourceKind.Embedded)]
    [InlineData("auto", false, false, true, true, TaskSourceKind.Embedded)]
    [InlineData("auto", false, false, true, false, TaskSourceKind.Embedded)]
    [InlineData("auto", false, true, true, true, TaskSourceKind.Beads)]
    [InlineData("auto", false, true, false, true, TaskSourceKind.Beads)]
    [InlineData("auto", false, true, true, false, TaskSourceKind.BeadsFile)]
    [InlineData("auto", false, true, false, false, TaskSourceKind.Embedded)]
    public void What_there_is_decides(string setting, bool hasOwn, bool hasDatabase, bool hasFile, bool hasBd, TaskSourceKind kind)
    {
        var choice = TaskSourceChoice.For(new(setting, hasOwn, ".beads", hasDatabase, hasFile, hasBd));

        Assert.Equal(kind, choice.Kind);
        Assert.NotEqual("", choice.Reason);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Tasks_of_ones_own_are_never_left_without_a_word(bool hasDatabase, bool hasFile, bool hasBd) =>
        Assert.Equal(TaskSourceKind.Embedded, TaskSourceChoice.For(new("auto", true, hasDatabase || hasFile ? ".beads" : null, hasDatabase, hasFile, hasBd)).Kind);

    [Theory]
    [MemberData(nameof(All))]
    public void A_setting_is_obeyed(bool hasOwn, bool hasFile, bool hasBd)
    {
        Assert.Equal(TaskSourceKind.Embedded, TaskSourceChoice.For(new("embedded", hasOwn, ".beads", true, hasFile, hasBd)).Kind);
        Assert.NotEqual(TaskSourceKind.Embedded, TaskSourceChoice.For(new("beads", hasOwn, ".beads", true, hasFile, hasBd)).Kind);
    }

    [Fact]
    public void The_other_store_is_one_command_away()
    {
        Assert.Equal("village task move --to beads", TaskSourceChoice.For(new("auto", true, "../b/.beads", true, true, true)).Hint);
        Assert.Equal("village task import ../b/.beads/issues.jsonl", TaskSourceChoice.For(new("auto", false, "../b/.beads", false, true, true)).Hint);
        Assert.Contains("../b/.beads/issues.jsonl is read, which may be old", TaskSourceChoice.For(new("auto", false, "../b/.beads", true, true, false)).Reason, StringComparison.Ordinal);
    }
}
