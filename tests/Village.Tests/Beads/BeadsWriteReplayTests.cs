using static Village.Tests.Beads.Replayed;

namespace Village.Tests.Beads;

/// <summary>Changes of tasks against answers that real ones of each version gave, and exactly the calls that are made of them.</summary>
public sealed class BeadsWriteReplayTests
{
    [Theory]
    [InlineData("v0.49.6", 2, "bd-bbb")]
    [InlineData("v1.0.3", 2, "bd-bbb")]
    [InlineData("head", 2, "bd-bbb")]
    public async Task A_new_task_has_the_id_that_bd_gave_it_whatever_is_said_beside(string file, int made, string id)
    {
        await using var village = await UpAsync();
        village.Replay(
            Told(file),
            Exported(),
            Recorded.Of(file, made, ["create", "--title=Beta", "--priority=2", "--type=task", "--json", "--actor=tester"]),
            Recorded.Of(file, made, ["show", "--json", "--", id]));

        var added = (await village.RunAsync("task", "add", "Beta", "--json")).Succeed();

        Assert.Contains($"\"{id}\"", added.Out, StringComparison.Ordinal);
        village.AssertReplayed();
    }

    [Theory]
    [InlineData("v0.49.6", 7, 5, "invalid priority")]
    [InlineData("head", 7, 5, "invalid priority")]
    [InlineData("v0.49.6", 8, 5, "invalid issue type: nope")]
    [InlineData("v1.0.3", 8, 5, "invalid issue type: nope")]
    [InlineData("v0.49.6", 9, 5, "title is required")]
    [InlineData("head", 9, 5, "title is required")]
    [InlineData("v0.49.6", 10, 5, "title must be 500 characters or less (got 501)")]
    [InlineData("v1.0.3", 10, 5, "title must be 500 characters or less (got 501)")]
    [InlineData("head", 98, 1, "parent issue bd-nope not found")]
    [InlineData("v0.49.6", 98, 1, "parent issue bd-nope not found")]
    [InlineData("v0.49.6", 188, 2, "operation 'create' is not allowed in read-only mode")]
    [InlineData("v1.0.3", 188, 2, "operation 'create' is not allowed in read-only mode")]
    [InlineData("v0.49.6", 189, 2, "unknown flag: --bogus-flag")]
    [InlineData("head", 189, 2, "unknown flag: --bogus-flag")]
    [InlineData("v0.49.6", 191, 2, "no beads database found")]
    [InlineData("head", 191, 2, "no beads database found")]
    public async Task What_bd_does_not_take_is_told_in_its_words(string file, int answer, int exit, string words)
    {
        await using var village = await UpAsync();
        village.Replay(Told(file), Exported(), Recorded.Of(file, answer, ["create", "--title=T", "--priority=2", "--type=task", "--json", "--actor=tester"]));

        var added = (await village.RunAsync("task", "add", "T")).ExitsWith(exit);

        Assert.Contains($"`bd create`: ", added.Error, StringComparison.Ordinal);
        Assert.Contains(words, added.Error, StringComparison.Ordinal);
        village.AssertReplayed();
    }

    [Theory]
    [InlineData("v0.49.6")]
    [InlineData("v1.0.3")]
    [InlineData("head")]
    public async Task An_id_that_is_taken_is_never_sent_and_one_with_a_foreign_prefix_is_refused(string file)
    {
        await using var village = await UpAsync();
        village.Replay(Told(file), Exported(), Recorded.Of(file, 6, Show));
        Assert.Contains("there is a task 'bd-aaa' in Beads already", (await village.RunAsync("task", "add", "T", "--id", "bd-aaa")).ExitsWith(3).Error, StringComparison.Ordinal);
        village.AssertReplayed();

        village.Replay(
            Told(file),
            Exported(),
            Recorded.Of(file, 12, ["show", "--json", "--", "zz-1"], ("bd-nope", "zz-1")),
            Recorded.Of(file, 4, ["create", "--title=T", "--priority=2", "--type=task", "--id=zz-1", "--force", "--json", "--actor=tester"]));
        Assert.Contains("prefix mismatch", (await village.RunAsync("task", "add", "T", "--id", "zz-1", "--force")).ExitsWith(5).Error, StringComparison.Ordinal);
        village.AssertReplayed();
    }

