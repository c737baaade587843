using System.Globalization;
using CsCheck;

namespace Village.Core.Tests;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("plain é 😀 \\n", "plain é 😀 \\n", "plain é 😀 \\n")]
    [InlineData("a\nb", "a\\nb", "a\nb")]
    [InlineData("a\r\nb\r", "a\\r\\nb\\r", "a\nb")]
    [InlineData("a\tb", "a\\tb", "a\tb")]
    [InlineData("\u001b[31mred\u001b[0m", "\\x1b[31mred\\x1b[0m", "\\x1b[31mred\\x1b[0m")]
    [InlineData("\0\a\b\v\f", "\\x00\\x07\\x08\\x0b\\x0c", "\\x00\\x07\\x08\\x0b\\x0c")]
    [InlineData("\u007f\u0080\u0085\u009b\u009f", "\\x7f\\x80\\x85\\x9b\\x9f", "\\x7f\\x80\\x85\\x9b\\x9f")]
    [InlineData("a\u202eb\u202a\u2066\u2069\u200e\u200f", "a\\x202eb\\x202a\\x2066\\x2069\\x200e\\x200f", "a\\x202eb\\x202a\\x2066\\x2069\\x200e\\x200f")]
    [InlineData("\u061cab", "\\x61cab", "\\x61cab")]
    [InlineData("\u2028\u2029", "\\x2028\\x2029", "\\x2028\\x2029")]
    [InlineData("\u200d\u2029\u2030\u2065\u206a\u202f\u00a0", "\u200d\\x2029\u2030\u2065\u206a\u202f\u00a0", "\u200d\\x2029\u2030\u2065\u206a\u202f\u00a0")]
    public void Text_is_shown_not_obeyed(string text, string line, string block) =>
        Assert.Equal((line, block), (Printable.Line(text), Printable.Block(text)));

    [Fact]
    public void No_control_character_survives() => Texts.Sample(text =>
    {
        Assert.DoesNotContain(Printable.Line(text), char.IsControl);
        Assert.DoesNotContain(Printable.Block(text), c => char.IsControl(c) && c is not ('\n' or '\t'));
        Assert.DoesNotContain(Printable.Line(text) + Printable.Block(text), IsBidirectional);
    });

    [Fact]
    public void A_block_keeps_its_lines_and_a_line_is_one() => Texts.Sample(text =>
    {
        Assert.Equal(text.Count(c => c is '\n'), Printable.Block(text).Count(c => c is '\n'));
        Assert.DoesNotContain("\n", Printable.Line(text).ReplaceLineEndings("\n"), StringComparison.Ordinal);
    });

    [Fact]
    public void What_is_harmless_stays_as_it_is_and_what_was_made_harmless_too() => Texts.Sample(text =>
    {
        Assert.Equal(Printable.Line(text), Printable.Line(Printable.Line(text)));
        Assert.Equal(Printable.Block(text), Printable.Block(Printable.Block(text)));
        var harmless = string.Concat(text.Where(c => !char.IsControl(c) && CharUnicodeInfo.GetUnicodeCategory(c) is not
            (UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)));
        Assert.Equal((harmless, harmless), (Printable.Line(harmless), Printable.Block(harmless)));
    });

    private static Gen<string> Texts { get; } = Gen.OneOf(
        Gen.String, Gen.OneOf("a", " ", "\n", "\r", "\t", "\u001b[2J", "\0", "\u009b", "\u202e", "\u061c", "\u2066", "\u2028", "😀", "\\").Array[0, 10].Select(string.Concat));

    private static bool IsBidirectional(char c) => c is '\u061c' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
