using System.Text;
using Village.Agents;
using Village.Core.Tests.Tasks;

namespace Village.Core.Tests.Agents;

public sealed class ProviderLimitTests
{
    [Fact]
    public void A_limit_comes_back_from_its_text()
    {
        var limit = new ProviderLimit("anthropic", TaskSamples.Now, "no \"more\"\n", "bd-a", "build");

        Assert.Equal(limit, ProviderLimit.TryParse(limit.Format()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"provider":"x"}""")]
    [InlineData("""{"provider":"x","until":"soon"}""")]
    [InlineData("""{"until":"2026-01-22T10:41:12.000Z"}""")]
    public void Anything_else_is_none(string text) => Assert.Null(ProviderLimit.TryParse(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("openai", "openai.json")]
    [InlineData("../../etc/x", "_./.._etc_x.json")]
    [InlineData(".hidden", "_hidden.json")]
    public void A_file_has_a_name_that_leads_nowhere(string provider, string name) =>
        Assert.Equal(name.Replace('/', '_'), ProviderLimit.FileOf(provider));
}
