using Village.Setup;

namespace Village.Core.Tests.Setup;

public sealed class PathPatternTests
{
    [Theory]
    [InlineData(".env", ".env")]
    [InlineData("./config//local/", "config/local")]
    [InlineData("'a b' c\\ d", "a b|c d")]
    [InlineData("**/*.local .github/x", "**/*.local|.github/x")]
    [InlineData("sub/.git", "sub/.git")]
    [InlineData("", "")]
    public void Paths_are_words_below_the_repository(string text, string patterns) =>
        Assert.Equal(patterns, string.Join('|', PathPattern.TryParseAll(text)!));

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData("a/../b")]
    [InlineData("../.env")]
    [InlineData(".")]
    [InlineData("''")]
    [InlineData(".git/config")]
    [InlineData(".GIT")]
    [InlineData(".village")]
    [InlineData(".jj/x")]
    [InlineData("ok /no")]
    [InlineData("'open")]
    public void What_leads_elsewhere_is_none(string text) => Assert.Null(PathPattern.TryParseAll(text));

    [Theory]
    [InlineData("*", "a ab a.b", ". .a")]
    [InlineData(".*", ". .a .env.local", "a")]
    [InlineData("*.local", "a.local a.b.local", "a.locale .local alocal")]
    [InlineData("a?c", "abc a.c", "ac abbc")]
    [InlineData("*a*b*", "ab xaxbx aab", "ba a b")]
    [InlineData("**", "a", ".a")]
    [InlineData("[a]", "[a]", "a")]
    [InlineData("a", "a", "A aa")]
    public void Wildcards_stand_for_what_they_say(string segment, string fitting, string others)
    {
        Assert.All(fitting.Split(' '), name => Assert.True(PathPattern.Fits(segment, name), name));
        Assert.All(others.Split(' '), name => Assert.False(PathPattern.Fits(segment, name), name));
    }

    [Fact]
    public void Only_a_path_without_wildcards_must_be_there() =>
        Assert.Equal([true, false, false], PathPattern.TryParseAll("a/b[1] a/* **/b")!.Select(pattern => pattern.IsLiteral));
}
