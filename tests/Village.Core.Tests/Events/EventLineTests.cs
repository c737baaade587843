using System.Text;
using System.Text.Json;
using CsCheck;
using Village.Events;
using Village.Tasks;

namespace Village.Core.Tests.Events;

public sealed class EventLineTests
{
    [Fact]
    public void An_event_says_what_its_kind_needs_and_no_more() => Assert.Equal(
        """{"ts":"2026-01-22T10:41:12.123Z","cmd":"queue","task":"bd-a3f8","pane":"%12","result":"ok"}""" + "\n",
        Format(new()
        {
            Ts = new(2026, 1, 22, 11, 41, 12, 123, TimeSpan.FromHours(1)),
            Cmd = "queue",
            Task = "bd-a3f8",
            Pane = "%12",
            Result = "ok",
        }));

    [Fact]
    public void An_event_may_say_everything() => Assert.Equal(
        """{"ts":"2026-01-22T10:41:12.000Z","cmd":"worker","task":"t","pane":"p","result":"r","from":"in_progress","to":"failed","generation":7,"attempt":2,"agent":"a","reason":"re","message":"m \" \\ \n é \uD83D\uDE00 <b>","error":"e","stack":"st","commit":"c","tree":"tr","check":"ch","seconds":1.235,"trash":"ta","kept":"ke","branch":"br","lease":"id=x\n","undid":"un","signal":"si","nonce":"n","actor":"ac","pid":3,"v":"0.1"}""" + "\n",
        Format(new()
        {
            Ts = new(2026, 1, 22, 10, 41, 12, TimeSpan.Zero),
            Cmd = "worker",
            Task = "t",
            Pane = "p",
            Result = "r",
            From = TaskState.InProgress,
            To = TaskState.Failed,
            Generation = 7,
            Attempt = 2,
            Agent = "a",
            Reason = "re",
            Message = "m \" \\ \n é 😀 <b>",
            Error = "e",
            Stack = "st",
            Commit = "c",
            Tree = "tr",
            Check = "ch",
            Seconds = 1.23456,
            Trash = "ta",
            Kept = "ke",
            Branch = "br",
            Lease = "id=x\n",
            Undid = "un",
            Signal = "si",
            Nonce = "n",
            Actor = "ac",
            Pid = 3,
            V = "0.1",
        }));

    [Fact]
    public void An_event_comes_back_from_its_line() => Events.Sample(e =>
    {
        var line = EventLine.Format(e);

        var read = EventLine.TryParse(line.AsMemory(..^1))!;

        Assert.Equal(e, read with { Raw = default });
        Assert.True(read.Raw.Span.SequenceEqual(line.AsSpan(..^1)));
        Assert.Equal(line, EventLine.Format(read));
    }, print: Format);

    [Fact]
    public void A_line_is_one_line_that_no_terminal_obeys() => Events.Sample(e =>
    {
        var line = Format(e);

        Assert.Equal('\n', line[^1]);
        Assert.DoesNotContain(line[..^1], char.IsControl);
        using var json = JsonDocument.Parse(line);
        Assert.Equal(e.Cmd, json.RootElement.GetProperty("cmd").GetString());
    });

    [Fact]
    public void Half_a_character_does_not_stop_an_event() =>
        Assert.Equal("a\ufffdb", Parse(Format(new() { Ts = default, Cmd = "up", Message = "a\ud800b" }).Trim())!.Message);

    [Fact]
    public void What_is_not_there_is_null()
    {
        var e = Parse("""{"ts":"2026-01-22T10:41:12.123Z","cmd":"up"}""")!;

        Assert.Equal(new VillageEvent { Ts = new(2026, 1, 22, 10, 41, 12, 123, TimeSpan.Zero), Cmd = "up" }, e with { Raw = default });
    }

    [Theory]
    [InlineData("""{"ts":"2026-01-22T10:41:12","cmd":"queue","task":"bd-1"}""", "bd-1")]
    [InlineData("""{"ts":"2026-01-22T10:41:12","cmd":"queue","task_id":"bd-1"}""", "bd-1")]
    [InlineData("""{"ts":"2026-01-22T10:41:12","task_id":"bd-2","task":"bd-1","cmd":"queue"}""", "bd-1")]
    [InlineData("""{"ts":"2026-01-22T10:41:12","task":"bd-1","task_id":"bd-2","cmd":"queue"}""", "bd-1")]
    [InlineData("""{"ts":"2026-01-22T10:41:12","cmd":"up","task_id":null,"pane":null,"result":"ok","error":null}""", null)]
    [InlineData("""{"ts":"2026-01-22T10:41:12","cmd":"queue","task":["bd-1"]}""", null)]
    [InlineData("""{"ts":"2026-01-22T10:41:12","cmd":"queue","task":7}""", null)]
    public void The_task_has_two_keys(string line, string? task) => Assert.Equal(task, Parse(line)!.Task);

