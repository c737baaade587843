using System.Text;
using CsCheck;
using Village.Leases;
using Village.Tasks;

namespace Village.Core.Tests.Leases;

public sealed class LeaseFileTests
{
    private const string FiveKeys = "id=bd-a3f8\npane=%12\nwindow=build-1-bd-a3f8\nagent=build\nclaimed_at=2026-01-22T10:41:12Z\n";

    [Fact]
    public void A_lease_is_written_key_by_key() => Assert.Equal(
        """
        id=bd-a3f8
        pane=%12
        window=build-1-bd-a3f8
        agent=build
        claimed_at=2026-01-22T10:41:12.123Z
        state=paused
        attempt=1
        generation=7
        nonce=5f0c1d2e3f405162738495a6b7c8d9e0
        workspace=/repo/.worktrees/bd-a3f8
        branch=village/bd-a3f8
        base=aaaa
        start=bbbb
        host=here
        boot=cccc
        tmux=10:1000
        worker=20:2000
        parked=2026-01-22T11:00:00.000Z
        ports=PORT:20000,API_PORT:4000
        colour=red,blue
        zz=1

        """,
        LeaseFile.Format(LeaseSamples.Lease("bd-a3f8") with
        {
            State = TaskState.Paused,
            Parked = new(2026, 1, 22, 12, 0, 0, TimeSpan.FromHours(1)),
            Ports = [new("PORT", 20000), new("API_PORT", 4000)],
            Foreign = [new("colour", "red,blue"), new("zz", "1")],
        }));

    [Fact]
    public void What_is_not_known_is_not_written() => Assert.Equal(
        FiveKeys.Replace("12Z", "12.000Z", StringComparison.Ordinal), LeaseFile.Format(LeaseSamples.Original("bd-a3f8")));

    [Fact]
    public void A_claim_without_a_pane_says_so() =>
        Assert.Contains("\npane=-\n", LeaseFile.Format(LeaseSamples.Lease("bd-a3f8") with { Pane = Lease.NoPane }), StringComparison.Ordinal);

    [Fact]
    public void A_lease_of_the_original_is_a_lease()
    {
        var lease = LeaseSamples.Parse(FiveKeys);

        Assert.Equal(("bd-a3f8", "%12", "build-1-bd-a3f8", "build"), (lease.Task.Value, lease.Pane, lease.Window, lease.Agent));
        Assert.Equal((null, 0, 0L, null, null, null), (lease.State, lease.Attempt, lease.Generation, lease.Nonce, lease.Host, lease.Parked));
        Assert.Empty(lease.Foreign);
    }

    [Theory]
    [InlineData("2026-01-22T10:41:12.123456")] // Naive: the original's local time, taken for UTC.
    [InlineData("2026-01-22T10:41:12.123456+00:00")]
    [InlineData("2026-01-22T10:41:12.123456Z")]
    [InlineData("2026-01-22T12:41:12.123456+02:00")]
    [InlineData("2026-01-22T05:11:12.123456-05:30")]
    public void Every_way_to_write_a_time_is_the_same_instant(string text)
    {
        var lease = LeaseSamples.Parse(With("claimed_at", text));

        Assert.Equal((new DateTimeOffset(2026, 1, 22, 10, 41, 12, 123, 456, TimeSpan.Zero), TimeSpan.Zero), (lease.ClaimedAt, lease.ClaimedAt.Offset));
    }

    [Fact]
    public void A_lease_comes_back_from_its_text() => Leases.Sample(lease =>
    {
        var text = LeaseFile.Format(lease);

        var read = LeaseSamples.Parse(text);

        Assert.Equal(lease with { Foreign = [] }, read with { Foreign = [] });
        Assert.Equal(lease.Foreign, read.Foreign);
        Assert.Equal(text, LeaseFile.Format(read));
    }, print: LeaseFile.Format);

    [Theory]
    [InlineData("/a b/c=d", "/a b/c=d")]
    [InlineData(" a  b  ", "%20a  b %20")]
    [InlineData(" ", "%20")]
    [InlineData("100%", "100%25")]
    [InlineData("a%0Ab", "a%250Ab")]
    [InlineData("a\nstate=completed", "a%0Astate=completed")]
    [InlineData("a\r\u001b\u0085\u009b\u007f", "a%0D%1B%C2%85%C2%9B%7F")]
    [InlineData("\u00a0é\u3000", "%C2%A0é%E3%80%80")]
    public void A_path_may_hold_anything(string path, string written)
    {
        var text = LeaseFile.Format(LeaseSamples.Lease("bd-a3f8") with { Workspace = path });

        Assert.Contains($"\nworkspace={written}\n", text, StringComparison.Ordinal);
        Assert.Equal(path, LeaseSamples.Parse(text).Workspace);
    }

