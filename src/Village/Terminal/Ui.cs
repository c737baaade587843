using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;
using Village.Hosting;
using Village.Reports;

namespace Village.Terminal;

/// <summary>
/// What a person or a script reads. stdout is the answer and nothing else; stderr is narration. Everything that comes
/// from tasks, files or agents is made harmless on the way out.
/// </summary>
internal sealed class Ui
{
    private readonly Host host;
    private int progressLength;

    // Some terminals report 0.
    private int Width => host.Width is > 0 and var width ? width : 80;

    /// <summary>The terminal of a host.</summary>
    public Ui(Host host, bool verbose, bool json, string colour = "auto", bool quiet = false)
    {
        this.host = host;
        Verbose = verbose;
        Json = json;
        Quiet = quiet;
        // What is typed goes before what is set; https://no-color.org and https://bixense.com/clicolors.
        Colour = !json && colour switch
        {
            "always" => true,
            "never" => false,
            _ => host.Variable("NO_COLOR") is null && (host.Variable("CLICOLOR_FORCE") is not (null or "0") || (host.Width is not null && host.Variable("TERM") is not "dumb")),
        };
    }

    /// <summary>Whether there is no narration: the answer, warnings and errors remain.</summary>
    public bool Quiet { get; }

    /// <summary>Whether every call of a tool is narrated.</summary>
    public bool Verbose { get; }

    /// <summary>Whether the answer is one JSON document.</summary>
    public bool Json { get; }

    /// <summary>Whether stdout shows colour.</summary>
    public bool Colour { get; }

    /// <summary>Prints the answer: a JSON document, or the text a person reads.</summary>
    public void Answer<T>(T report, JsonTypeInfo<T> shape, Action<T> text)
    {
        EndProgress();
        if (Json)
        {
            // Piece by piece: a report of ten thousand tasks is never in memory as a text.
            host.Out.Flush();
            JsonSerializer.Serialize(host.Out.BaseStream, report, shape);
            host.Out.WriteLine();
        }
        else
        {
            text(report);
        }
    }

    /// <summary>Prints the answer as a line of JSON lines.</summary>
    public void AnswerLine<T>(T report, JsonTypeInfo<T> shape)
    {
        host.Out.Flush();
        using (var line = new Utf8JsonWriter(host.Out.BaseStream, new() { Encoder = shape.Options.Encoder }))
        {
            JsonSerializer.Serialize(line, report, shape);
        }

        host.Out.Write('\n');
        host.Out.Flush();
    }

    /// <summary>A time as people read it: the local one, <c>2026-01-22 10:41:12</c>.</summary>
    public static string Time(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>One line of the answer.</summary>
    public void Line(string text) => host.Out.WriteLine(Printable.Block(text));

    /// <summary>How many columns a line has; null where nothing is cut: in a file or a pipe.</summary>
    public int? LineWidth => host.Width is null ? null : Width;

    /// <summary>One line of the answer, in pieces that may be coloured.</summary>
    public void Cells(IReadOnlyList<Cell> cells)
    {
        foreach (var cell in cells)
        {
            var text = Printable.Line(cell.Text);
            host.Out.Write(Colour && cell.Colour is { } colour && text is not "" ? $"\x1b[{Code(colour)}m{text}\x1b[0m" : text);
        }

        host.Out.WriteLine();
    }

    // The ones that a table has, too.
    private static int Code(Color colour) => colour == Color.Red ? 91 : colour == Color.Green ? 32 : colour == Color.Yellow ? 93 : 90;

    /// <summary>Text of the answer; on a terminal no word is broken at its edge.</summary>
    public void Paragraph(string text) => Line(host.Width is null ? text : Wrapped.Text(text, Width));

    /// <summary>Bytes of the answer as they are.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        host.Out.Flush();
        host.Out.BaseStream.Write(bytes);
    }

    /// <summary>Text of the answer as it is, escape sequences included. Only for what is asked for raw.</summary>
    public void Raw(string text) => host.Out.Write(text);

