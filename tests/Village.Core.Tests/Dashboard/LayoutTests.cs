using CsCheck;
using Village.Dashboard;

namespace Village.Core.Tests.Dashboard;

/// <summary>Who gets which room of a screen.</summary>
public sealed class LayoutTests
{
    [Theory]
    [InlineData(8, 2, 3, 2, 3)]
    [InlineData(8, 100, 3, 5, 3)]
    [InlineData(8, 100, 300, 4, 4)]
    [InlineData(8, 2, 300, 2, 6)]
    [InlineData(0, 5, 5, 0, 0)]
    [InlineData(-3, 5, 5, 0, 0)]
    public void Rows_are_shared(int room, int workers, int queue, int forWorkers, int forQueue) =>
        Assert.Equal((forWorkers, forQueue), Rows.Share(room, workers, queue));

    [Fact]
    public void Shared_rows_fit_and_nobody_gets_more_than_it_needs() => Gen.Select(Gen.Int[-5, 100], Gen.Int[0, 400], Gen.Int[0, 400]).Sample((room, workers, queue) =>
    {
        var (a, b) = Rows.Share(room, workers, queue);
        Assert.True(a >= 0 && b >= 0 && a <= workers && b <= queue && a + b <= Math.Max(0, room));
        Assert.Equal(Math.Min(Math.Max(0, room), workers + queue), a + b);
    });

    [Fact]
    public void The_selected_row_is_always_shown() => Gen.Select(Gen.Int[1, 400], Gen.Int[1, 50], Gen.Int[0, 399]).Where(t => t.Item3 < t.Item1).Sample((count, shown, selected) =>
    {
        var first = Rows.First(count, shown, selected);
        Assert.InRange(selected, first, first + shown - 1);
        Assert.InRange(first, 0, Math.Max(0, count - shown));
    });

    [Fact]
    public void Nothing_selected_shows_the_beginning() => Assert.Equal(0, Rows.First(100, 5, -1));

    [Fact]
    public void Columns_never_take_more_than_there_is() =>
        Gen.Select(Gen.Select(Gen.Int[1, 12], Gen.Int[1, 12], Gen.Int[1, 60], Gen.Bool).Array[1, 12], Gen.Int[1, 200]).Sample((some, width) =>
        {
            IReadOnlyList<Column> columns = [.. some.Select((c, i) => new Column(i, c.Item1, c.Item1 + c.Item2, c.Item3, c.Item4))];
            var widths = Columns.Fit(columns, width);
            var shown = widths.Where(w => w > 0).ToList();
            Assert.True(shown.Sum() + (Columns.Gap * Math.Max(0, shown.Count - 1)) <= width);
            Assert.All(widths.Zip(columns), pair => Assert.True(pair.First <= pair.Second.Full));
        });

    [Theory]
    [InlineData(100, "8,24,10")]
    [InlineData(38, "8,22,4")]
    [InlineData(30, "8,20,0")]
    [InlineData(20, "8,10,0")]
    [InlineData(9, "8,0,0")]
    public void Those_most_wanted_come_first(int width, string widths) =>
        Assert.Equal(widths, string.Join(',', Columns.Fit([new(0, 6, 8, 8, false), new(1, 6, 20, 24, false), new(2, 2, 4, 10, true)], width)));
}
