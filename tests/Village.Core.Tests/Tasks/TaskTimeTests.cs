using System.Globalization;
using CsCheck;
using Village.Tasks;

namespace Village.Core.Tests.Tasks;

public sealed class TaskTimeTests
{
    [Theory]
    [InlineData("2026-11-22T11:04:49Z", "2026-11-22T11:04:49.0000000+00:00")]
    [InlineData("2026-11-22T11:04:38.78968336Z", "2026-11-22T11:04:38.7896833+00:00")]
    [InlineData("2020-01-01T00:00:00.123456789+02:00", "2019-12-31T22:00:00.1234567+00:00")]
    [InlineData("2020-01-01T00:00:00.5-05:30", "2020-01-01T05:30:00.5000000+00:00")]
    [InlineData("2024-02-29T23:59:59Z", "2024-02-29T23:59:59.0000000+00:00")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000+00:00")]
    [InlineData("0001-01-01T00:00:00+10:00", "0001-01-01T00:00:00.0000000+00:00")]
    public void A_time_of_beads_is_an_instant(string text, string instant) =>
        Assert.Equal(instant, TaskTime.Parse(text)?.ToString("O", CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("")]
    [InlineData("2026-11-22")]
    [InlineData("2026-11-22 11:04:49Z")]
    [InlineData("2026-11-22T11:04:49")]
    [InlineData("2026-11-22T11:04:49.Z")]
    [InlineData("2026-11-22T11:04:49.12")]
    [InlineData("2026-11-22T11:04:49+2:00")]
    [InlineData("2026-11-22T11:04:49ZZ")]
    [InlineData("2026-13-22T11:04:49Z")]
    [InlineData("2025-02-29T11:04:49Z")]
    [InlineData("2026-11-22T24:00:00Z")]
    [InlineData("+026-11-22T11:04:49Z")]
    [InlineData("2026-11-22T11:04:4१Z")]
    public void Anything_else_is_none(string text) => Assert.Null(TaskTime.Parse(text));

    [Fact]
    public void An_instant_comes_back_from_its_text() => Gen.DateTimeOffset.Sample(
        time => TaskTime.Parse(TaskTime.Text(time)) == time.ToUniversalTime());

    [Fact]
    public void Zeros_at_the_end_of_a_fraction_are_cut() =>
        Assert.Equal("2026-11-22T11:00:00.12Z", TaskTime.Text(new(2026, 11, 22, 12, 0, 0, 120, TimeSpan.FromHours(1))));
}
