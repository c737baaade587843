using System.Globalization;

namespace Village.Html;

/// <summary>A mark on an axis.</summary>
/// <param name="At">Where, in percent of the axis.</param>
/// <param name="Label">What is written there.</param>
public sealed record TimeMark(double At, string Label);

/// <summary>An axis of time, in the zone of whoever reads it.</summary>
/// <param name="Begin">Where it begins.</param>
/// <param name="End">Where it ends; later than that.</param>
/// <param name="Zone">The zone.</param>
public sealed record TimeAxis(DateTimeOffset Begin, DateTimeOffset End, TimeZoneInfo Zone)
{
    private const int MostMarks = 8;
    private static readonly int[] Steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800];

    /// <summary>An axis for some times; never without length.</summary>
    public static TimeAxis For(DateTimeOffset begin, DateTimeOffset end, TimeZoneInfo zone) => new(begin, end - begin < TimeSpan.FromSeconds(1) ? begin.AddSeconds(1) : end, zone);

    /// <summary>Where a time is, in percent; what is outside is at the edge.</summary>
    public double Percent(DateTimeOffset time) => Math.Clamp((time - Begin) / (End - Begin) * 100, 0, 100);

    /// <summary>At most eight marks at round times of the zone, the day where it changes.</summary>
    public IReadOnlyList<TimeMark> Marks()
    {
        var length = (End - Begin).TotalSeconds;
        var step = Steps.FirstOrDefault(step => length / step <= MostMarks);
        var seconds = step > 0 ? step : Math.Ceiling(length / MostMarks / 604800) * 604800;
        List<TimeMark> marks = [];
        var day = Local(Begin).Date;
        for (var ticks = Math.Ceiling(Local(Begin).Ticks / (seconds * TimeSpan.TicksPerSecond)); marks.Count <= MostMarks; ticks++)
        {
            var local = new DateTime((long)(ticks * seconds) * TimeSpan.TicksPerSecond);

            // A time that a change of the clock leaves out is no mark.
            if (Zone.IsInvalidTime(local))
            {
                continue;
            }

            var time = new DateTimeOffset(local, Zone.GetUtcOffset(local));
            if (time > End)
            {
                break;
            }

            var form = seconds >= 86400 ? "MMM d" : local.Date != day ? "MMM d, HH:mm" : seconds < 60 ? "HH:mm:ss" : "HH:mm";
            day = local.Date;
            marks.Add(new(Percent(time), local.ToString(form, CultureInfo.InvariantCulture)));
        }

        return marks;
    }

    private DateTime Local(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, Zone).DateTime;
}
