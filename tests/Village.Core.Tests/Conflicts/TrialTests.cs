using Village.Conflicts;

namespace Village.Core.Tests.Conflicts;

/// <summary>What is kept of trials, and where work begins.</summary>
public sealed class TrialTests
{
    private static readonly FileStamp Stamp = new(100, 1, 90, 2, 7, 8);
    private static readonly WorkspaceSeal Seal = new("c0ffee", "aa bb", Stamp, default, [new("", Stamp), new("dir with \n break", Stamp with { Size = 9 })]);

    [Theory]
    [InlineData(102u, true)]
    [InlineData(101u, false)]
    [InlineData(50u, false)]
    public void A_stamp_is_settled_once_no_later_change_can_look_the_same(uint second, bool settled) => Assert.Equal(settled, Stamp.IsSettledAt(second));

    [Fact]
    public void A_seal_is_read_as_it_was_written()
    {
        var read = WorkspaceSeal.TryParse(Seal.Format())!;

        Assert.Equal((Seal.Commit, Seal.Parents, Seal.Index, Seal.Settings), (read.Commit, read.Parents, read.Index, read.Settings));
        Assert.Equal(Seal.Watched, read.Watched);
    }

    // A kill while it is written must not leave a seal that watches less.
    [Fact]
    public void A_seal_that_is_not_all_there_is_none()
    {
        var text = Seal.Format();

        Assert.All(Enumerable.Range(0, text.Length), length => Assert.Null(WorkspaceSeal.TryParse(text[..length])));
    }

    [Fact]
    public void Answers_are_read_as_they_were_written()
    {
        var memory = new TrialMemory();
        memory.KeepChanges("a", "b", ["one file", "a\nbreak"]);
        memory.KeepChanges("a", "c", []);
        memory.KeepMerge("b", "c", ["ü"]);

        var read = TrialMemory.Parse(memory.Format());

        Assert.Equal(["one file", "a\nbreak"], read.Changes("a", "b"));
        Assert.Equal([], read.Changes("a", "c"));
        Assert.Equal(["ü"], read.Merge("b", "c"));
        Assert.Null(read.Merge("c", "b"));
        Assert.Null(read.Changes("b", "c"));
    }

    [Fact]
    public void Only_answers_about_commits_that_are_there_are_kept()
    {
        var memory = new TrialMemory();
        memory.KeepChanges("base", "b", ["x"]);
        memory.KeepMerge("b", "c", ["x"]);
        memory.KeepMerge("b", "gone", ["x"]);

        var kept = memory.About(new HashSet<string> { "b", "c" });

        Assert.Equal((1, 1, null), (kept.Changes("base", "b")!.Count, kept.Merge("b", "c")!.Count, kept.Merge("b", "gone")));
    }

    [Fact]
    public void Answers_that_are_cut_off_are_not_half_answers()
    {
        var memory = new TrialMemory();
        memory.KeepMerge("a", "b", ["one", "two"]);
        var text = memory.Format();

        Assert.All(Enumerable.Range(0, text.Length), length => Assert.Null(TrialMemory.Parse(text[..length]).Merge("a", "b")));
    }

    [Theory]
    [InlineData("h b", "h", "", "b", "one commit on the base branch")]
    [InlineData("h g|g b", "h", "", "b", "two")]
    [InlineData("", "h", "", "h", "nothing that the base branch lacks")]
    [InlineData("h g|g b", "h", "g", "g", "a base of its own, of what it depends on")]
    [InlineData("h g|g b", "h", "h", "h", "nothing beyond its own base")]
    [InlineData("h g m|g b", "h", "", null, "the base branch was merged in meanwhile")]
    [InlineData("h g|g", "h", "", "", "a history of its own")]
    public void Work_begins_where_it_leaves_the_base(string list, string head, string bases, string? begin, string what)
    {
        var parents = TrialBases.Parse(list.Replace('|', '\n'));

        Assert.True(begin == TrialBases.Of(parents, head, bases.Split(' ', StringSplitOptions.RemoveEmptyEntries)), what);
    }
}
