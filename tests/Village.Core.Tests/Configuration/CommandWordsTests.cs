using CsCheck;
using Village.Configuration;

namespace Village.Core.Tests.Configuration;

public sealed class CommandWordsTests
{
    // Words are separated by '|', computed by hand; the same as those of a POSIX shell.
    [Theory]
    [InlineData("", "")]
    [InlineData("  \t ", "")]
    [InlineData("make", "make")]
    [InlineData("  make \t test\n-j2  ", "make|test|-j2")]
    [InlineData("'a b' c", "a b|c")]
    [InlineData("\"a b\" c", "a b|c")]
    [InlineData("'it''s' a\\ b", "its|a b")]
    [InlineData("--name=\"with blanks\"x'y z'", "--name=with blanksxy z")]
    [InlineData("'' a \"\"", "|a|")]
    [InlineData("'\"'", "\"")]
    [InlineData("\"'\"", "'")]
    [InlineData("'a\\'", "a\\")]
    [InlineData("'a\\nb'", "a\\nb")]
    [InlineData("\"a\\\"b\"", "a\"b")]
    [InlineData("\"a\\\\\"", "a\\")]
    [InlineData("\"a\\nb\"", "a\\nb")]
    [InlineData("\"\\\\\\\"\"", "\\\"")]
    [InlineData("\"\\ \\#\\A\\]\\z\"", "\\ \\#\\A\\]\\z")]
    [InlineData("a\\\"b\\'c", "a\"b'c")]
    [InlineData("\\a \\\\", "a|\\")]
    [InlineData("a\\", "a\\")]
    [InlineData("'a\nb'", "a\nb")]
    [InlineData("$HOME *.c ~ a|b > c; d & #e `f` {g,h}", "$HOME|*.c|~|a/b|>|c;|d|&|#e|`f`|{g,h}")]
    [InlineData("a \\\n  b", "a|b")]
    [InlineData("a\\\nb", "ab")]
    [InlineData("\"a\\\nb\"", "ab")]
    [InlineData("'a\\\nb'", "a\\\nb")]
    [InlineData("a \\\n", "a")]
    [InlineData("\"\\$HOME \\`x\\`\"", "$HOME `x`")]
    [InlineData("é 😀\u00a0x", "é|😀|x")]
    public void A_command_line_is_words(string text, string words) =>
        Assert.Equal(words is "" ? [] : words.Split('|').Select(word => word.Replace("a/b", "a|b", StringComparison.Ordinal)), CommandWords.Split(text));

    [Theory]
    [InlineData("'")]
    [InlineData("\"")]
    [InlineData("a 'b")]
    [InlineData("a \"b")]
    [InlineData("'a\\''")]
    [InlineData("\"a\\\"")]
    [InlineData("\"a\\")]
    [InlineData("'a\" b")]
    public void A_quote_that_is_not_closed_is_no_command_line(string text) => Assert.Null(CommandWords.Split(text));

    [Fact]
    public void Words_without_special_characters_come_back() => Gen.Char["abcXYZ019-_=./,:+@%^{}$*?é"].Array[1, 8].Select(c => new string(c)).Array[0, 6]
        .Sample(words => Assert.Equal(words, CommandWords.Split(string.Join(' ', words))));

    [Fact]
    public void Any_word_comes_back_when_it_is_quoted_for_a_shell() => Gen.Select(
            Gen.OneOf("a", " ", "'", "\"", "\\", "\n", "$", "é").Array[0, 8].Select(string.Concat).Array[0, 6], Gen.Int[0, 2])
        .Sample((words, way) => Assert.Equal(words, CommandWords.Split(string.Join(' ', words.Select(word => way switch
        {
            0 => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'",
            1 => $"\"{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
            _ => $"''{string.Concat(word.Select(c => c is '\n' ? "'\n'" : $"\\{c}"))}",
        })))));

    [Fact]
    public void Splitting_never_throws() => Gen.String.Sample(text => _ = CommandWords.Split(text));
}
