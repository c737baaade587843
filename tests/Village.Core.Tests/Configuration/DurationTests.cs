using CsCheck;
using Village.Configuration;

namespace Village.Core.Tests.Configuration;

public sealed class DurationTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("90", 90)]
    [InlineData("90s", 90)]
    [InlineData("10m", 600)]
    [InlineData("2h30m", 9000)]
    [InlineData("1d", 86_400)]
    [InlineData("1d2h3m4s", 93_784)]
    [InlineData("30m2h", 9000)]
    [InlineData("1m1m", 120)]
    [InlineData(" 007m ", 420)]
    [InlineData("1000000000", 1_000_000_000)]
    [InlineData("11574d1h46m40s", 1_000_000_000)]
    public void A_time_is_seconds_or_numbers_with_units(string text, long seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Duration.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("m")]
    [InlineData("10x")]
    [InlineData("10M")]
    [InlineData("1h30")]
    [InlineData("30 m")]
    [InlineData("-5m")]
    [InlineData("+5m")]
    [InlineData("1.5h")]
    [InlineData("1e3")]
    [InlineData("٣m")]
    [InlineData("10m\n5m")]
    [InlineData("1000000001")]
    [InlineData("99999999999999999999")]
    [InlineData("1000000000d")] // More than a TimeSpan holds.
    [InlineData("999999999s2s")]
    public void Anything_else_is_none(string text) => Assert.Null(Duration.Parse(text));

    [Fact]
    public void Reading_never_throws() => Gen.Select(Gen.OneOf(Gen.Long[0, 1_100_000_000], Gen.Long[0, long.MaxValue]), Gen.OneOf("s", "m", "h", "d", "x")).Array[1, 4]
        .Sample(parts => _ = Duration.Parse(string.Concat(parts.Select(part => $"{part.Item1}{part.Item2}"))));

    [Theory]
    [InlineData(-7200, "0.0s")] // Two clocks that differ.
    [InlineData(0, "0.0s")]
    [InlineData(4.24, "4.2s")]
    [InlineData(9.94, "9.9s")]
    [InlineData(9.95, "10s")]
    [InlineData(59.4, "59s")]
    [InlineData(60, "1m00s")]
    [InlineData(192, "3m12s")]
    [InlineData(3599, "59m59s")]
    [InlineData(3600, "1h00m")]
    [InlineData(7500, "2h05m")]
    [InlineData(86_399, "23h59m")]
    [InlineData(86_400, "1d00h")]
    [InlineData(273_600, "3d04h")]
    [InlineData(86_400_000, "1000d00h")]
    public void A_span_is_shown_in_two_units(double seconds, string text) => Assert.Equal(text, Duration.Text(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void What_is_shown_in_whole_units_can_be_typed() => Gen.Int[10, 80_000_000].Sample(seconds =>
    {
        var span = TimeSpan.FromSeconds(seconds);

        var typed = Duration.Parse(Duration.Text(span))!.Value;

        Assert.InRange(span - typed, TimeSpan.Zero, TimeSpan.FromHours(1));
        Assert.Equal(Duration.Text(span), Duration.Text(typed));
    });
}
