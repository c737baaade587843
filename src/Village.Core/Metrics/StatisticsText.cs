using System.Globalization;
using Village.Agents;

namespace Village.Metrics;

/// <summary>
/// The statistics in the checkpoint, fields parted by tabs: an agent, a reason, or the last hour and the shares of those before it
/// a line. A histogram is its sum, how many are in each bucket, and how many there are:
/// <code>
/// %	AGENT	COMPLETED	HISTOGRAM	FAILED	HISTOGRAM	INPUT	OUTPUT	CACHE-READ	CACHE-WRITE	DOLLARS
/// !	REASON	FAILED
/// @	HOUR	COMPLETED	ENDED	HISTOGRAM
/// </code>
/// </summary>
internal sealed class StatisticsText
{
    private const int UsageWords = 5;
    private readonly Dictionary<string, AgentSums> agents = [];
    private readonly Dictionary<string, long> failures = [];
    private (HourSums Hour, Histogram Rates) hours = (default, new(Histogram.Shares));

    /// <summary>What was taken in.</summary>
    public AttemptStatistics Statistics => new(agents, failures, hours.Hour, hours.Rates);

    /// <summary>Whether a line is one of these.</summary>
    public static bool IsOne(ReadOnlySpan<byte> line) => line is [(byte)'%' or (byte)'!' or (byte)'@', (byte)'\t', ..];

    /// <summary>The lines, each with its newline.</summary>
    public static string Format(AttemptStatistics statistics) => string.Concat(
    [
        .. statistics.Agents.Select(pair => Line(["%", pair.Key, .. Words(pair.Value.Completed), .. Words(pair.Value.Failed), .. Words(pair.Value.Used)])),
        .. statistics.Failures.Select(pair => Line(["!", pair.Key, Text(pair.Value)])),
        Line(["@", Text(statistics.Hour.Number), Text(statistics.Hour.Completed), Text(statistics.Hour.Ended), .. Words(statistics.EarlierRates)]),
    ]);

    /// <summary>Takes in a line without its newline; false when it is damaged.</summary>
    public bool TryTake(string line)
    {
        var words = new Queue<string>(line.Split('\t'));
        switch (words.Dequeue())
        {
            case "%" when words.TryDequeue(out var agent) && Ends(words) is { } completed && Ends(words) is { } failed && Usage(words, out var usage):
                return agents.TryAdd(agent, new(completed, failed, usage)) && words.Count is 0;
            case "!" when words.TryDequeue(out var reason) && Whole(words) is { } count:
                return failures.TryAdd(reason, count) && words.Count is 0;
            case "@" when Whole(words) is { } hour && Whole(words) is { } completed && Whole(words) is { } ended && Buckets(words, Histogram.Shares) is { } rates:
                hours = (new(hour, completed, ended), rates);
                return words.Count is 0;
            default:
                return false;
        }
    }

    private static string Line(IEnumerable<string> words) => string.Join('\t', words) + "\n";

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private static IEnumerable<string> Words(EndSums sums) => [Text(sums.Count), .. Words(sums.Durations)];

    private static IEnumerable<string> Words(Histogram histogram) => [Text(histogram.Sum), .. histogram.Counts.Select(count => Text(count)), Text(histogram.Count)];

    private static IEnumerable<string> Words(AgentUsage? usage) => usage is null
        ? Enumerable.Repeat("", UsageWords)
        : [Text(usage.Input), Text(usage.Output), Text(usage.CacheRead), Text(usage.CacheWrite), usage.Usd is { } usd ? Text(usd) : ""];

    private static EndSums? Ends(Queue<string> words) => Whole(words) is { } count && Buckets(words, Histogram.Durations) is { } durations ? new(count, durations) : null;

    private static Histogram? Buckets(Queue<string> words, IReadOnlyList<double> bounds)
    {
        if (!words.TryDequeue(out var word) || !double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var sum) || !double.IsFinite(sum))
        {
            return null;
        }

        var counts = bounds.Select(_ => Whole(words)).ToList();
        return Whole(words) is { } all && counts.All(count => count is not null) ? new(bounds, [.. counts.OfType<long>()], all, sum) : null;
    }

    private static bool Usage(Queue<string> words, out AgentUsage? usage)
    {
        usage = null;
        if (words.Count is not UsageWords)
        {
            return false;
        }

        if (words.All(word => word is ""))
        {
            words.Clear();
            return true;
        }

        if (Whole(words) is not { } input || Whole(words) is not { } output || Whole(words) is not { } read || Whole(words) is not { } write)
        {
            return false;
        }

        var dollars = words.Dequeue();
        decimal? usd = decimal.TryParse(dollars, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var known) ? known : null;
        usage = new(input, output, read, write, usd);
        return dollars is "" || usd is not null;
    }

    private static long? Whole(Queue<string> words) =>
        words.TryDequeue(out var word) && long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
