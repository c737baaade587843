using System.Text;
using CsCheck;
using Village.Dashboard;

namespace Village.Core.Tests.Dashboard;

/// <summary>Keys as terminals send them.</summary>
public sealed class DashboardKeyTests
{
    [Theory]
    [InlineData("q", "Quit")]
    [InlineData("\u0003", "Quit")]
    [InlineData("\u001b", "Back")]
    [InlineData("\u001b[A", "Up")]
    [InlineData("\u001bOA", "Up")]
    [InlineData("\u001b[1;5B", "Down")]
    [InlineData("\u001b[5~", "PageUp")]
    [InlineData("\u001b[6~", "PageDown")]
    [InlineData("\u001b[H", "Home")]
    [InlineData("\u001b[1~", "Home")]
    [InlineData("\u001b[4~", "End")]
    [InlineData("\u001bOF", "End")]
    [InlineData("\u001b[2~", "Unknown")]
    [InlineData("\u001b[15~", "Unknown")]
    [InlineData("\u001bq", "Unknown")]
    [InlineData("\u001b[", "Unknown")]
    [InlineData("\r", "Attach")]
    [InlineData("ü", "Unknown,Unknown")]
    [InlineData("jk\u001b[Bwy", "Unknown,Stop,Down,Why,Yes")]
    [InlineData("\u001a\u000crlpu?hgG ", "Suspend,Refresh,Refresh,Log,Pause,Undo,Help,Help,Home,End,PageDown")]
    public void They_are_told_apart(string typed, string keys) =>
        Assert.Equal(keys, string.Join(',', DashboardKeys.Parse(Encoding.UTF8.GetBytes(typed))));

    [Fact]
    public void Whatever_comes_is_no_more_keys_than_bytes() =>
        Gen.Byte.Array[0, 40].Sample(bytes => Assert.InRange(DashboardKeys.Parse(bytes).Count, bytes.Length is 0 ? 0 : 1, bytes.Length));
}
