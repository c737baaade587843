using System.Text;
using System.Xml;
using CsCheck;
using Village.Html;

namespace Village.Core.Tests.Html;

/// <summary>What comes from outside is text on a page, whatever it is.</summary>
public sealed class HtmlTextTests
{
    private static readonly Gen<string> Hostile = Gen.OneOf(
        Gen.Const("</script><script>alert(1)</script>"), Gen.Const("\" onload=\"x"), Gen.Const("' style='x"), Gen.Const("]]>&#0;&amp;"), Gen.Const("<!--"), Gen.Const("\u001b[31m\0\r\n\t"),
        Gen.Const("\u202eright"), Gen.Const("\ud800 half"), Gen.Const("日本🦊e\u0301"),

        // XML knows two characters less.
        Gen.String.Select(text => text.Replace("\ufffe", "", StringComparison.Ordinal).Replace("\uffff", "", StringComparison.Ordinal)));

    [Fact]
    public void It_stays_text_between_tags_and_in_an_attribute() => Gen.Select(Hostile, Hostile).Sample((one, other) =>
    {
        var text = one + other;
        var page = new HtmlText().Write($"<b title=\"{text}\" id='{text}'>{text}</b>").ToString();

        // A reader of XML refuses whatever is not escaped, and tells what it understood.
        var read = new XmlDocument { PreserveWhitespace = true, XmlResolver = null };
        read.LoadXml(page);
        var shown = WellFormed(Printable.Block(text));
        Assert.Equal(shown, read.DocumentElement!.InnerText);
        Assert.Equal(shown, read.DocumentElement.GetAttribute("title"));
        Assert.Equal(1, read.DocumentElement.ChildNodes.Count is 0 ? 1 : read.DocumentElement.ChildNodes.Count);
    });

    [Fact]
    public void Numbers_are_written_for_machines_and_pieces_as_they_are() => Assert.Equal(
        "<i>1.5 12 &lt;</i>", new HtmlText().Write($"<i>{1.5} {12} {new HtmlText().Write($"{"<"}")}</i>").ToString());

    [Fact]
    public void A_page_allows_nothing_but_its_own_style()
    {
        var page = HtmlPage.Of("</title><script>", "village report", "p{color:red}", new HtmlText().Write($"<p>{"<b>"}</p>"));

        Assert.Contains("content=\"default-src &#39;none&#39;", page.Replace("'none'", "&#39;none&#39;", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("<title>&lt;/title&gt;&lt;script&gt;</title>", page, StringComparison.Ordinal);
        Assert.True(HtmlPage.IsBy("village report", Encoding.UTF8.GetBytes(page)));
        Assert.False(HtmlPage.IsBy("village contract", Encoding.UTF8.GetBytes(page)));
        Assert.False(HtmlPage.IsBy("village report", "<!DOCTYPE html>\n<html>"u8));
        Assert.Throws<ArgumentException>(() => HtmlPage.Of("", "", "</style>", new()));
    }

    // A lone half of a pair is one replacement character.
    private static string WellFormed(string text) => string.Concat(text.EnumerateRunes());
}
