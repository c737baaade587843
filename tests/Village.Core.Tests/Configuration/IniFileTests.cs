using CsCheck;
using Village.Configuration;

namespace Village.Core.Tests.Configuration;

public sealed class IniFileTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("# comment\n; comment\n   # indented\n\n  \n", "")]
    [InlineData("a=1", "1 [DEFAULT] a=1")]
    [InlineData("a = 1\nb:2\n c : 3", "1 [DEFAULT] a=1|2 [DEFAULT] b=2<c : 3>")]
    [InlineData("a=1=2:3\nb:1=2", "1 [DEFAULT] a=1=2:3|2 [DEFAULT] b=1=2")]
    [InlineData("a=", "1 [DEFAULT] a=")]
    [InlineData("a=1 # not a comment ; neither", "1 [DEFAULT] a=1 # not a comment ; neither")]
    [InlineData("[x]\na=1\n[ y.z ]\nb=2\n[DEFAULT]\nc=3", "2 [x] a=1|4 [y.z] b=2|6 [DEFAULT] c=3")]
    [InlineData("[x]\r\na=1\r\n  more\r\n", "2 [x] a=1<more>")]
    [InlineData("\ufeff[x]\na=1", "2 [x] a=1")]
    [InlineData("\ufeffa=1", "1 [DEFAULT] a=1")]
    [InlineData("a=1\n\n# between\n  more\n\tand more\nb=2", "1 [DEFAULT] a=1<more><and more>|6 [DEFAULT] b=2")]
    [InlineData("a=\n  1\n  2", "1 [DEFAULT] a=<1><2>")]
    [InlineData("[x]\n  a=1\n  b=2\n   more\n  c=3", "2 [x] a=1|3 [x] b=2<more>|5 [x] c=3")]
    [InlineData("  a=1\n  b=2", "1 [DEFAULT] a=1|2 [DEFAULT] b=2")]
    [InlineData("    a=1\n  b=2\n    more", "1 [DEFAULT] a=1|2 [DEFAULT] b=2<more>")]
    [InlineData("[x]\n\ta=1\n\tb=2\n\t\tmore", "2 [x] a=1|3 [x] b=2<more>")]
    [InlineData("[x]\na=1\n[y]\n[x]\n  b=2", "2 [x] a=1|5 [x] b=2")]
    [InlineData("a=1\n  [x]\nb=2", "1 [DEFAULT] a=1<[x]>|3 [DEFAULT] b=2")]
    [InlineData("[x] # see http://a=b\na=1", "2 [x] a=1")]
    [InlineData("[x];b=2\na=1\n[y]#\nb=2", "2 [x] a=1|4 [y] b=2")]
    [InlineData("[x] a=1\nb=[2]", "2 [DEFAULT] b=[2]|!config:1: '[x] a=1' is neither 'key = value' nor '[section]'")]
    [InlineData("[x] a=[1]", "!config:1: '[x] a=[1]' is neither 'key = value' nor '[section]'")]
    [InlineData("[x=1", "!config:1: '[x=1' is neither 'key = value' nor '[section]'")]
    [InlineData("[ ]\na=1", "2 [DEFAULT] a=1|!config:1: '[ ]' is neither 'key = value' nor '[section]'")]
    [InlineData("a=1\na=2", "1 [DEFAULT] a=1|2 [DEFAULT] a=2")]
    [InlineData("a b = c d", "1 [DEFAULT] a b=c d")]
    [InlineData("nonsense", "!config:1: 'nonsense' is neither 'key = value' nor '[section]'")]
    [InlineData("a=1\n=2\n:3\n[x\nb=4", "1 [DEFAULT] a=1|5 [DEFAULT] b=4|!config:2: '=2' is neither 'key = value' nor '[section]'|!config:3: ':3' is neither 'key = value' nor '[section]'|!config:4: '[x' is neither 'key = value' nor '[section]'")]
    [InlineData("\u001b[2J", "!config:1: '\\x1b[2J' is neither 'key = value' nor '[section]'")]
    public void A_file_is_entries_and_lines_that_are_none(string text, string expected) => Assert.Equal(expected, Text(text));

    [Fact]
    public void An_entry_says_where_it_stands() => Assert.Equal(".village/config:2", IniFile.Parse("[x]\na=1", ".village/config", out _)[0].Place);

    [Fact]
    public void Reading_never_throws_and_no_entry_is_without_a_key() =>
        Gen.OneOf(Gen.String, Gen.OneOf("a", "=", ":", "[", "]", "\n", "\r", " ", "\t", "#", ";", "\ufeff", "\0", "é").Array[0, 30].Select(string.Concat)).Sample(text =>
        {
            var entries = IniFile.Parse(text, "f", out var problems);

            Assert.All(entries, entry => Assert.True(entry.Key.Length > 0 && entry.Key == entry.Key.Trim() && entry.Value.Split('\n').All(line => line == line.Trim())));
            Assert.Equal(entries.Select(entry => entry.Line).Order(), entries.Select(entry => entry.Line));
            Assert.All(problems, problem => Assert.DoesNotContain(problem, char.IsControl));
        });

    private static string Text(string text)
    {
        var entries = IniFile.Parse(text, "config", out var problems);
        return string.Join('|', entries
            .Select(e => $"{e.Line} [{e.Section}] {e.Key}={(e.Value.Split('\n') is [var first, .. var more] ? first + string.Concat(more.Select(line => $"<{line}>")) : "")}")
            .Concat(problems.Select(problem => $"!{problem}")));
    }
}