    [Theory]
    [InlineData("v0.49.6")]
    [InlineData("v1.0.3")]
    [InlineData("head")]
    public async Task A_part_of_a_success_is_one_when_the_task_is_in_it(string file)
    {
        await using var village = await UpAsync();
        village.Replay(
            Told(file),
            Exported(Line("bd-aaa", "in_progress", "w1")),
            Recorded.Of(file, 61, ["update", "--title=T a", "--priority=0", "--json", "--actor=tester", "--", "bd-aaa"]),
            Recorded.Of(file, 61, Show));

        (await village.RunAsync("task", "edit", "bd-aaa", "--priority", "0", "--title", "T a")).Succeed();

        village.AssertReplayed();
    }

    [Theory]
    [InlineData("v0.49.6", 58, 5, "invalid status: bogus")]
    [InlineData("v1.0.3", 58, 5, "invalid status \"bogus\"")]
    [InlineData("head", 58, 5, "invalid status \"bogus\"")]
    [InlineData("v0.49.6", 57, 1, "no issue found matching")]
    [InlineData("v1.0.3", 57, 1, "no issue found matching")]
    [InlineData("v0.49.6", 60, 1, "No updates specified")]
    [InlineData("head", 60, 1, "No updates specified")]
    public async Task An_update_that_failed_has_failed_whatever_its_exit_code(string file, int answer, int exit, string words)
    {
        await using var village = await UpAsync();
        village.Replay(
            Told(file), Exported(Line("bd-aaa")), Recorded.Of(file, answer, ["update", "--description=d", "--json", "--actor=tester", "--", "bd-aaa"], ("bd-nope", "bd-aaa")));

        Assert.Contains(words, (await village.RunAsync("task", "edit", "bd-aaa", "--description", "d")).ExitsWith(exit).Error, StringComparison.Ordinal);

        village.AssertReplayed();
    }

    [Theory]
    [InlineData("v0.49.6")]
    [InlineData("v1.0.3")]
    [InlineData("head")]
    public async Task A_refused_close_is_told_and_a_forced_one_is_done(string file)
    {
        await using var village = await UpAsync();
        var answer = Recorded.Of(file, 78, ["close", "--reason=Closed", "--json", "--actor=tester", "--", "bd-aaa"]);
        village.Replay(Told(file), Exported(Line("bd-aaa")), answer);
        Assert.Contains(
            "`bd close`: cannot close bd-aaa: blocked by open issues [bd-bbb]", (await village.RunAsync("task", "close", "bd-aaa")).ExitsWith(3).Error, StringComparison.Ordinal);
        village.AssertReplayed();

        village.Replay(
            Told(file),
            Exported(Line("bd-aaa", "open", "", "bd-bbb"), Line("bd-bbb")),
            Recorded.Of(file, 89, ["close", "--reason=Closed", "--force", "--json", "--actor=tester", "--", "bd-aaa"]),
            Shown(Line("bd-aaa", "closed", "", "bd-bbb").Replace("\"title\":\"T\"", "\"title\":\"T a\"", StringComparison.Ordinal)));
        Assert.Contains("has another title", (await village.RunAsync("task", "close", "bd-aaa", "--force")).ExitsWith(1).Error, StringComparison.Ordinal);
        village.AssertReplayed();

        village.Replay(
            Told(file),
            Exported(Line("bd-aaa", "open", "", "bd-bbb"), Line("bd-bbb")),
            Recorded.Of(file, 89, ["close", "--reason=Closed", "--force", "--json", "--actor=tester", "--", "bd-aaa"]),
            Shown(Line("bd-aaa", "closed", "", "bd-bbb")));
        (await village.RunAsync("task", "close", "bd-aaa", "--force")).Succeed();
        village.AssertReplayed();
    }

    [Theory]
    [InlineData("v0.49.6")]
    [InlineData("v1.0.3")]
    [InlineData("head")]
    public async Task Opening_what_is_open_already_is_no_failure_though_nothing_is_answered(string file)
    {
        await using var village = await UpAsync();
        village.Replay(
            Told(file),
            Exported(Line("bd-bbb", "closed")),
            Recorded.Of(file, 87, ["reopen", "--json", "--actor=tester", "--", "bd-bbb"]),
            new(["show", "--json", "--", "bd-bbb"], 0, $"[{Line("bd-bbb")}]\n", ""));

        (await village.RunAsync("task", "reopen", "bd-bbb")).Succeed();

        village.AssertReplayed();
    }

