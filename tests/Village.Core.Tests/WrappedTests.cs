namespace Village.Core.Tests;

public sealed class WrappedTests
{
    [Theory]
    [InlineData("short", "short")]
    [InlineData("one two three four", "one two\nthree four")]
    [InlineData("  one two three", "  one two\n  three")]
    [InlineData("averyverylongword and", "averyverylongword\nand")]
    [InlineData("a\n\nb", "a\n\nb")]
    [InlineData("exactly ten and", "exactly\nten and")]
    [InlineData("", "")]
    public void Lines_break_between_words(string text, string wrapped) => Assert.Equal(wrapped, Wrapped.Text(text, 10));
}