    [Fact]
    public void Every_value_stays_on_its_line() => Leases.Sample(lease =>
    {
        var lines = LeaseFile.Format(lease).Split('\n');

        Assert.All(lines[..^1], line => Assert.Matches("^[a-z_]+=", line));
        Assert.Equal("", lines[^1]);
    }, print: LeaseFile.Format);

    [Fact]
    public void Keys_of_others_are_kept_in_their_order_and_as_often()
    {
        const string history = """[{"ts":"2026-01-22T10:41:12","from_state":null,"to_state":"claimed","context":{"a":"b=c"}}]""";

        var lease = LeaseSamples.Parse($"zz=2\n{FiveKeys}state_history={history}\nspec=\naa=1\nzz=1\nID=x\n");

        Assert.Equal(
            [new("zz", "2"), new("state_history", history), new("spec", ""), new("aa", "1"), new("zz", "1"), new("ID", "x")], lease.Foreign);
        Assert.EndsWith($"\nzz=2\nstate_history={history}\nspec=\naa=1\nzz=1\nID=x\n", LeaseFile.Format(lease), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_values_of_one_key_the_later_counts()
    {
        var lease = LeaseSamples.Parse($"state=failed\n{FiveKeys}agent=front\nstate=paused\n");

        Assert.Equal(("front", TaskState.Paused), (lease.Agent, lease.State));
    }

    [Theory]
    [InlineData("\r\n", "")]
    [InlineData("\n\n \n", "")]
    [InlineData("\n", " ")]
    [InlineData("\n", "\t")]
    [InlineData("\n# a comment without the sign\n=nobody's\n  =nobody's\n", "")]
    public void Line_ends_blanks_and_lines_that_say_nothing_make_no_difference(string end, string blank) => Assert.Equivalent(
        LeaseSamples.Parse(FiveKeys),
        LeaseSamples.Parse(
            FiveKeys.Replace("=", $"{blank}={blank}", StringComparison.Ordinal).Replace("\n", $"{blank}{end}", StringComparison.Ordinal)),
        strict: true);

    [Theory]
    [InlineData("", "has no 'id'")]
    [InlineData("nonsense", "has no 'id'")]
    [InlineData("{\"id\":\"bd-a3f8\"}", "has no 'id'")]
    [InlineData("id=bd-a3f8\n", "has no 'pane'")]
    [InlineData("id=\npane=%1\n", "has no 'id'")]
    [InlineData("id bd-a3f8\npane=%1\nwindow=w\nagent=a\nclaimed_at=2026-01-22T10:41:12Z\n", "has no 'id'")]
    public void What_is_no_lease_says_what_is_missing(string text, string problem) => Assert.Equal(problem, LeaseSamples.Problem(text));

    [Theory]
    [InlineData("id", "", "has no 'id'")]
    [InlineData("pane", " ", "has no 'pane'")]
    [InlineData("window", "", "has no 'window'")]
    [InlineData("agent", "", "has no 'agent'")]
    [InlineData("claimed_at", "", "has no 'claimed_at'")]
    [InlineData("id", "../bd-a3f8", "has an 'id' that is no task id")]
    [InlineData("id", "bd a3f8", "has an 'id' that is no task id")]
    [InlineData("claimed_at", "yesterday", "has a 'claimed_at' that is no time")]
    [InlineData("claimed_at", "2026-13-22T10:41:12Z", "has a 'claimed_at' that is no time")]
    [InlineData("state", "", "has an unknown 'state'")]
    [InlineData("state", "done", "has an unknown 'state'")]
    [InlineData("state", "in progress", "has an unknown 'state'")]
    [InlineData("state", "2", "has an unknown 'state'")]
    [InlineData("claimed_at", "10:41", "has a 'claimed_at' that is no time")] // Would be today.
    [InlineData("claimed_at", "22 Jan", "has a 'claimed_at' that is no time")]
    [InlineData("claimed_at", "2026-01-22", "has a 'claimed_at' that is no time")]
    [InlineData("ports", "PORT:0", "has 'ports' that are none")]
    public void A_value_that_cannot_be_understood_makes_it_corrupt(string key, string value, string problem) =>
        Assert.Equal(problem, LeaseSamples.Problem(With(key, value)));

    // Each of these would read STALE while its worker lives, or hide that a person parked it.
    [Theory]
    [InlineData("generation=7", "generation=", "has a 'generation' that is no whole number")]
    [InlineData("generation=7", "generation=seven", "has a 'generation' that is no whole number")]
    [InlineData("generation=7", "generation=-7", "has a 'generation' that is no whole number")]
    [InlineData("generation=7", "generation=7.0", "has a 'generation' that is no whole number")]
    [InlineData("generation=7", "generation=9223372036854775808", "has a 'generation' that is no whole number")]
    [InlineData("generation=7", "generation=0", "has no 'generation'")]
    [InlineData("generation=7", "generatiom=7", "has no 'generation'")]
    [InlineData("attempt=1", "attempt=one", "has an 'attempt' that is no whole number")]
    [InlineData("attempt=1", "attempt=2147483648", "has an 'attempt' that is no whole number")]
    [InlineData("nonce=", "nonsense=", "has no 'nonce'")]
    [InlineData("nonce=" + LeaseSamples.Nonce, "nonce=", "has no 'nonce'")]
    [InlineData("parked=2026-01-22T11:00:00.000Z", "parked=", "has a 'parked' that is no time")]
    [InlineData("parked=2026-01-22T11:00:00.000Z", "parked=yes", "has a 'parked' that is no time")]
    public void A_lease_of_ours_that_was_damaged_is_corrupt_not_something_else(string was, string now, string problem)
    {
        var text = LeaseFile.Format(LeaseSamples.Lease("bd-a3f8") with { State = TaskState.Paused, Parked = new(2026, 1, 22, 11, 0, 0, TimeSpan.Zero) });

        Assert.Contains(was, text, StringComparison.Ordinal);
        Assert.Equal(problem, LeaseSamples.Problem(text.Replace(was, now, StringComparison.Ordinal)));
    }

    // Up to the state it cannot be told from a lease of the original, to which states were appended.
    [Fact]
    public void A_lease_that_was_cut_short_is_corrupt_or_says_the_same()
    {
        var whole = LeaseSamples.Lease("bd-a3f8") with { Generation = 17, Attempt = 23 };
        var text = LeaseFile.Format(whole);
        var cuts = Enumerable.Range(0, text.Length).Select(at => (at, lease: LeaseFile.TryParse(text[..at], out _)));

        Assert.All(cuts, cut => Assert.True(
            cut.lease is null
            || (cut.lease.Nonce is null && cut.at <= text.IndexOf("=23", StringComparison.Ordinal))
            || (cut.lease.State, cut.lease.Attempt, cut.lease.Generation) == (whole.State, whole.Attempt, whole.Generation),
            text[..cut.at]));
    }

    [Fact]
    public void Whatever_is_in_the_file_reading_it_never_throws() => Gen.OneOf(Damaged, Junk).Sample(text =>
    {
        var lease = LeaseFile.TryParse(text, out var problem);

        Assert.Equal(problem is null, lease is not null);
        if (lease is not null)
        {
            var again = LeaseFile.TryParse(LeaseFile.Format(lease), out _);
            Assert.Equal(LeaseFile.Format(lease), LeaseFile.Format(again!));
        }
    });

    [Fact]
    public void Junk_is_no_lease() => Junk.Sample(text => Assert.NotNull(LeaseSamples.Problem(text)));

    private static readonly Gen<string> Value = Gen.OneOf(
        "a", "%", "%0A", "%41", "=", "é", "😀", "\n", "\r", "\t", "\0", "\u001b", "\u007f", "\u0085", "\u009b", "\u00a0", "\u2028", "\u3000", " ", "#", ";", "+", "\\", "/").Array[0, 8].Select(string.Concat);

    private static readonly Gen<KeyValuePair<string, string>> Field = Gen.Select(
        Gen.OneOf("repo", "colour", "session", "state_history", "zz"),
        Gen.OneOf("", "1", "a=b", "[{}]", "%0A"),
        KeyValuePair.Create);

    private static Gen<Lease> Leases { get; } = Gen.Select(
        Gen.OneOf(TaskStates.All.ToArray()), Gen.Int[0, int.MaxValue], Gen.Long[1, long.MaxValue], Gen.Int[0, 1_000_000_000], Gen.Bool,
        Value.Array[3], Field.Array[0, 4],
        (state, attempt, generation, milliseconds, isParked, values, foreign) => LeaseSamples.Lease("bd-a3f8.1") with
        {
            State = state,
            Attempt = attempt,
            Generation = generation,
            ClaimedAt = DateTimeOffset.UnixEpoch.AddMilliseconds(milliseconds),
            Parked = isParked ? DateTimeOffset.UnixEpoch.AddMilliseconds(milliseconds * 7L) : null,
            Workspace = values[0],
            Branch = values[1],
            Host = values[2],
            Foreign = foreign,
        });

    private static Gen<string> Junk { get; } =
        Gen.Byte.Array[0, 300].Select(bytes => Encoding.UTF8.GetString(bytes));

    private static Gen<string> Damaged { get; } = Gen.Select(Leases, Gen.Int[0, 500], Gen.Char, Gen.Int[0, 3], (lease, at, c, act) =>
    {
        var text = LeaseFile.Format(lease);
        at %= text.Length;
        return act switch
        {
            0 => text[at..],
            1 => text[..at],
            2 => text.Insert(at, c.ToString()),
            _ => $"{text[..at]}{c}{text[(at + 1)..]}",
        };
    });

    private static string With(string key, string value) =>
        string.Concat(FiveKeys.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith($"{key}=", StringComparison.Ordinal))
            .Append($"{key}={value}").Select(line => line + "\n"));
}
