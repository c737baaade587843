using Village.Runs;
using static Village.Core.Tests.Tasks.TaskSamples;

namespace Village.Core.Tests.Runs;

/// <summary>Which time a report tells of, and how it shows the end of a log.</summary>
public sealed class RunWindowTests
{
    [Theory]
    [InlineData(null, null, 24, "day")]
    [InlineData(null, 3, 3, "up")]
    [InlineData(null, 30, 24, "day")]
    [InlineData(null, -1, 24, "day")]
    [InlineData(48, 3, 48, "asked")]
    [InlineData(-5, null, 0, "asked")]
    public void It_is_what_was_asked_for_or_since_the_village_came_up_or_a_day(int? asked, int? up, int begins, string why) => Assert.Equal(
        new(Now.AddHours(-begins), Now, why),
        RunWindow.Of(asked is { } hours ? Now.AddHours(-hours) : null, up is { } ago ? Now.AddHours(-ago) : null, Now));

    [Fact]
    public void The_end_of_a_log_is_twenty_lines_none_of_them_endless()
    {
        var log = LogEnd.Of(string.Concat(Enumerable.Range(1, 30).Select(i => $"line {i}\t.  \n")) + new string('x', 9000) + "\n\n");

        Assert.Equal((20, "line 12    ."), (log.Count, log[0]));
        Assert.InRange(log[^1].Length, 1, 400);
        Assert.Equal([""], LogEnd.Of("\n"));
    }
}