    /// <summary>A table: headers in bold, two blanks between columns. A cell may name a colour.</summary>
    public void Table(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<Cell>> rows)
    {
        var table = new Table().NoBorder().Collapse();
        foreach (var header in headers)
        {
            table.AddColumn(new TableColumn(new Text(header, new Style(decoration: Colour ? Decoration.Bold : Decoration.None)))
            {
                Padding = new(0, 0, header == headers[^1] ? 0 : 2, 0),
                NoWrap = header != headers[^1],
            });
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(Printable.Line(cell.Text), new Style(cell.Colour))));
        }

        using var text = new StringWriter();
        var console = AnsiConsole.Create(new()
        {
            Ansi = Colour ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = Colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new TextOutput(text, host.Width is null ? 10_000 : Width), // What goes to a file or a pipe is not cut.
        });
        console.Write(table);
        foreach (var line in text.ToString().TrimEnd('\n').Split('\n'))
        {
            host.Out.WriteLine(line.TrimEnd());
        }
    }

    /// <summary>One row of an answer that is written while it is read: cells of at least these widths, two blanks between them.</summary>
    public void Row(IReadOnlyList<string> cells, IReadOnlyList<int> widths) =>
        host.Out.WriteLine(string.Join("  ", cells.Zip(widths, (cell, width) => Printable.Line(cell).PadRight(width))).TrimEnd());

    /// <summary>One line of narration.</summary>
    public void Say(string text)
    {
        if (!Quiet)
        {
            Tell(text);
        }
    }

    /// <summary>A failure: one sentence and a hint on stderr, or with --json one document on stdout.</summary>
    public void Fail(ErrorReport report)
    {
        EndProgress();
        if (Json)
        {
            host.Out.WriteLine(JsonSerializer.Serialize(report, JsonContracts.Shapes.ErrorReport));
            return;
        }

        host.Error.WriteLine($"error: {Printable.Line(report.Error.Message)}");
        if (report.Error.Hint is { } hint)
        {
            host.Error.WriteLine($"hint: {Printable.Line(hint)}");
        }
    }

    /// <summary>A warning; stops nothing.</summary>
    public void Warn(string text) => Tell($"warning: {text}");

    /// <summary>Shows where long work stands: redrawn in place on a terminal, not at all elsewhere.</summary>
    public void Progress(string text)
    {
        if (!host.ErrorIsTerminal || Json || Quiet)
        {
            return;
        }

        var line = Printable.Line(text);
        line = line.Length < Width ? line : line[..(Width - 1)];
        host.Error.Write($"\r{line.PadRight(progressLength)}");
        host.Error.Flush();
        progressLength = line.Length;
    }

    private void Tell(string text)
    {
        EndProgress();
        host.Error.WriteLine(Printable.Block(text));
    }

    private void EndProgress()
    {
        if (progressLength > 0)
        {
            host.Error.Write($"\r{new string(' ', progressLength)}\r");
            progressLength = 0;
        }
    }
}

/// <summary>A text as Spectre's output. Its own class asks for <c>Console.Out</c>, which switches the terminal's keypad over.</summary>
internal sealed class TextOutput(TextWriter writer, int width) : IAnsiConsoleOutput
{
    /// <inheritdoc/>
    public TextWriter Writer => writer;

    /// <inheritdoc/>
    public bool IsTerminal => false;

    /// <inheritdoc/>
    public int Width => width;

    /// <inheritdoc/>
    public int Height => 24;

    /// <inheritdoc/>
    public void SetEncoding(System.Text.Encoding encoding)
    {
    }
}

/// <summary>One cell of a table.</summary>
/// <param name="Text">Its text, from anywhere.</param>
/// <param name="Colour">Its colour on a terminal.</param>
internal readonly record struct Cell(string Text, Color? Colour = null)
{
    public static implicit operator Cell(string text) => new(text);
}
