using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Village.Html;

/// <summary>
/// HTML that is written piece by piece. Only what stands in the source code is markup: every value in an interpolated string is escaped,
/// for the text of an element and for a quoted attribute alike, and there is no other way to write one.
/// </summary>
public sealed class HtmlText
{
    private readonly StringBuilder text = new();

    /// <summary>Writes literal markup and escaped values.</summary>
    public HtmlText Write([InterpolatedStringHandlerArgument("")] ref Markup markup)
    {
        _ = markup;
        return this;
    }

    /// <summary>What was written.</summary>
    public override string ToString() => text.ToString();

    /// <summary>A style sheet as it is; there is nothing that could end it in it.</summary>
    internal void WriteStyle(string css) =>
        text.Append(css.Contains('<', StringComparison.Ordinal) ? throw new ArgumentException("a style sheet holds no markup", nameof(css)) : css);

    private void Escape(string value)
    {
        // Half characters are no text, and an encoder would make something of them that is not ours to know.
        foreach (var rune in Printable.Block(value).EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => text.Append("&amp;"),
                '<' => text.Append("&lt;"),
                '>' => text.Append("&gt;"),
                '"' => text.Append("&quot;"),
                '\'' => text.Append("&#39;"),
                < 0x80 => text.Append((char)rune.Value),
                _ => text.Append(rune.ToString()),
            };
        }
    }

    /// <summary>What the compiler makes of an interpolated string: a kind of value that is not below does not compile.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Markup
    {
        private readonly HtmlText to;

        /// <summary>Begins a piece.</summary>
        public Markup(int literalLength, int formattedCount, HtmlText to)
        {
            this.to = to;
            to.text.EnsureCapacity(to.text.Length + literalLength + (16 * formattedCount));
        }

        /// <summary>Markup of the source code.</summary>
        public void AppendLiteral(string markup) => to.text.Append(markup);

        /// <summary>Text from anywhere.</summary>
        public void AppendFormatted(string? value) => to.Escape(value ?? "");

        /// <summary>A whole number.</summary>
        public void AppendFormatted(int value) => to.text.Append(CultureInfo.InvariantCulture, $"{value}");

        /// <summary>A number, as attributes have it.</summary>
        public void AppendFormatted(double value) => to.text.Append(CultureInfo.InvariantCulture, $"{value:0.###}");

        /// <summary>HTML that was written the same way.</summary>
        public void AppendFormatted(HtmlText value) => to.text.Append(value.text);
    }
}