    [Theory]
    [InlineData("2026-01-22T10:41:12.123456")]
    [InlineData("2026-01-22T10:41:12.123456Z")]
    [InlineData("2026-01-22T10:41:12.123456789Z")]
    [InlineData("2026-01-22T10:41:12.123456+00:00")]
    [InlineData("2026-01-22T08:11:12.123456-02:30")]
    public void A_time_without_a_zone_is_UTC(string ts)
    {
        var time = Parse($$"""{"ts":"{{ts}}","cmd":"up"}""")!.Ts;

        Assert.Equal(("2026-01-22T10:41:12.123Z", TimeSpan.Zero), (EventLine.Time(time), time.Offset));
    }

    [Theory]
    [InlineData("""{"ts":"2026-01-22T10:41:12Z","cmd":"x","extra":{"a":[1,{"b":null}],"task":"bd-9"},"to":"failed","list":["to"],"yes":true,"no":null,"n":-1e3}""")]
    [InlineData("""  { "to" : "failed" , "cmd":"x", "\u0074s":"2026-01-22T10:41:12Z" }  """)]
    [InlineData("""{"ts":"2026-01-22T10:41:12Z","cmd":"x","to":"queued","to":"FAILED"}""" + "\r")]
    [InlineData("""{"to":"failed","cmd":"x","ts":"2026-01-22T10:41:12Z","from":"nowhere","context":{}}""")]
    public void Foreign_fields_are_read_over(string line)
    {
        var e = Parse(line)!;

        Assert.Equal(("x", TaskState.Failed, null, null), (e.Cmd, e.To, e.From, e.Task));
        Assert.Equal(line, Encoding.UTF8.GetString(e.Raw.Span));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("nonsense")]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""["ts","cmd"]""")]
    [InlineData("\"text\"")]
    [InlineData("{}")]
    [InlineData("""{"cmd":"up"}""")]
    [InlineData("""{"ts":"2026-01-22T10:41:12Z"}""")]
    [InlineData("""{"ts":"2026-01-22T10:41:12Z","cmd":7}""")]
    [InlineData("""{"ts":1769078472,"cmd":"up"}""")]
    [InlineData("""{"ts":"yesterday","cmd":"up"}""")]
    [InlineData("""{"ts":"","cmd":"up"}""")]
    [InlineData("""{"ts":"10:41","cmd":"up"}""")] // Would be today.
    [InlineData("""{"ts":"22 Jan","cmd":"up"}""")]
    [InlineData("""{"ts":"2026-01","cmd":"up"}""")]
    [InlineData("""{"ts":"2026-01-22T10:41:12Z","cmd":"up" """)]
    [InlineData("""{"ts":"2026-01-22T10:41:12Z","cmd":"up",}""")]
    [InlineData("""{"ts":"2026-01-22T10:41:12Z","cmd":"up"}x""")]
    [InlineData("""{"ts":"2026-01-22T10:41:12Z","cmd":"up"}{"ts":"2026-01-22T10:41:12Z","cmd":"up"}""")]
    [InlineData("""{"ts":"2026-01-22T10:41:12Z","cm{"ts":"2026-01-22T10:41:12Z","cmd":"up"}""")]
    [InlineData("""{"ts":"2026-01-22T10:41:12Z","cmd":"\ud800"}""")]
    [InlineData("""{"ts":"2026-01-22T10:41:12Z","cmd":"up","n":01}""")]
    [InlineData("""{"ts":"2026-01-22T10:41:12Z","cmd":"up"} // comment""")]
    public void A_line_that_is_no_event_is_none(string line) => Assert.Null(Parse(line));

