using CsCheck;
using Village.Html;

namespace Village.Core.Tests.Html;

/// <summary>The marks of a timeline.</summary>
public sealed class TimeAxisTests
{
    private static readonly DateTimeOffset Begin = new(2026, 10, 24, 22, 10, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(5, "22:10:00 22:10:01 22:10:02 22:10:03 22:10:04 22:10:05")]
    [InlineData(3600, "22:10 22:20 22:30 22:40 22:50 23:00 23:10")]
    [InlineData(8 * 3600, "23:00 Oct 25, 00:00 01:00 02:00 03:00 04:00 05:00 06:00")]
    [InlineData(4 * 86400, "Oct 25, 00:00 12:00 Oct 26, 00:00 12:00 Oct 27, 00:00 12:00 Oct 28, 00:00 12:00")]
    [InlineData(8 * 86400, "Oct 25 Oct 26 Oct 27 Oct 28 Oct 29 Oct 30 Oct 31 Nov 1")]
    public void They_are_round_and_name_the_day_where_it_changes(int seconds, string labels) =>
        Assert.Equal(labels, string.Join(' ', TimeAxis.For(Begin, Begin.AddSeconds(seconds), TimeZoneInfo.Utc).Marks().Select(mark => mark.Label)));

    [Fact]
    public void Where_the_clock_changes_they_are_times_of_the_clock()
    {
        // At one o'clock UTC the clock goes from three back to two.
        var begin = new DateTimeOffset(2026, 10, 25, 0, 5, 0, TimeSpan.Zero);
        var marks = TimeAxis.For(begin, begin.AddHours(4), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")).Marks();

        Assert.Equal("03:00 03:30 04:00 04:30 05:00", string.Join(' ', marks.Select(mark => mark.Label).Where(label => string.CompareOrdinal(label, "03:00") >= 0)));
        Assert.Equal(115 / 240.0 * 100, marks.Single(mark => mark.Label is "03:00").At, 6);
    }

    [Fact]
    public void There_are_few_of_them_in_order_and_on_the_axis() => Gen.Select(Gen.Long[1, 100_000_000], Gen.Int[0, 86_400]).Sample((seconds, shift) =>
    {
        var axis = TimeAxis.For(Begin.AddSeconds(shift), Begin.AddSeconds(shift + seconds), TimeZoneInfo.Utc);
        var marks = axis.Marks();
        Assert.InRange(marks.Count, 1, 9);
        Assert.All(marks, mark => Assert.InRange(mark.At, 0, 100));
        Assert.Equal(marks.OrderBy(mark => mark.At).DistinctBy(mark => mark.At), marks);
    });

    [Fact]
    public void An_axis_has_a_length_and_what_is_beyond_it_is_at_its_edge()
    {
        var axis = TimeAxis.For(Begin, Begin.AddHours(-1), TimeZoneInfo.Utc);

        Assert.Equal((0, 100, 50), (axis.Percent(Begin.AddDays(-1)), axis.Percent(Begin.AddDays(1)), axis.Percent(Begin.AddSeconds(0.5))));
    }
}
