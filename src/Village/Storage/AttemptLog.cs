using Village.Metrics;

namespace Village.Storage;

/// <summary>What the ends of attempts in a log add up to. Reading goes on where it stopped; a log that begins anew is counted anew.</summary>
internal sealed class AttemptLog(string path)
{
    private long offset;

    /// <summary>The sums of what was read.</summary>
    public AttemptStatistics Statistics { get; private set; } = new();

    /// <summary>Reads what has come; returns the ends that count and are later than a time.</summary>
    public IReadOnlyList<AttemptEnd> Read(DateTimeOffset after)
    {
        using var lines = LogLines.TryOpen(path);
        if (offset > (lines?.Length ?? 0))
        {
            (offset, Statistics) = (0, new());
        }

        List<AttemptEnd> later = [];
        for (; lines?.TryRead(offset, out var line) is true; offset = lines.Next)
        {
            if (AttemptEnd.TryRead(line) is { } end && Statistics.Add(end) is { } counted && counted.Ts > after)
            {
                later.Add(counted);
            }
        }

        return later;
    }
}
