using System.Text;
using Spectre.Console.Rendering;

namespace Village.Terminal;

/// <summary>How a piece of a line looks, as the numbers of an SGR sequence; without colour only the text remains.</summary>
internal static class Look
{
    public const string Plain = "";
    public const string Bold = "1";
    public const string Dim = "2";
    public const string Green = "32";
    public const string Red = "91";
    public const string Yellow = "93";
    public const string Urgent = "1;93";
    public const string Cyan = "36";
    public const string Selected = "7";
}

/// <summary>One line of a screen, never wider than it may be: hostile text is made harmless, and cut by the cells that it takes.</summary>
/// <param name="width">How many cells there are.</param>
/// <param name="colour">Whether looks are shown.</param>
internal sealed class ScreenLine(int width, bool colour)
{
    private readonly StringBuilder text = new();
    private int used;

    /// <summary>How many cells are free.</summary>
    public int Left => width - used;

    /// <summary>How many cells a text takes: two for a wide character, none for a combining one.</summary>
    public static int Cells(string text) => new Segment(Printable.Line(text)).CellCount();

    /// <summary>Adds a text, and blanks up to <paramref name="cells"/> when it is shorter; what does not fit ends in an ellipsis.</summary>
    public ScreenLine Add(string piece, string look = Look.Plain, int? cells = null)
    {
        var room = Math.Min(cells ?? int.MaxValue, Left);
        if (room <= 0)
        {
            return this;
        }

        var shown = Printable.Line(piece);
        var taken = new Segment(shown).CellCount();
        if (taken > room)
        {
            shown = room is 1 ? "…" : $"{Segment.Truncate(new Segment(shown), room - 1)?.Text}…";
            taken = new Segment(shown).CellCount();
        }

        var blanks = new string(' ', cells is null ? 0 : Math.Max(0, room - taken));
        text.Append(colour && look is not Look.Plain && shown is not "" ? $"\x1b[{look}m{shown}\x1b[0m" : shown).Append(blanks);
        used += taken + blanks.Length;
        return this;
    }

    /// <summary>Blanks up to the last <paramref name="reserved"/> cells.</summary>
    public ScreenLine Fill(int reserved = 0) => Add("", cells: Math.Max(0, Left - reserved));

    /// <summary>The line, to be written as it is.</summary>
    public override string ToString() => text.ToString();
}
