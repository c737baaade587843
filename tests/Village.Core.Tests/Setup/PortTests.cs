using Village.Setup;

namespace Village.Core.Tests.Setup;

public sealed class PortTests
{
    private static readonly HashSet<int> None = [];

    [Theory]
    [InlineData("PORT", "PORT 20000 29999")]
    [InlineData("PORT API_PORT=4000-4999", "PORT 20000 29999|API_PORT 4000 4999")]
    [InlineData("P=80", "P 80 80")]
    [InlineData("_p1=1-65535", "_p1 1 65535")]
    [InlineData("", "")]
    public void Wishes_are_names_with_ranges(string text, string wishes) =>
        Assert.Equal(wishes, string.Join('|', PortWish.TryParseAll(text)!.Select(wish => $"{wish.Name} {wish.First} {wish.Last}")));

    [Theory]
    [InlineData("1PORT")]
    [InlineData("PO-RT")]
    [InlineData("PORT=")]
    [InlineData("PORT=0")]
    [InlineData("PORT=65536")]
    [InlineData("PORT=4000-3999")]
    [InlineData("PORT=4000-")]
    [InlineData("PORT=٣")]
    [InlineData("PORT PORT=80")]
    [InlineData("VILLAGE_TASK")]
    [InlineData("GIT_DIR")]
    [InlineData("PATH")]
    [InlineData("PORT '")]
    public void What_cannot_be_a_port_of_an_agent_is_none(string text) => Assert.Null(PortWish.TryParseAll(text));

    [Fact]
    public void The_first_of_the_range_that_no_other_lease_has_is_taken()
    {
        Assert.Equal("A:100,B:101", Choose("A=100-109 B=100-109"));
        Assert.Equal("A:102", Choose("A=100-109", held: [100], ended: [101]));
        Assert.Equal("A:103", Choose("A=100-109", held: [100], ended: [101], busy: [102]));
    }

    [Fact]
    public void Ports_of_ended_leases_are_taken_only_when_there_is_no_other() => Assert.Equal("A:101", Choose("A=100-101", held: [100], ended: [101]));

    [Fact]
    public void The_former_port_is_kept_while_it_is_free_and_in_the_range()
    {
        Assert.Equal("A:105", Choose("A=100-109", former: "A:105"));
        Assert.Equal("A:105", Choose("A=100-109", former: "A:105", ended: [105]));
        Assert.Equal("A:100", Choose("A=100-109", former: "A:105", held: [105]));
        Assert.Equal("A:100", Choose("A=100-109", former: "A:105", busy: [105]));
        Assert.Equal("A:100", Choose("A=100-109", former: "A:99"));
        Assert.Equal("B:100", Choose("B=100-109", former: "A:105"));
    }

    [Fact]
    public void A_wish_that_cannot_be_met_is_named()
    {
        var (ports, unmet) = PortChoice.For(PortWish.TryParseAll("A=100-109 B=200-201")!, [], new HashSet<int> { 200 }, None, port => port is not 201);

        Assert.Empty(ports);
        Assert.Equal("B", unmet!.Name);
    }

    [Theory]
    [InlineData("PORT:20000")]
    [InlineData("PORT:20000,API_PORT:4000")]
    public void What_a_lease_says_of_ports_is_read_as_it_was_written(string text) => Assert.Equal(text, LeasedPort.Format(LeasedPort.TryParse(text)!));

    [Theory]
    [InlineData("PORT")]
    [InlineData("PORT:")]
    [InlineData("PORT:0")]
    [InlineData("PORT:65536")]
    [InlineData("PORT:-1")]
    [InlineData(":80")]
    [InlineData("PORT:80,")]
    [InlineData("")]
    public void What_is_no_list_of_ports_is_none(string text) => Assert.Null(LeasedPort.TryParse(text));

    private static string? Choose(string wishes, string? former = null, int[]? held = null, int[]? ended = null, int[]? busy = null)
    {
        var (ports, unmet) = PortChoice.For(
            PortWish.TryParseAll(wishes)!, LeasedPort.TryParse(former)!, (held ?? []).ToHashSet(), (ended ?? []).ToHashSet(), port => busy?.Contains(port) is not true);
        Assert.Null(unmet);
        return LeasedPort.Format(ports);
    }
}
