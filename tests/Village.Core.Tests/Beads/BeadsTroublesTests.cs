using Village.Beads;
using Village.Errors;

namespace Village.Core.Tests.Beads;

/// <summary>What bd's failures mean, in each shape and in the words of each version.</summary>
public sealed class BeadsTroublesTests
{
    [Theory]
    [InlineData("Error claiming bd-1: issue already claimed by w1", BeadsTrouble.ClaimLost)]
    [InlineData("Error claiming bd-1: issue not claimable: status closed", BeadsTrouble.ClaimLost)]
    [InlineData("Error resolving bd-1: no issue found matching \"bd-1\"", BeadsTrouble.NotFound)]
    [InlineData("no issues found matching the provided IDs", BeadsTrouble.NotFound)]
    [InlineData("Error: parent issue bd-1 not found", BeadsTrouble.NotFound)]
    [InlineData("ambiguous ID bd-1: matches bd-1a, bd-1b", BeadsTrouble.BadInput)]
    [InlineData("cannot close bd-1: blocked by open issues [bd-2] (use --force to override)", BeadsTrouble.Refused)]
    [InlineData("cannot close epic bd-1: 2 open child issue(s); close children first or use --force to override", BeadsTrouble.Refused)]
    [InlineData("cannot modify pinned issue bd-1", BeadsTrouble.Refused)]
    [InlineData("cannot close bd-1: gate condition is not met", BeadsTrouble.Refused)]
    [InlineData("Error: maximum hierarchy depth (3) exceeded for parent bd-1.1.1.1", BeadsTrouble.Refused)]
    [InlineData("tasks can only block other tasks, not epics", BeadsTrouble.Refused)]
    [InlineData("epics can only block other epics, not tasks", BeadsTrouble.Refused)]
    [InlineData("dependency bd-1 -> bd-2 already exists with type \"blocks\" (requested \"related\"); remove it first", BeadsTrouble.Refused)]
    [InlineData("adding dependency would create a cycle", BeadsTrouble.Cycle)]
    [InlineData("cannot add self-dependency: bd-1 cannot depend on itself", BeadsTrouble.Cycle)]
    [InlineData("issue cannot depend on itself", BeadsTrouble.Cycle)]
    [InlineData("Error: title is required", BeadsTrouble.BadInput)]
    [InlineData("title must be 500 characters or less (got 501)", BeadsTrouble.BadInput)]
    [InlineData("invalid priority \"9\"", BeadsTrouble.BadInput)]
    [InlineData("invalid status \"bogus\"", BeadsTrouble.BadInput)]
    [InlineData("invalid issue type: nope", BeadsTrouble.BadInput)]
    [InlineData("validation failed for issue : something", BeadsTrouble.BadInput)]
    [InlineData("prefix mismatch: database uses 'bd-'", BeadsTrouble.BadInput)]
    [InlineData("failed to open: another process holds the exclusive lock; only one writer at a time", BeadsTrouble.Transient)]
    [InlineData("database is locked (5) (SQLITE_BUSY)", BeadsTrouble.Transient)]
    [InlineData("Error 1213 (40001): serialization failure: this transaction conflicts", BeadsTrouble.Transient)]
    [InlineData("Error 1205 (HY000): Lock wait timeout exceeded", BeadsTrouble.Transient)]
    [InlineData("dial tcp 127.0.0.1:3307: connect: connection refused", BeadsTrouble.Transient)]
    [InlineData("Dolt server unreachable", BeadsTrouble.Transient)]
    [InlineData("Error: no beads database found", BeadsTrouble.Config)]
    [InlineData("no_beads_directory", BeadsTrouble.Config)]
    [InlineData("operation 'create' is not allowed in read-only mode", BeadsTrouble.Config)]
    [InlineData("Error: unknown flag: --no-daemon", BeadsTrouble.VersionMismatch)]
    [InlineData("Error: unknown shorthand flag: 'C' in -C", BeadsTrouble.VersionMismatch)]
    [InlineData("Error: unknown command \"sync\" for \"bd\"", BeadsTrouble.VersionMismatch)]
    [InlineData("the disk is on fire", BeadsTrouble.Protocol)]
    public void Words_have_one_meaning_wherever_they_stand(string words, BeadsTrouble kind)
    {
        var json = $"{{\n  \"error\": {System.Text.Json.JsonSerializer.Serialize(words)},\n  \"schema_version\": 1\n}}\n";

        Assert.Equal(kind, BeadsTroubles.Of("", words));
        Assert.Equal(kind, BeadsTroubles.Of(json, ""));
        Assert.Equal(kind, BeadsTroubles.Of("", "warning: beads.role not configured (GH#2950).\n" + json));
        Assert.Equal(kind, BeadsTroubles.Of("", words.ToUpperInvariant()));
    }