    [Theory]
    [InlineData("v0.49.6", 112)]
    [InlineData("v1.0.3", 112)]
    [InlineData("head", 112)]
    public async Task An_edge_that_is_there_already_is_there(string file, int answer)
    {
        await using var village = await UpAsync();
        village.Replay(
            Told(file),
            Exported(Line("bd-aaa"), Line("bd-bbb")),
            Recorded.Of(file, answer, ["dep", "add", "--type=blocks", "--json", "--actor=tester", "--", "bd-aaa", "bd-bbb"]),
            Shown(Line("bd-aaa", "open", "", "bd-bbb")));

        (await village.RunAsync("task", "dep", "add", "bd-aaa", "bd-bbb")).Succeed();

        village.AssertReplayed();
    }

    [Theory]
    [InlineData("v0.49.6", 114, 3, "would create a cycle")]
    [InlineData("v1.0.3", 114, 3, "would create a cycle")]
    [InlineData("head", 114, 3, "would create a cycle")]
    [InlineData("v0.49.6", 116, 1, "no issue found matching \"bd-nope\"")]
    [InlineData("head", 116, 1, "no issue found matching \"bd-nope\"")]
    [InlineData("head", 117, 3, "can only block")]
    public async Task An_edge_that_bd_refuses_is_told(string file, int answer, int exit, string words)
    {
        await using var village = await UpAsync();
        village.Replay(
            Told(file),
            Exported(Line("bd-aaa"), Line("bd-bbb")),
            Recorded.Of(file, answer, ["dep", "add", "--type=blocks", "--json", "--actor=tester", "--", "bd-aaa", "bd-bbb"]));

        Assert.Contains(words, (await village.RunAsync("task", "dep", "add", "bd-aaa", "bd-bbb")).ExitsWith(exit).Error, StringComparison.Ordinal);

        village.AssertReplayed();
    }

    [Theory]
    [InlineData("v0.49.6")]
    [InlineData("head")]
    public async Task Without_a_database_a_list_says_what_to_do(string file)
    {
        await using var village = await UpAsync();
        village.Replay(Recorded.Of(file, 191, Export));

        var list = (await village.RunAsync("task", "list")).ExitsWith(2);

        Assert.Contains("no beads database found", list.Error, StringComparison.Ordinal);
        Assert.Contains("bd init --skip-hooks", list.Error, StringComparison.Ordinal);
        village.AssertReplayed();
    }

    [Fact]
    public async Task A_bd_that_claims_in_two_steps_is_only_read_from()
    {
        await using var village = await UpAsync();
        village.Replay(Exported(Line("bd-aaa")));
        Assert.Contains("bd-aaa", (await village.RunAsync("task", "list")).Succeed().Out, StringComparison.Ordinal);

        village.Replay(Told("v0.29.0"));
        Assert.Contains("gives one task to two workers at once", (await village.RunAsync("task", "add", "T")).ExitsWith(2).Error, StringComparison.Ordinal);
        village.AssertReplayed();

        village.Replay(Exported(Line("bd-aaa")), Told("v0.29.0"));
        await village.RunAsync("queue", "1");
        Assert.Empty(Directory.GetFiles(Path.Combine(village.State, "locks"), "*.lock"));
        village.AssertReplayed();
    }

    [Fact]
    public async Task A_call_that_finds_the_database_locked_is_made_again()
    {
        const string Locked = "Error: failed to open database: another process holds the exclusive lock on .beads/embeddeddolt: only one writer at a time is supported\n";
        await using var village = await UpAsync();
        string[] update = ["update", "--priority=0", "--json", "--actor=tester", "--", "bd-aaa"];
        village.Replay(
            Told("v1.0.3"),
            new(Export, 1, "", Locked),
            new(Export, 1, "", Locked),
            Exported(Line("bd-aaa")),
            new(update, 1, "", Locked),
            new(update, 0, $"[{Line("bd-aaa").Replace("\"priority\":2", "\"priority\":0", StringComparison.Ordinal)}]\n", ""),
            Shown(Line("bd-aaa").Replace("\"priority\":2", "\"priority\":0", StringComparison.Ordinal)));

        var edit = (await village.RunAsync("task", "edit", "bd-aaa", "--priority", "0")).Succeed();

        Assert.DoesNotContain("exclusive lock", edit.Out + edit.Error, StringComparison.Ordinal);
        village.AssertReplayed();
    }
}
