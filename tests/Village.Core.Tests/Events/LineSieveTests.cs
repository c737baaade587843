using System.Text;
using Village.Events;
using Village.Tasks;

namespace Village.Core.Tests.Events;

public sealed class LineSieveTests
{
    private static readonly LineSieve Sieve = LineSieve.For(new() { Task = TaskId.Parse("bd-a3f8") })!;

    [Fact]
    public void A_word_is_found_at_any_place_in_any_case_and_nothing_else_is()
    {
        for (var before = 0; before < 70; before++)
        {
            for (var after = 0; after < 40; after++)
            {
                var (left, right) = (new string('b', before), new string('8', after));
                Assert.Equal(before, Next($"{left}Bd-A3f8{right}"));
                Assert.Equal(-1, Next($"{left}bd-a3f{(after % 2 is 0 ? "9" : "\r")}{right}"));
                Assert.Equal(-1, Next($"{left}\\\"\\\\bd-a3{right}"));
            }
        }
    }

    [Fact]
    public void What_is_written_as_an_escape_may_be_the_word()
    {
        for (var before = 0; before < 70; before++)
        {
            Assert.Equal(before, Next($"{new string('-', before)}\\u0062d-a3f8{new string(' ', 40)}"));
        }

        Assert.True(Sieve.MayHold("\\u0041"u8));
        Assert.False(Sieve.MayHold("a line that ends with \\"u8));
        Assert.False(Sieve.MayHold(""u8));
    }

    [Theory]
    [InlineData(null, null, null, "bd-x", "longer BD-x", true)]
    [InlineData("agent-of-them", "ok", "up", null, "agent-of-them", true)]
    [InlineData("a", "in_progress", "up", null, "a", false)]
    [InlineData(null, null, "task add", null, "{\"cmd\":\"task add\"}", true)]
    [InlineData(null, "ok", "gr\u00fcn, and long", null, "ok", true)]
    public void What_is_looked_for_is_the_task_or_the_longest_word_that_every_match_holds(string? agent, string? status, string? cmd, string? task, string line, bool expected) =>
        Assert.Equal(expected, LineSieve.For(new() { Agent = agent, Status = status, Cmd = cmd, Task = task is null ? null : TaskId.Parse(task) })!.MayHold(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void A_filter_without_a_plain_word_has_none()
    {
        Assert.Null(LineSieve.For(new() { Since = DateTimeOffset.UnixEpoch }));
        Assert.Null(LineSieve.For(new() { Cmd = "a\"b", Status = "", Agent = "\u00fc" }));
    }

    private static int Next(string text) => Sieve.NextIn(Encoding.UTF8.GetBytes(text));
}