    [Theory]
    [InlineData("v0.49.6", 44, BeadsTrouble.ClaimLost, "Error claiming bd-aaa: issue already claimed by w1")]
    [InlineData("head", 47, BeadsTrouble.ClaimLost, "Error claiming bd-bbb: issue not claimable: status closed")]
    [InlineData("head", 12, BeadsTrouble.NotFound, "no issues found matching the provided IDs")]
    [InlineData("v0.49.6", 12, BeadsTrouble.NotFound, "Error fetching bd-nope: no issue found matching \"bd-nope\"")]
    [InlineData("head", 7, BeadsTrouble.BadInput, "invalid priority \"9\" (expected 0-4 or P0-P4, not words like high/medium/low)")]
    [InlineData("head", 9, BeadsTrouble.BadInput, "validation failed for issue : title is required")]
    [InlineData("v1.0.3", 78, BeadsTrouble.Refused, "cannot close bd-aaa: blocked by open issues [bd-bbb] (use --force to override)")]
    [InlineData("head", 114, BeadsTrouble.Cycle, "adding dependency would create a cycle")]
    [InlineData("v0.49.6", 188, BeadsTrouble.Config, "operation 'create' is not allowed in read-only mode")]
    [InlineData("head", 188, BeadsTrouble.Config, "operation 'create' is not allowed in read-only mode")]
    [InlineData("head", 190, BeadsTrouble.VersionMismatch, "unknown command \"nosuchcmd\" for \"bd\"")]
    [InlineData("v0.49.6", 189, BeadsTrouble.VersionMismatch, "unknown flag: --bogus-flag")]
    public void What_was_recorded_is_understood_and_told_in_one_line(string file, int number, BeadsTrouble kind, string sentence)
    {
        var answer = Transcript.Of(file, number);

        Assert.Equal(kind, BeadsTroubles.Of(answer.Out, answer.Error));
        Assert.Equal(sentence, BeadsTroubles.Sentence(answer.Out, answer.Error));
    }

    [Fact]
    public void A_part_of_a_success_tells_what_failed_of_it()
    {
        var answer = Transcript.Of("v0.49.6", 61);

        Assert.Equal(BeadsTrouble.NotFound, BeadsTroubles.Of(answer.Out, answer.Error));
        Assert.Equal("Error resolving bd-nope: no issue found matching \"bd-nope\"", BeadsTroubles.Sentence(answer.Out, answer.Error));
    }

    [Fact]
    public void A_code_does_not_hide_the_words_and_a_message_adds_to_them()
    {
        const string Code = """{"error":"no_beads_directory","code":"E1","message":"no beads database found","hint":"bd init"}""";

        Assert.Equal(BeadsTrouble.Config, BeadsTroubles.Of(Code, ""));
        Assert.Equal("no_beads_directory: no beads database found", BeadsTroubles.Sentence(Code, ""));
    }

    [Theory]
    [InlineData("gate-1")]
    [InlineData("bd-gate")]
    [InlineData("aggregate-7x")]
    public void An_id_with_a_gate_in_it_is_no_gate(string id)
    {
        Assert.Equal(BeadsTrouble.NotFound, BeadsTroubles.Of("", $"Error resolving {id}: no issue found matching \"{id}\""));
        Assert.Equal(BeadsTrouble.BadInput, BeadsTroubles.Of("", $"Error updating {id}: invalid status: bogus"));
    }

    [Fact]
    public void An_error_behind_warnings_is_the_sentence() => Assert.Equal(
        "title is required",
        BeadsTroubles.Sentence("", "warning: beads.role not configured (GH#2950).\n  Fix: git config beads.role maintainer\n{\n  \"error\": \"title is required\",\n  \"schema_version\": 1\n}\n"));

    [Fact]
    public void What_tasks_say_is_no_failure() => Assert.Equal(
        BeadsTrouble.Protocol, BeadsTroubles.Of("""[{"id":"bd-1","title":"no issue found matching; unknown flag; database is locked"}]""", ""));

    [Theory]
    [InlineData("", "", "it said nothing")]
    [InlineData("", "one\ntwo\n", "two")]
    [InlineData("", "one\nError: two\nUsage:\n  bd show\n", "two")]
    [InlineData("No updates specified\n", "", "No updates specified")]
    [InlineData("{\"error\":5}", "last", "last")]
    [InlineData("{broken", "last", "last")]
    [InlineData("[1]", "\u001b[31mred", @"\x1b[31mred")]
    public void There_is_always_a_sentence_that_can_be_printed(string stdout, string stderr, string sentence) =>
        Assert.Equal(sentence, BeadsTroubles.Sentence(stdout, stderr));

    [Fact]
    public void Every_kind_has_a_place_among_the_errors() => Assert.Equal(
        [
            ErrorKind.Permanent, ErrorKind.Blocked, ErrorKind.NotFound, ErrorKind.UserInput, ErrorKind.Blocked,
            ErrorKind.Blocked, ErrorKind.Transient, ErrorKind.NotReady, ErrorKind.NotReady,
        ],
        Enum.GetValues<BeadsTrouble>().Select(kind => kind.Kind()));
}
