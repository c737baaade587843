using Village.Beads;
using Village.Tasks;

namespace Village.Core.Tests.Beads;

/// <summary>Which bd may do what.</summary>
public sealed class BeadsVersionTests
{
    [Theory]
    [InlineData("""{"branch":"main","build":"dev","version":"0.49.6"}""", "0.49.6")]
    [InlineData("""{"branch":"release-2.7.1","build":"go1.24.10","commit":"1.2.3","version":"v1.0.3"}""", "1.0.3")]
    [InlineData("bd version 0.29.0 (dev)\n", "0.29.0")]
    [InlineData("bd version 0.20.1 (go1.24.10)", "0.20.1")]
    [InlineData("1.3.0-rc1", "1.3.0")]
    [InlineData("", "0.0.0")]
    [InlineData("who?", "0.0.0")]
    public void It_is_read(string text, string version) => Assert.Equal(version, $"{BeadsVersion.Parse(text)}");

    [Theory]
    [InlineData("v0.29.0", 193, "0.29.0")]
    [InlineData("v0.49.6", 32, "0.49.6")]
    [InlineData("v1.0.3", 193, "1.0.3")]
    [InlineData("head", 32, "1.0.3")]
    public void What_was_recorded_is_read(string file, int number, string version) =>
        Assert.Equal(version, $"{BeadsVersion.Parse(Transcript.Of(file, number).Out)}");

    [Theory]
    [InlineData("0.0.0", BeadsSupport.None, true)]
    [InlineData("0.20.1", BeadsSupport.None, true)]
    [InlineData("0.28.9", BeadsSupport.None, true)]
    [InlineData("0.29.0", BeadsSupport.ReadOnly, true)]
    [InlineData("0.49.3", BeadsSupport.ReadOnly, true)]
    [InlineData("0.49.4", BeadsSupport.Full, false)]
    [InlineData("0.49.6", BeadsSupport.Full, false)]
    [InlineData("1.0.3", BeadsSupport.Full, false)]
    [InlineData("1.0.4", BeadsSupport.None, true)]
    [InlineData("1.0.5", BeadsSupport.Full, false)]
    [InlineData("1.2.9", BeadsSupport.Full, false)]
    [InlineData("1.3.0", BeadsSupport.Full, true)]
    public void What_is_not_safe_is_refused_and_what_is_not_known_is_remarked_on(string version, BeadsSupport support, bool isRemarked)
    {
        var (found, remark) = BeadsVersion.Parse(version).Judge(usesServer: true, exportsAlone: true);

        Assert.Equal((support, isRemarked), (found, remark is not null));
        Assert.Contains(isRemarked ? version : "", remark ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true, BeadsSupport.None)]
    [InlineData(true, false, BeadsSupport.Full)]
    [InlineData(false, true, BeadsSupport.Full)]
    [InlineData(false, false, BeadsSupport.Full)]
    public void The_one_that_takes_claims_back_does_so_with_a_server_and_a_file(bool usesServer, bool exportsAlone, BeadsSupport support) =>
        Assert.Equal(support, BeadsVersion.Parse("1.0.4").Judge(usesServer, exportsAlone).Support);

    [Theory]
    [InlineData("0.49.6", TaskDialect.Classic, false, false)]
    [InlineData("0.55.4", TaskDialect.Classic, false, false)]
    [InlineData("0.56.1", TaskDialect.Classic, false, null)]
    [InlineData("0.57.0", TaskDialect.Classic, true, null)]
    [InlineData("0.60.9", TaskDialect.Classic, true, null)]
    [InlineData("0.61.0", TaskDialect.Modern, true, true)]
    [InlineData("1.0.3", TaskDialect.Modern, true, true)]
    public void Each_has_what_it_came_with(string version, TaskDialect dialect, bool hasKeys, bool? importsByName)
    {
        var bd = BeadsVersion.Parse(version);

        Assert.Equal((dialect, hasKeys, importsByName), (bd.Dialect, bd.HasMetadataKeys, bd.ImportsByName));
    }
}
