using Village.Conflicts;
using Village.Reports;

namespace Village.Core.Tests.Conflicts;

public sealed class ConflictMatrixTests
{
    private static readonly TaskWork A = new("bd-a", "/w/bd-a", "ca", ["x", "y"], null);
    private static readonly TaskWork B = new("bd-b", "/w/bd-b", "cb", ["y", "z"], null);
    private static readonly TaskWork C = new("bd-c", null, "cc", ["y/below"], null);
    private static readonly TaskWork Idle = new("bd-d", "/w/bd-d", "cd", [], null);
    private static readonly TaskWork Unread = new("bd-e", "/w/bd-e", null, ["x"], "why");

    [Fact]
    public void Every_pair_with_work_on_both_sides_is_compared_once() => Assert.Equal(
        ["bd-a bd-b", "bd-a bd-c", "bd-b bd-c"], Compared([A, B, C, Idle, Unread]));

    [Fact]
    public void Only_pairs_that_were_asked_for_are_compared() => Assert.Equal(["bd-a bd-b", "bd-b bd-c"], Compared([A, B, C], "bd-b"));

    [Fact]
    public void A_pair_that_touches_nothing_in_common_and_merges_is_left_out_and_conflicts_come_first()
    {
        var matrix = ConflictMatrix.Of([A, B, C], [(A, B, []), (A, C, ["y"]), (B, C, [])]);

        Assert.Equal(["bd-a bd-c [y] []", "bd-a bd-b [] [y]"], matrix.Pairs.Select(pair => $"{pair.One.Task} {pair.Other.Task} [{string.Join(' ', pair.Conflicts)}] [{string.Join(' ', pair.Overlap)}]"));
        Assert.Equal("the work of bd-a does not merge with that of bd-c: y", matrix.Pairs[0].Sentence);
    }

    [Fact]
    public void A_long_list_of_files_is_cut_and_says_by_how_much() =>
        Assert.Equal(@"a, b\n, c, d, e and 2 more", ConflictMatrix.Listed(["a", "b\n", "c", "d", "e", "f", "g"]));

    [Fact]
    public void The_report_lists_every_file_once_with_all_who_are_in_it()
    {
        var report = ConflictsReport.For(ConflictMatrix.Of([A, B, C], [(A, B, ["y"]), (A, C, ["y"]), (B, C, ["q"])]), blocks: true);

        Assert.True(report.HasConflicts && report.Blocked);
        Assert.Equal(
            ["q: bd-b bd-c, /w/bd-b", "y: bd-a bd-b bd-c, /w/bd-a /w/bd-b"],
            report.Conflicts.Select(row => $"{row.File}: {string.Join(' ', row.Workers)}, {string.Join(' ', row.Worktrees)}"));
    }

    [Fact]
    public void An_overlap_alone_is_no_conflict_and_blocks_nothing()
    {
        var report = ConflictsReport.For(ConflictMatrix.Of([A, B], [(A, B, [])]), blocks: true);

        Assert.False(report.HasConflicts || report.Blocked);
        Assert.Single(report.Pairs);
    }

    private static IEnumerable<string> Compared(IReadOnlyList<TaskWork> works, params string[] wanted) =>
        ConflictMatrix.ToCompare(works, wanted.ToHashSet()).Select(pair => $"{pair.One.Task} {pair.Other.Task}");
}
