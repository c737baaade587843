using Village.Beads;
using static Village.Core.Tests.Tasks.TaskSamples;

namespace Village.Core.Tests.Beads;

/// <summary>Who the workers are.</summary>
public sealed class BeadsActorsTests
{
    private static readonly BeadsActors Ours = BeadsActors.For("host", "village", "/repo/.village");

    [Fact]
    public void Each_worker_has_a_name_of_its_own_that_stays()
    {
        Assert.Matches("^village/host/village-[0-9a-f]{8}/bd-1$", Ours.Of(Id("bd-1")));
        Assert.Equal(Ours, BeadsActors.For("host", "village", "/repo/.village"));
        Assert.NotEqual(Ours.Of(Id("bd-1")), Ours.Of(Id("bd-2")));
    }

    [Theory]
    [InlineData("other", "village", "/repo/.village")]
    [InlineData("host", "other", "/repo/.village")]
    [InlineData("host", "village", "/clone/.village")]
    public void Other_villages_have_other_names(string host, string session, string directory)
    {
        var theirs = BeadsActors.For(host, session, directory);

        Assert.False(Ours.AreOurs(theirs.Of(Id("bd-1"))));
        Assert.True(Ours.AreOurs(Ours.Of(Id("bd-1"))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ann")]
    [InlineData("village/host/village-")]
    [InlineData("Village/host/village-00000000/bd-1")]
    public void Nobody_else_is_one_of_us(string name) => Assert.False(Ours.AreOurs(name));
}
