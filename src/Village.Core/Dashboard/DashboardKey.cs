namespace Village.Dashboard;

/// <summary>A key that the dashboard knows.</summary>
public enum DashboardKey
{
    /// <summary>One that means nothing.</summary>
    Unknown,

    /// <summary><c>q</c>, or Ctrl-C.</summary>
    Quit,

    /// <summary>Escape: back to the list.</summary>
    Back,

    /// <summary><c>r</c>, or Ctrl-L.</summary>
    Refresh,

    /// <summary>Arrow up.</summary>
    Up,

    /// <summary>Arrow down.</summary>
    Down,

    /// <summary>A page up.</summary>
    PageUp,

    /// <summary>A page down, or blank.</summary>
    PageDown,

    /// <summary>To the first row.</summary>
    Home,

    /// <summary>To the last row.</summary>
    End,

    /// <summary>Enter: go to the window of the task.</summary>
    Attach,

    /// <summary><c>l</c>.</summary>
    Log,

    /// <summary><c>p</c>: pause, or resume what is paused.</summary>
    Pause,

    /// <summary><c>k</c>.</summary>
    Stop,

    /// <summary><c>w</c>.</summary>
    Why,

    /// <summary><c>u</c>.</summary>
    Undo,

    /// <summary><c>?</c> or <c>h</c>.</summary>
    Help,

    /// <summary><c>y</c>.</summary>
    Yes,

    /// <summary>Ctrl-Z.</summary>
    Suspend,
}

/// <summary>Keys as a terminal sends them.</summary>
public static class DashboardKeys
{
    /// <summary>
    /// The keys in some bytes of one read, in order. Arrows are <c>ESC [ A</c>, or <c>ESC O A</c> after a program that switched the
    /// keypad over; the others <c>ESC [ 5 ~</c> or <c>ESC [ 1 ; 5 A</c> (with Ctrl). An Escape alone is the last of its read.
    /// </summary>
    public static IReadOnlyList<DashboardKey> Parse(ReadOnlySpan<byte> bytes)
    {
        List<DashboardKey> keys = [];
        while (!bytes.IsEmpty)
        {
            keys.Add(Next(ref bytes));
        }

        return keys;
    }

    private static DashboardKey Next(ref ReadOnlySpan<byte> bytes)
    {
        var first = bytes[0];
        bytes = bytes[1..];
        if (first is not 0x1b)
        {
            return Plain(first);
        }

        if (bytes.IsEmpty)
        {
            return DashboardKey.Back;
        }

        if (bytes[0] is not ((byte)'[' or (byte)'O'))
        {
            // Alt with a key: no key of ours.
            bytes = bytes[1..];
            return DashboardKey.Unknown;
        }

        var length = 1;
        while (length < bytes.Length && bytes[length] is < 0x40 or > 0x7e)
        {
            length++;
        }

        var end = length < bytes.Length ? bytes[length] : (byte)0;
        var number = length is 2 ? bytes[1] : (byte)0;
        bytes = bytes[Math.Min(length + 1, bytes.Length)..];
        return ((char)end, (char)number) switch
        {
            ('A', _) => DashboardKey.Up,
            ('B', _) => DashboardKey.Down,
            ('H', _) or ('~', '1' or '7') => DashboardKey.Home,
            ('F', _) or ('~', '4' or '8') => DashboardKey.End,
            ('M', _) => DashboardKey.Attach,
            ('~', '5') => DashboardKey.PageUp,
            ('~', '6') => DashboardKey.PageDown,
            _ => DashboardKey.Unknown,
        };
    }

    private static DashboardKey Plain(byte key) => key switch
    {
        (byte)'q' or (byte)'Q' or 3 => DashboardKey.Quit,
        (byte)'r' or 12 => DashboardKey.Refresh,
        (byte)'k' => DashboardKey.Stop,
        (byte)'l' => DashboardKey.Log,
        (byte)'p' => DashboardKey.Pause,
        (byte)'w' => DashboardKey.Why,
        (byte)'u' => DashboardKey.Undo,
        (byte)'y' or (byte)'Y' => DashboardKey.Yes,
        (byte)'?' or (byte)'h' => DashboardKey.Help,
        (byte)'g' => DashboardKey.Home,
        (byte)'G' => DashboardKey.End,
        (byte)' ' => DashboardKey.PageDown,
        (byte)'\r' or (byte)'\n' => DashboardKey.Attach,
        26 => DashboardKey.Suspend,
        _ => DashboardKey.Unknown,
    };
}
