using Village.Events;

namespace Village.Storage;

/// <summary>What a filter asks for in a part of a log.</summary>
/// <param name="Events">The events, oldest first, each with its line.</param>
/// <param name="Lines">How many lines were looked at.</param>
/// <param name="Next">Where the lines that were looked at end: before the end of the part, when its last line is not whole.</param>
/// <param name="IsOver">Whether what follows is later than what is asked for.</param>
internal sealed record LogPart(List<VillageEvent> Events, long Lines, long Next, bool IsOver)
{
    /// <summary>How far lines of processes that write at the same time may be out of order.</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromMinutes(10);

    /// <summary>Reads a part that begins with a line. Only lines that the sieve finds are parsed.</summary>
    public static LogPart Read(LogLines lines, long start, long end, EventFilter filter, LineSieve? sieve)
    {
        List<VillageEvent> events = [];
        var (count, at) = (0L, start);

        // Once a line is late enough most are, and the filter itself looks at their times.
        var isEarly = filter.Since is not null;
        for (; at < end && lines.TryReadMany(at, end, out var text); at = lines.Next)
        {
            if (filter.Until is { } until && EventLine.TimeOf(First(text)) >= until + Slack && !AnyTime(text, time => time < until + Slack))
            {
                return new(events, count, at, IsOver: true);
            }

            count += text.Count((byte)'\n');
            for (int place; !text.IsEmpty && (place = sieve?.NextIn(text) ?? 0) >= 0;)
            {
                text = text[(text[..place].LastIndexOf((byte)'\n') + 1)..];
                var line = First(text);
                text = text[(line.Length + 1)..];
                isEarly = isEarly && !(EventLine.TimeOf(line) >= filter.Since);
                if (!isEarly && EventLine.TryRead(line, keepsLine: true) is { } e && filter.Matches(e))
                {
                    events.Add(e);
                }
            }
        }

        return new(events, count, at, IsOver: false);
    }

    /// <summary>Whether any line of a part has a time of some kind.</summary>
    public static bool AnyTime(LogLines lines, long start, long end, Func<DateTimeOffset, bool> condition)
    {
        for (var at = start; at < end && lines.TryReadMany(at, end, out var text); at = lines.Next)
        {
            if (AnyTime(text, condition))
            {
                return true;
            }
        }

        return false;
    }

    private static bool AnyTime(ReadOnlySpan<byte> lines, Func<DateTimeOffset, bool> condition)
    {
        for (ReadOnlySpan<byte> line; !lines.IsEmpty; lines = lines[(line.Length + 1)..])
        {
            line = First(lines);
            if (EventLine.TimeOf(line) is { } time && condition(time))
            {
                return true;
            }
        }

        return false;
    }

    private static ReadOnlySpan<byte> First(ReadOnlySpan<byte> lines) => lines[..lines.IndexOf((byte)'\n')];
}