    [Theory]
    [InlineData("-1")]
    [InlineData("1e999")]
    [InlineData("-1e999")]
    [InlineData("99999999999999999999999999")]
    [InlineData("9007199254740993")] // Not even a double: it would be read as its neighbour.
    [InlineData("9223372036854775807")] // One more, and the next generation would be negative.
    [InlineData("1.5")]
    [InlineData("\"7\"")]
    [InlineData("null")]
    [InlineData("[7]")]
    public void A_number_that_cannot_be_is_no_number(string number)
    {
        var e = Parse($$"""{"ts":"2026-01-22T10:41:12Z","cmd":"x","generation":{{number}},"attempt":{{number}},"pid":{{number}},"message":"m"}""")!;

        Assert.Equal((null, null, null, "m"), (e.Generation, e.Attempt, e.Pid, e.Message));
    }

    [Theory]
    [InlineData("1e999")]
    [InlineData("1e300")]
    [InlineData("-1e999")]
    [InlineData("-0.001")]
    [InlineData("\"1\"")]
    public void A_duration_that_cannot_be_is_none(string seconds) =>
        Assert.Null(Parse($$"""{"ts":"2026-01-22T10:41:12Z","cmd":"x","seconds":{{seconds}}}""")!.Seconds);

    [Fact]
    public void A_nest_that_never_ends_is_no_event() =>
        Assert.Null(Parse("{\"ts\":\"2026-01-22T10:41:12Z\",\"cmd\":\"up\",\"n\":" + new string('[', 100_000)));

    [Fact]
    public void Reading_never_throws() => Gen.OneOf(Damaged, Gen.Byte.Array[0, 200]).Sample(bytes =>
    {
        if (EventLine.TryParse(bytes) is { } e)
        {
            var again = EventLine.TryParse(EventLine.Format(e).AsMemory(..^1))!;
            Assert.Equal(e with { Raw = default, Ts = default, Seconds = null }, again with { Raw = default, Ts = default, Seconds = null });
            Assert.Equal(e.Seconds is null, again.Seconds is null);
        }
    });

    private static Gen<string?> Text { get; } = Gen.OneOf(
        "a", "é", "😀", "\"", "\\", "\n", "\r", "\t", "\0", "\u001b", "\u007f", "\u0085", "\u009b", "<", "&", "+", "\u2028", "\ufeff", " ", "{", "}")
        .Array[0, 8].Select(string.Concat).Null();

    private static Gen<TaskState?> State { get; } = Gen.OneOf(TaskStates.All.ToArray()).Nullable();

    private static Gen<VillageEvent> Events { get; } = Gen.Select(
        Gen.Long[0, 4_000_000_000_000], Text.Array[16], State, State, Gen.Long[0, (1L << 53) - 1].Nullable(), Gen.Int[0, int.MaxValue].Nullable(),
        Gen.Int[0, 1_000_000_000].Nullable(),
        (time, texts, from, to, generation, attempt, milliseconds) => new VillageEvent
        {
            Ts = DateTimeOffset.UnixEpoch.AddMilliseconds(time),
            Cmd = texts[0] ?? "",
            Task = texts[1],
            Pane = texts[2],
            Result = texts[3],
            From = from,
            To = to,
            Generation = generation,
            Attempt = attempt,
            Pid = attempt,
            Agent = texts[4],
            Reason = texts[5],
            Message = texts[6],
            Error = texts[7],
            Stack = texts[8],
            Commit = texts[9],
            Tree = texts[10],
            Check = texts[11],
            Seconds = milliseconds / 1000.0,
            Trash = texts[12],
            Kept = texts[2],
            Branch = texts[3],
            Lease = texts[4],
            Undid = texts[5],
            Signal = texts[13],
            Nonce = texts[14],
            Actor = texts[15],
            V = texts[1],
        });

    private static Gen<byte[]> Damaged { get; } = Gen.Select(Events, Gen.Int[0, 600], Gen.Byte, Gen.Int[0, 3], (e, at, value, act) =>
    {
        var line = EventLine.Format(e);
        at %= line.Length;
        return act switch
        {
            0 => line[at..],
            1 => line[..at],
            2 => [.. line[..at], value, .. line[at..]],
            _ => [.. line[..at], value, .. line[(at + 1)..]],
        };
    });

    private static string Format(VillageEvent e) => Encoding.UTF8.GetString(EventLine.Format(e));

    private static VillageEvent? Parse(string line) => EventLine.TryParse(Encoding.UTF8.GetBytes(line));
}
