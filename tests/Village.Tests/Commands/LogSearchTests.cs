using System.Text;
using Village.Configuration;
using Village.Events;
using Village.Storage;
using Village.Tasks;

namespace Village.Tests.Commands;

/// <summary>A search that skips what it need not read finds what a reader of every line finds.</summary>
[Trait("scm", "none")]
public sealed class LogSearchTests : IDisposable
{
    private const int Count = 30_000;
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly string directory = Directory.CreateTempSubdirectory("v-").FullName;

    private string Log => Path.Combine(directory, "events.log");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    public static TheoryData<string, EventFilter> Filters() => new()
    {
        { "all", new() },
        { "a task", new() { Task = TaskId.Parse("BD-17") } },
        { "an agent", new() { Agent = "build" } },
        { "a state", new() { Status = "failed" } },
        { "the end", new() { Since = Time(Count - 300) } },
        { "the middle", new() { Since = At(15_000), Until = At(15_100) } },
        { "before the clock was set back", new() { Since = At(20_000).AddMinutes(-30), Until = At(20_000).AddMinutes(-10) } },
        { "a task since a time", new() { Task = TaskId.Parse("bd-3"), Since = At(9_000) } },
        { "the beginning", new() { Until = At(10) } },
        { "nothing", new() { Task = TaskId.Parse("bd-none") } },
        { "the future", new() { Since = At(10 * Count) } },
        { "the past", new() { Until = At(-1) } },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public void A_search_finds_what_reading_every_line_finds(string what, EventFilter filter)
    {
        Write(Count);
        var expected = Expected(filter);

        Assert.Equal(expected, Lines(Search(filter).Forward()));
        foreach (var most in new[] { 1, 7, 2_000, 1_000_000 })
        {
            Assert.Equal(expected.TakeLast(most), Lines(Search(filter).Last(most)));
        }

        Assert.True(expected.Count > 0 || what is "nothing" or "the future" or "the past", what);
    }

    [Fact]
    public void The_end_of_a_long_log_is_found_without_reading_all_of_it()
    {
        Write(Count);
        var (since, last) = (Search(new() { Since = Time(Count - 300) }), Search(new()));

        Assert.NotEmpty(since.Forward());
        Assert.NotEmpty(last.Last(20));
        Assert.InRange(since.Lines, 300, Count / 2);
        Assert.InRange(last.Lines, 20, Count / 2);
    }

    [Fact]
    public void A_search_goes_on_with_lines_when_they_are_whole_and_with_a_log_that_begins_anew()
    {
        File.WriteAllText(Log, Line(1) + "\n" + Line(2)[..30]);
        var search = Search(new());
        Assert.Equal([Line(1)], Lines(search.Last(5)));

        Assert.Empty(search.Forward());
        File.AppendAllText(Log, Line(2)[30..] + "\n" + Line(3) + "\n");
        Assert.Equal([Line(2), Line(3)], Lines(search.Forward()));
        File.WriteAllText(Log, Line(4) + "\n");
        Assert.Equal([Line(4)], Lines(search.Forward()));
        File.Delete(Log);
        Assert.Empty(search.Forward());
    }

    [Fact]
    public void A_line_longer_than_any_buffer_is_a_line()
    {
        var giant = Line(2)[..^1] + $",\"note\":\"{new string('x', 3 << 20)}\"}}";
        File.WriteAllText(Log, Line(1) + "\n" + giant + "\n" + Line(3) + "\n" + new string('y', 1 << 20));

        Assert.Equal([Line(1), giant, Line(3)], Lines(Search(new()).Forward()));
        Assert.Equal([giant, Line(3)], Lines(Search(new()).Last(2)));
        Assert.Equal([Line(1), giant], Lines(Search(new() { Since = Time(2) }).Forward()));
    }

    private static DateTimeOffset At(int n) => Begin.AddSeconds(n);

    // One event a second, each a little out of order; after two thirds the clock is set back by an hour.
    private static DateTimeOffset Time(int n) => At(n).AddSeconds(n % 5 * -1.5).AddHours(n > 20_000 ? -1 : 0);

    private static string Line(int n) => n % 1_000 is 999 ? "no event" : Encoding.UTF8.GetString(EventLine.Format(new()
    {
        Ts = Time(n),
        Cmd = "worker",
        Task = $"bd-{n % 50}",
        To = n % 10 is 0 ? TaskState.Failed : TaskState.Claimed,
        Agent = n % 3 is 0 ? "build" : "other",
        Message = n % 7 is 0 ? "it said \"no\": \u001b[31m" : "what a person would read about it, in a sentence",
        Actor = "somebody",
        V = "0.1.0+61e51e8",
    })).TrimEnd();

    private void Write(int count) => File.WriteAllLines(Log, Enumerable.Range(0, count).Select(Line));

    private LogSearch Search(EventFilter filter) => new EventLog(Log, new("a", 1, "v"), TimeProvider.System, Durability.Full).Search(filter);

    private List<string> Expected(EventFilter filter) =>
        [.. File.ReadLines(Log).Where(line => EventLine.TryParse(Encoding.UTF8.GetBytes(line)) is { } e && filter.Matches(e))];

    private static List<string> Lines(IEnumerable<VillageEvent> events) => [.. events.Select(e => Encoding.UTF8.GetString(e.Raw.Span))];
}
