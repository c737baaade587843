using CsCheck;

namespace Village.Core.Tests;

public sealed class NearestTests
{
    [Theory]
    [InlineData("max_worker", "MAX_WORKERS")]
    [InlineData("MAX_WORKERS", "MAX_WORKERS")]
    [InlineData("comand", "command")]
    [InlineData("comnad", "command")]
    [InlineData("commit", "COMMIT")]
    [InlineData("timeuot", "TIMEOUT")]
    [InlineData("SCN", "SCM")]
    [InlineData("SXX", null)]
    [InlineData("nonsense", null)]
    public void What_was_probably_meant_is_found(string text, string? found) =>
        Assert.Equal(found, Nearest.Of(text, ["MAX_WORKERS", "command", "COMMIT", "TIMEOUT", "SCM"]));

    [Theory]
    [InlineData("abcdef", "abcdxy", true)]
    [InlineData("abcdef", "abcxyz", false)]
    [InlineData("abcdefg", "abcdxyz", false)]
    [InlineData("ab", "ax", true)]
    [InlineData("ab", "xy", false)]
    [InlineData("abcdef", "abcdefgh", true)]
    [InlineData("abcdef", "abcdefghi", false)]
    public void A_third_of_the_letters_may_differ_and_one_always(string text, string candidate, bool near) =>
        Assert.Equal(near ? candidate : null, Nearest.Of(text, [candidate]));

    [Fact]
    public void Fewer_edits_win_then_the_alphabet()
    {
        Assert.Equal("abcdeX", Nearest.Of("abcdef", ["abcdXY", "abcdeX"]));
        Assert.Equal("abcdeA", Nearest.Of("abcdef", ["abcdeB", "abcdeA"]));
        Assert.Null(Nearest.Of("abcdef", []));
    }

    [Fact]
    public void A_word_is_nearest_to_itself_and_one_typing_error_away_from_it() =>
        Gen.Select(Gen.String[Gen.Char['a', 'z'], 3, 12], Gen.Int[0, 11], Gen.Char['a', 'z']).Sample((word, at, c) =>
        {
            at %= word.Length;

            Assert.Equal(word, Nearest.Of(word, [word, "X" + word]));
            Assert.Equal(word, Nearest.Of(word.Insert(at, c.ToString()), [word]));
            Assert.Equal(word, Nearest.Of($"{word[..at]}{c}{word[(at + 1)..]}", [word]));
            Assert.Equal(word, Nearest.Of(word.Remove(at, 1), [word]));
        });
}
