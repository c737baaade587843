using Village.Tests.Testing;
using static Village.Tests.Beads.Replayed;

namespace Village.Tests.Beads;

/// <summary>Claims and syncs against answers that real ones of each version gave, and exactly the calls that are made of them.</summary>
public sealed class BeadsReplayTests
{
    [Theory]
    [InlineData("v0.49.6")]
    [InlineData("v1.0.3")]
    [InlineData("head")]
    public async Task A_claim_that_was_won_starts_a_worker(string file)
    {
        await using var village = await UpAsync();
        var us = Us(village, "bd-aaa");
        village.Replay(
            Exported(Line("bd-aaa")),
            Told(file),
            Recorded.Of(file, 35, Show),
            Recorded.Of(file, 43, ["update", "--claim", "--json", $"--actor={us}", "--", "bd-aaa"], ("w1", us)),
            Recorded.Of(file, 43, Show, ("w1", us)),
            Exported(Line("bd-aaa", "in_progress", us)));

        (await village.RunAsync("queue", "1")).Succeed();

        await village.StateBecomesAsync("bd-aaa", "failed");
        village.AssertReplayed();
    }

    [Theory]
    [InlineData("v0.49.6", 45, 43, "'w1' was quicker in Beads")]
    [InlineData("v1.0.3", 45, 43, "'w1' was quicker in Beads")]
    [InlineData("head", 45, 43, "'w1' was quicker in Beads")]
    [InlineData("v0.49.6", 47, 46, "Beads did not give it: Error claiming bd-aaa: failed to claim issue: constraint failed")]
    [InlineData("head", 47, 46, "Beads did not give it: Error claiming bd-aaa: issue not claimable: status closed")]
    public async Task A_claim_that_was_lost_gives_the_lease_back(string file, int answer, int shown, string why)
    {
        await using var village = await UpAsync();
        var us = Us(village, "bd-aaa");
        village.Replay(
            Exported(Line("bd-aaa")),
            Told(file),
            Recorded.Of(file, 35, Show),
            Recorded.Of(file, answer, ["update", "--claim", "--json", $"--actor={us}", "--", "bd-aaa"], ("bd-bbb", "bd-aaa")),
            Recorded.Of(file, shown, Show, ("bd-bbb", "bd-aaa")));

        await village.ShouldNotStartAsync(why);
    }

    [Theory]
    [InlineData("v0.49.6", false)]
    [InlineData("v1.0.3", false)]
    [InlineData("head", true)]
    public async Task A_task_that_is_assigned_to_us_already_is_claimed_to_the_end(string file, bool isDone)
    {
        await using var village = await UpAsync();
        var us = Us(village, "bd-aaa");
        (string, string)[] names = [("w1", us), ("bd-ddd", "bd-aaa")];
        Recorded[] status = isDone ? [] : [Recorded.Of("head", 52, ["update", "--status=in_progress", "--json", $"--actor={us}", "--", "bd-aaa"], names)];
        village.Replay(
            [
                Exported(Line("bd-aaa", "open", us)),
                Told(file),
                Recorded.Of("v1.0.3", 52, Show, names),
                Recorded.Of(file, 52, ["update", "--claim", "--json", $"--actor={us}", "--", "bd-aaa"], names),
                .. status,
                Recorded.Of("head", 52, Show, names),
                Exported(Line("bd-aaa", "in_progress", us)),
            ]);

        (await village.RunAsync("queue", "1")).Succeed();

        await village.StateBecomesAsync("bd-aaa", "failed");
        village.AssertReplayed();
    }

