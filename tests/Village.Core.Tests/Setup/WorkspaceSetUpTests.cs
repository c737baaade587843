using Village.Configuration;
using Village.Setup;

namespace Village.Core.Tests.Setup;

public sealed class WorkspaceSetUpTests
{
    private const string Common = "[workspace]\ncopy=.env\nsymlink=node_modules\nrun=make deps\nports=PORT\ntimeout=5m\n";

    [Fact]
    public void An_agent_has_the_set_up_of_all_but_for_what_it_says_itself()
    {
        var common = Of(Common, "build");
        var own = Of(Common + "[agent.build]\ncopy=a b\nrun=\nports=API_PORT=4000-4001\nsetup_timeout=0", "BUILD");

        Assert.Equal(".env", string.Join(' ', common.Copy));
        Assert.Equal("node_modules", string.Join(' ', common.Symlink));
        Assert.Equal(["make", "deps"], common.Run);
        Assert.Equal(("PORT", TimeSpan.FromMinutes(5)), (common.Ports.Single().Name, common.Timeout));
        Assert.Equal("a b", string.Join(' ', own.Copy));
        Assert.Equal("node_modules", string.Join(' ', own.Symlink));
        Assert.Empty(own.Run);
        Assert.Equal(("API_PORT", TimeSpan.Zero), (own.Ports.Single().Name, own.Timeout));
    }

    [Fact]
    public void Without_settings_there_is_nothing_to_do()
    {
        Assert.True(Of("", "build").IsEmpty);
        Assert.Equal(TimeSpan.FromMinutes(30), Of("", "build").Timeout);
        Assert.All(["copy=a", "symlink=a", "run=a"], line => Assert.False(Of($"[workspace]\n{line}", "build").IsEmpty));
    }

    [Fact]
    public void The_fingerprint_changes_with_all_that_the_outcome_depends_on()
    {
        IReadOnlyList<LeasedPort> ports = [new("PORT", 20000)];
        string[] prints =
        [
            Of(Common, "build").Fingerprint(ports),
            Of(Common, "build").Fingerprint([new("PORT", 20001)]),
            Of(Common.Replace(".env", ".env2", StringComparison.Ordinal), "build").Fingerprint(ports),
            Of(Common.Replace("node_modules", "modules", StringComparison.Ordinal), "build").Fingerprint(ports),
            Of(Common.Replace("make deps", "make 'deps '", StringComparison.Ordinal), "build").Fingerprint(ports),
            Of(Common.Replace("symlink=", "copy=", StringComparison.Ordinal), "build").Fingerprint(ports),
        ];

        Assert.Distinct(prints);
        Assert.Equal(prints[0], Of(Common.Replace("5m", "6m", StringComparison.Ordinal), "build").Fingerprint(ports));
    }

    [Fact]
    public void A_mark_is_read_as_it_was_written()
    {
        foreach (var mark in (SetUpMark[])[SetUpMark.None, new([new("PORT", 20000), new("B", 1)], null), new([], "9f86"), new([new("PORT", 1)], "9f86")])
        {
            var read = SetUpMark.Parse(mark.Format());

            Assert.Equal(mark.Ports, read.Ports);
            Assert.Equal(mark.Done, read.Done);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0")]
    [InlineData("ports=junk\ndon")]
    public void A_torn_mark_says_nothing(string text)
    {
        Assert.Empty(SetUpMark.Parse(text).Ports);
        Assert.Null(SetUpMark.Parse(text).Done);
    }

    private static WorkspaceSetUp Of(string text, string agent) =>
        VillageConfig.Of([], IniFile.Parse(text, "config", out _), new Dictionary<string, string>()).SetUpOf(agent);
}
