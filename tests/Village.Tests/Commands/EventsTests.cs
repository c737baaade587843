using System.Diagnostics;
using System.Text.Json;
using Village.Tests.Testing;

namespace Village.Tests.Commands;

/// <summary><c>village events</c> over a log that many programs have written to: filters, whole lines as JSON, and going on with what comes.</summary>
public sealed class EventsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 22, 12, 0, 0, TimeSpan.Zero);

    // Ours, the original's with task_id and a time without zone, another tool's with fields of its own, lines that are no events,
    // bytes that are no text, and the line that somebody is just writing.
    private static readonly string[] Log =
    [
        """{"ts":"2026-01-20T08:00:00.000Z","cmd":"up","result":"ok","actor":"ada","pid":1,"v":"0.1.0+61e51e8"}""",
        "",
        "<<<<<<< HEAD",
        "42",
        """{"ts":"2026-01-22T10:00:00","cmd":"resume","task_id":"bd-a3f","pane":"%1","result":null,"error":null}""",
        """{"ts":"2026-01-22T11:10:00.000+01:00","cmd":"queue","task":"bd-a3f","result":"ok","from":"queued","to":"claimed","agent":"build"}""",
        """{"ts":"2026-01-22T10:20:00Z","cmd":"worker","task":"bd-a3f","result":"error","from":"in_progress","to":"failed","agent":"build","reason":"agent_exit"}""",
        """{"ts":"2026-01-22T10:20:00Z","task":"bd-a3f","cmd":7}""",
        """{"ts":"2026-01-22T11:30:00Z","cmd":"ci","task":"BD-B7C","result":"red","build":{"id":7,"url":"https://example.com/7"},"note":"\u001b[31m<é>"}""",
        """{"ts":"2026-01-22T11:40:00Z","cmd":"task dep add","task":"bd-b7c","result":"ok"}""",
        """{"ts":"2026-01-22T11:59:00Z","cmd":"queue","task":"bd-b7c","res""",
    ];

    [Theory]
    [InlineData("", "up resume queue worker ci task")]
    [InlineData("--task bd-a3f", "resume queue worker")]
    [InlineData("--task bd-b7c", "ci task")]
    [InlineData("--cmd queue", "queue")]
    [InlineData("--cmd task", "task")]
    [InlineData("--status ok", "up queue task")]
    [InlineData("--status FAILED", "worker")]
    [InlineData("--status claimed", "queue")]
    [InlineData("--status red", "ci")]
    [InlineData("--status green", "")]
    [InlineData("--agent Build", "queue worker")]
    [InlineData("--since 2026-01-22", "resume queue worker ci task")]
    [InlineData("--since 2026-01-22T10:10", "queue worker ci task")]
    [InlineData("--since 2026-01-22T12:20+02:00", "worker ci task")]
    [InlineData("--until 2026-01-22T10:20:00Z", "up resume queue")]
    [InlineData("--since 2026-01-22T10:00 --until 2026-01-22T10:20", "resume queue")]
    [InlineData("--last 1h", "ci task")]
    [InlineData("--last 1h40m", "worker ci task")]
    [InlineData("--since 1h40m --until 25m", "worker ci")]
    [InlineData("--last 1800", "ci task")]
    [InlineData("--last 5d --since 2026-01-22T11:35", "task")]
    [InlineData("--last 25m --since 2026-01-20", "task")]
    [InlineData("--limit 2", "ci task")]
    [InlineData("--task bd-a3f --limit 2", "queue worker")]
    [InlineData("--task bd-a3f --status error --cmd worker --agent build --last 3h", "worker")]
    public async Task Everything_that_is_asked_for_narrows(string options, string commands)
    {
        await using var village = Village();

        var json = await EventsAsync(village, options.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(commands, string.Join(' ', json.GetProperty("events").EnumerateArray().Select(e => Asking.Text(e, "cmd")!.Split(' ')[0])));
        Assert.Equal(10, json.GetProperty("total_count").GetInt32());
    }

    [Fact]
    public async Task JSON_has_each_line_whole_with_the_fields_of_others()
    {
        await using var village = Village();

        var json = await EventsAsync(village, "--task", "BD-b7c", "--limit", "1000", "--cmd", "ci");

        Assert.Equal(Log[8], json.GetProperty("events")[0].GetRawText());
        Assert.Equal((10, 1), (json.GetProperty("total_count").GetInt32(), json.GetProperty("filtered_count").GetInt32()));
        Assert.Equal(
            "{\n  \"command\": \"events\",\n  \"version\": 1,\n  \"events\": [],\n  \"total_count\": 10,\n  \"filtered_count\": 0\n}\n",
            (await village.RunInProcessAsync(new ManualClock(Now), "events", "--cmd", "none", "--json")).Succeed().Out);
    }

    [Fact]
    public async Task People_get_rows_and_nothing_that_moves_their_terminal()
    {
        await using var village = Village();
        File.AppendAllText(Path.Combine(village.State, "events.log"), "\n" + """{"ts":"2026-01-22T11:59:30Z","cmd":"ci","task":"bd-\u001b[2J","result":"red","message":"a\u001b[31mb\nc"}""" + "\n");

        var text = await village.RunAsync("events", "--since", "2026-01-22T10:20");

        Assert.Equal(
            """
            TIME                 CMD        TASK      RESULT  WHAT
            2026-01-22 10:20:00  worker     bd-a3f    error   in_progress → failed agent_exit
            2026-01-22 11:30:00  ci         BD-B7C    red
            2026-01-22 11:40:00  task dep add  bd-b7c    ok
            2026-01-22 11:59:30  ci         bd-\x1b[2J  red     a\x1b[31mb\nc

            """,
            text.Succeed().Out);
    }

    [Theory]
    [InlineData("--since", "yesterday", "--since: 'yesterday' is not a time such as 2026-01-22, 2026-01-22T10:41 or 2026-01-22T10:41:12Z, nor how long ago such as 8h")]
    [InlineData("--until", "60", "--until: '60' is not a time such as 2026-01-22, 2026-01-22T10:41 or 2026-01-22T10:41:12Z, nor how long ago such as 8h")]
    [InlineData("--last", "1w", "--last: '1w' is not a time such as 90s, 10m or 2h30m")]
    [InlineData("--last", "-1h", "--last: '-1h' is not a time such as 90s, 10m or 2h30m")]
    [InlineData("--limit", "0", "--limit: '0' is not a whole number from 1")]
    public async Task A_filter_that_makes_no_sense_is_a_usage_error(string option, string value, string message)
    {
        await using var village = Village();

        var refused = await village.RunInProcessAsync(new ManualClock(Now), "events", $"{option}={value}");

        Assert.Equal($"error: {message}", refused.ExitsWith(5).Error.Split('\n')[0]);
    }

    [Fact]
    public async Task Following_shows_what_comes_one_event_per_line_torn_lines_when_they_are_whole()
    {
        await using var village = Village();
        var log = Path.Combine(village.State, "events.log");
        using var follow = village.Start(village.Root, "events", "--follow", "--json", "--task", "bd-b7c", "--limit", "1");
        Assert.Equal(Log[9], await LineAsync(follow));

        File.AppendAllText(log, """ult":"ok"}""" + "\n");
        Assert.Equal(Log[10] + """ult":"ok"}""", await LineAsync(follow));
        File.AppendAllText(log, Log[6] + "\nnoise\n" + Log[8] + "\n" + """{"ts":"2026-""");
        Assert.Equal(Log[8], await LineAsync(follow));
        File.WriteAllText(log, Log[9] + "\n");
        Assert.Equal(Log[9], await LineAsync(follow));

        village.Tool("kill", "-INT", follow.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await follow.WaitForExitAsync();
        Assert.Equal(130, follow.ExitCode);
    }

    // A line that never comes is a failure and not a test that never ends.
    private static Task<string?> LineAsync(Process process) => process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));

    private static TestVillage Village()
    {
        var village = TestVillage.Create();
        Directory.CreateDirectory(village.State);
        File.WriteAllText(Path.Combine(village.State, "events.log"), string.Join('\n', Log));
        return village;
    }

    private static async Task<JsonElement> EventsAsync(TestVillage village, params string[] options) =>
        (await village.RunInProcessAsync(new ManualClock(Now), ["events", "--json", .. options])).Succeed().Json();
}