    [Theory]
    [InlineData("v0.49.6", 46, "bd-bbb", "it has the status 'closed' in Beads")]
    [InlineData("v1.0.3", 46, "bd-bbb", "it has the status 'closed' in Beads")]
    [InlineData("head", 46, "bd-bbb", "it has the status 'closed' in Beads")]
    [InlineData("v0.49.6", 79, "bd-aaa", "it is blocked by bd-bbb in Beads")]
    [InlineData("v1.0.3", 79, "bd-aaa", "it is blocked by bd-bbb in Beads")]
    [InlineData("head", 79, "bd-aaa", "it is blocked by bd-bbb in Beads")]
    [InlineData("v0.49.6", 43, "bd-aaa", "'w1' has it in Beads")]
    [InlineData("v0.49.6", 12, "bd-nope", "it is not in Beads any more")]
    [InlineData("v1.0.3", 12, "bd-nope", "it is not in Beads any more")]
    [InlineData("head", 12, "bd-nope", "it is not in Beads any more")]
    public async Task What_cannot_be_had_is_not_asked_for(string file, int shown, string name, string why)
    {
        await using var village = await UpAsync();
        village.Replay(Exported(Line("bd-aaa")), Told(file), Recorded.Of(file, shown, Show, (name, "bd-aaa")));

        await village.ShouldNotStartAsync(why);
    }

    [Theory]
    [InlineData("v0.49.6")]
    [InlineData("v1.0.3")]
    [InlineData("head")]
    public async Task A_sync_tells_all_in_one_call_and_does_not_force_a_close_that_bd_refuses(string file)
    {
        await using var village = await UpAsync("echo x > \"$VILLAGE_TASK.txt\"");
        var us = Us(village, "bd-aaa");
        village.Replay(
            Exported(Line("bd-aaa")),
            Told(file),
            Recorded.Of(file, 35, Show),
            Recorded.Of(file, 43, ["update", "--claim", "--json", $"--actor={us}", "--", "bd-aaa"], ("w1", us)),
            Recorded.Of(file, 43, Show, ("w1", us)),
            Exported(Line("bd-aaa", "in_progress", us)));
        (await village.RunAsync("queue", "1")).Succeed();
        await village.StateBecomesAsync("bd-aaa", "completed");
        village.AssertReplayed();
        var commit = village.Tool("git", "-C", village.Root, "rev-parse", "village/bd-aaa").Trim();
        string[] metadata = file is "v0.49.6"
            ? [$$"""--metadata={"village_run":"{{us}}","village_state":"COMPLETED","village_attempts":1,"village_commit":"{{commit}}"}"""]
            : [$"--set-metadata=village_run={us}", "--set-metadata=village_state=COMPLETED", "--set-metadata=village_attempts=1", $"--set-metadata=village_commit={commit}"];
        string[] close = ["close", $"--reason=Village: completed (commit {commit[..12]})", "--json", $"--actor={us}", "--", "bd-aaa"];
        var before = Exported(Line("bd-aaa", "in_progress", us));
        var update = Recorded.Of(file, 43, ["update", .. metadata, "--json", $"--actor={us}", "--", "bd-aaa"], ("w1", us));

        village.Replay(Told(file), before);
        Assert.Contains("bd-aaa", (await village.RunAsync("sync", "--to-beads", "--dry-run")).Succeed().Out, StringComparison.Ordinal);
        village.AssertReplayed();

        village.Replay(Told(file), before, update, Recorded.Of(file, 78, close));
        var row = (await village.RunAsync("sync", "--to-beads", "--json")).Json().GetProperty("tasks")[0];
        Assert.Equal(("refused", "in_progress"), (row.GetProperty("action").GetString(), row.GetProperty("beads_after").GetString()));
        Assert.StartsWith("cannot close bd-aaa: blocked by open issues [bd-bbb]", row.GetProperty("message").GetString(), StringComparison.Ordinal);
        village.AssertReplayed();

        village.Replay(Told(file), before, update, Recorded.Of(file, 89, close));
        Assert.Equal("close", (await village.RunAsync("sync", "--to-beads", "--json")).Succeed().Json().GetProperty("tasks")[0].GetProperty("action").GetString());
        village.AssertReplayed();
    }
}
