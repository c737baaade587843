using System.Globalization;

namespace Village.Tasks;

/// <summary>
/// Times as Beads writes them (RFC 3339): <c>2026-11-22T11:04:38.78968336Z</c>, <c>2020-01-01T00:00:00+02:00</c>.
/// The text is what is kept; an instant here holds only seven of the up to nine digits, enough to compare.
/// </summary>
public static class TaskTime
{
    /// <summary>The text of an instant: UTC, as many digits of the second as it has.</summary>
    public static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>
    /// Which of two is later; what is no time comes before all. A whole second is the same as any part of it, because Beads of the
    /// Dolt era cuts the rest off.
    /// </summary>
    public static int Compare(string a, string b)
    {
        if ((Parse(a), Parse(b)) is not ({ } x, { } y))
        {
            return (Parse(a) is null ? 0 : 1) - (Parse(b) is null ? 0 : 1);
        }

        var isWhole = x.UtcTicks % TimeSpan.TicksPerSecond is 0 || y.UtcTicks % TimeSpan.TicksPerSecond is 0;
        return isWhole && x.UtcTicks / TimeSpan.TicksPerSecond == y.UtcTicks / TimeSpan.TicksPerSecond ? 0 : x.CompareTo(y);
    }

    /// <summary>The instant, or null when the text is none. By hand, because ten thousand of them are read at once.</summary>
    public static DateTimeOffset? Parse(ReadOnlySpan<char> text)
    {
        if (text is not [_, _, _, _, '-', _, _, '-', _, _, 'T', _, _, ':', _, _, ':', _, _, _, ..]
            || !Number(text[..4], 1, 9999, out var year) || !Number(text[5..7], 1, 12, out var month)
            || !Number(text[8..10], 1, DateTime.DaysInMonth(year, month), out var day)
            || !Number(text[11..13], 0, 23, out var hour) || !Number(text[14..16], 0, 59, out var minute)
            || !Number(text[17..19], 0, 59, out var second))
        {
            return null;
        }

        var rest = text[19..];
        var ticks = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks;
        return Fraction(ref rest, ref ticks) && Offset(rest, ref ticks)
            ? new DateTimeOffset(Math.Clamp(ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), TimeSpan.Zero)
            : null;
    }

    private static bool Fraction(ref ReadOnlySpan<char> rest, ref long ticks)
    {
        if (rest[0] is not '.')
        {
            return true;
        }

        var digits = rest[1..].IndexOfAnyExceptInRange('0', '9');
        for (var (i, worth) = (1, TimeSpan.TicksPerSecond / 10); i <= digits && worth > 0; i++, worth /= 10)
        {
            ticks += (rest[i] - '0') * worth;
        }

        rest = digits > 0 ? rest[(digits + 1)..] : [];
        return digits > 0;
    }

    private static bool Offset(ReadOnlySpan<char> rest, ref long ticks)
    {
        if (rest is "Z")
        {
            return true;
        }

        if (rest is not ['+' or '-', _, _, ':', _, _]
            || !Number(rest[1..3], 0, 24, out var hours) || !Number(rest[4..], 0, 59, out var minutes))
        {
            return false;
        }

        ticks -= (rest[0] is '-' ? -1 : 1) * ((hours * TimeSpan.TicksPerHour) + (minutes * TimeSpan.TicksPerMinute));
        return true;
    }

    private static bool Number(ReadOnlySpan<char> digits, int least, int most, out int number)
    {
        number = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit(digit))
            {
                return false;
            }

            number = (number * 10) + digit - '0';
        }

        return number >= least && number <= most;
    }
}
