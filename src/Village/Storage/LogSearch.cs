using Village.Events;

namespace Village.Storage;

/// <summary>
/// The events of a log that a filter asks for. Reads as little as it can: lines that cannot be asked for are not parsed, and
/// times are looked for by halving, as far as the log is in order. Its parts are read by several processors.
/// </summary>
/// <param name="path">The log.</param>
/// <param name="filter">What is asked for.</param>
internal sealed class LogSearch(string path, EventFilter filter)
{
    private const int Megabyte = 1 << 20;
    private const int Least = 64 << 10;
    private const int AtOnce = 4;
    private readonly LineSieve? sieve = LineSieve.For(filter);
    private bool hasBegun;

    /// <summary>Where the next look begins.</summary>
    public long Next { get; private set; }

    /// <summary>How many lines were looked at.</summary>
    public long Lines { get; private set; }

    /// <summary>What has come since the last look, oldest first; the first time, all that is there.</summary>
    public IEnumerable<VillageEvent> Forward()
    {
        using var lines = LogLines.TryOpen(path);
        if (lines is null)
        {
            yield break;
        }

        Next = !hasBegun ? Begin(lines) : Next > lines.Length ? 0 : Next;
        hasBegun = true;
        var end = lines.EndOfLines();
        while (Next < end)
        {
            foreach (var part in Parts(lines, end))
            {
                (Next, Lines) = (part.IsOver ? end : part.Next, Lines + part.Lines);
                foreach (var e in part.Events)
                {
                    yield return e;
                }

                if (part.IsOver)
                {
                    break;
                }
            }
        }
    }

    /// <summary>The last of what is there, oldest first; read from the end, so far as it has to be.</summary>
    public IReadOnlyList<VillageEvent> Last(int most)
    {
        using var lines = LogLines.TryOpen(path);
        hasBegun = true;
        if (lines is null)
        {
            return [];
        }

        var begin = Begin(lines);
        var count = 0;
        var parts = new Stack<LogPart>();
        var size = Least;
        for (var end = Next = lines.EndOfLines(); end > begin && count < most; size = Math.Min(2 * size, 4 * Megabyte))
        {
            var start = lines.LineBefore(begin, end, size);
            var part = LogPart.Read(lines, start, end, filter, sieve);
            parts.Push(part);
            (Lines, count, end) = (Lines + part.Lines, count + part.Events.Count, start);
        }

        return [.. parts.SelectMany(part => part.Events).Skip(count - Math.Min(count, most))];
    }

    // The next parts of the log. Where every line is parsed they are small, because its events are in memory then.
    private LogPart[] Parts(LogLines lines, long end)
    {
        List<long> bounds = [Next];
        while (bounds.Count <= AtOnce && bounds[^1] < end)
        {
            bounds.Add(lines.LineAfter(bounds[^1] + (sieve is null ? Megabyte / 4 : 4 * Megabyte), end));
        }

        var parts = new LogPart[bounds.Count - 1];
        if (parts.Length is 1)
        {
            return [LogPart.Read(lines, Next, end, filter, sieve)];
        }

        Parallel.For(0, parts.Length, i =>
        {
            using var own = LogLines.TryOpen(path);
            parts[i] = own is null ? new([], 0, end, IsOver: true) : LogPart.Read(own, bounds[i], bounds[i + 1], filter, sieve);
        });
        return parts;
    }

    // Where what is asked for may begin. The clock may have been set back: so the megabyte before must be older as a whole.
    private long Begin(LogLines lines)
    {
        if (filter.Since is not { } since)
        {
            return 0;
        }

        var (low, high) = (0L, lines.Length);
        while (high - low > Least)
        {
            // The first line that begins after the middle.
            var middle = low + ((high - low) / 2);
            var at = lines.LineAfter(middle, high);
            var isOld = at < high && lines.TryRead(at, out var line) && EventLine.TimeOf(line) < since - LogPart.Slack;
            (low, high) = isOld ? (at, high) : (low, middle);
        }

        while (low > 0)
        {
            var before = lines.LineBefore(0, low, Megabyte);
            if (!LogPart.AnyTime(lines, before, low, time => time >= since))
            {
                break;
            }

            low = before;
        }

        return low;
    }
}
