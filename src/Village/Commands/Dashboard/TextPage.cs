using Village.Dashboard;

namespace Village.Commands.Dashboard;

/// <summary>A text over the whole screen, to be scrolled; what is at its end follows what comes.</summary>
internal sealed class TextPage(string title, Func<IReadOnlyList<string>> read, bool grows = false)
{
    private IReadOnlyList<string> lines = read();
    private readonly bool grows = grows;
    private int first;
    private bool follows = grows;

    /// <summary>Reads the text anew.</summary>
    public void Renew() => lines = follows ? read() : lines;

    /// <summary>The lines of the screen.</summary>
    public IReadOnlyList<string> Draw(DashboardFrame frame, int body)
    {
        first = follows ? Last(body) : Math.Clamp(first, 0, Last(body));
        return frame.Page(title, lines, first);
    }

    /// <summary>Takes a key; false closes the page.</summary>
    public bool Press(DashboardKey key, int body)
    {
        first = key switch
        {
            DashboardKey.Up => first - 1,
            DashboardKey.Down => first + 1,
            DashboardKey.PageUp => first - body,
            DashboardKey.PageDown => first + body,
            DashboardKey.Home => 0,
            DashboardKey.End => Last(body),
            _ => first,
        };
        first = Math.Clamp(first, 0, Last(body));
        follows = grows && first == Last(body);
        return key is not (DashboardKey.Quit or DashboardKey.Back);
    }

    private int Last(int body) => Math.Max(0, lines.Count - Math.Max(1, body));
}
