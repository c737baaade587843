using Village.Beads;
using Village.Scheduling;
using static Village.Core.Tests.Tasks.TaskSamples;

namespace Village.Core.Tests.Beads;

/// <summary>The looks before and after a claim.</summary>
public sealed class BeadsClaimTests
{
    private const string Us = "village/host/village-0a1b2c3d/bd-1";

    [Theory]
    [InlineData("open", "", null)]
    [InlineData("open", Us, null)]
    [InlineData("open", "ann", "'ann' has it in Beads")]
    [InlineData("in_progress", Us, null)]
    [InlineData("in_progress", "ann", "'ann' has it in Beads")]
    [InlineData("in_progress", "village/host/village-0a1b2c3d/bd-12", "'village/host/village-0a1b2c3d/bd-12' has it in Beads")]
    [InlineData("in_progress", "", "it has the status 'in_progress' in Beads")]
    [InlineData("blocked", "", "it has the status 'blocked' in Beads")]
    [InlineData("blocked", Us, "it has the status 'blocked' in Beads")]
    [InlineData("deferred", "", "it has the status 'deferred' in Beads")]
    [InlineData("hooked", "", "it has the status 'hooked' in Beads")]
    [InlineData("closed", "", "it has the status 'closed' in Beads")]
    [InlineData("closed", Us, "it has the status 'closed' in Beads")]
    [InlineData("re\nview", "", "it has the status 're\\nview' in Beads")]
    public void Only_what_is_open_and_free_or_ours_is_asked_for(string status, string assignee, string? why)
    {
        var objection = BeadsClaim.Objection("bd-1", Issue(status, assignee), Us);

        Assert.Equal(why, objection?.Message);
        Assert.Equal(why is null ? null : SkipReason.ClaimLost, objection?.Reason);
    }

    [Fact]
    public void What_is_gone_is_not_asked_for() =>
        Assert.Equal(new("bd-1", SkipReason.ClaimLost, "it is not in Beads any more"), BeadsClaim.Objection("bd-1", null, Us));

    [Fact]
    public void What_waits_is_not_asked_for_though_bd_would_give_it() =>
        Assert.Equal(new("bd-1", SkipReason.Dependencies, "it is blocked by bd-2, bd-3 in Beads"), BeadsClaim.Objection("bd-1", Issue("open", "", "bd-2", "bd-3"), Us));

    [Fact]
    public void What_is_ours_already_is_not_asked_for_whatever_it_waits_for_now()
    {
        var mine = Issue("in_progress", Us, "bd-2");

        Assert.True(BeadsClaim.IsMine(mine, Us));
        Assert.Null(BeadsClaim.Objection("bd-1", mine, Us));
    }

    [Theory]
    [InlineData("in_progress", Us, true)]
    [InlineData("open", Us, false)]
    [InlineData("in_progress", "ann", false)]
    [InlineData("in_progress", "", false)]
    public void It_is_ours_when_both_status_and_name_say_so(string status, string assignee, bool isMine) =>
        Assert.Equal(isMine, BeadsClaim.IsMine(Issue(status, assignee), Us));

    [Fact]
    public void Nothing_is_nobodys()
    {
        Assert.False(BeadsClaim.IsMine(null, Us));
        Assert.False(BeadsClaim.IsHalfDone(null, Us));
    }

    [Theory]
    [InlineData("open", Us, true)]
    [InlineData("open", "", false)]
    [InlineData("open", "ann", false)]
    [InlineData("in_progress", Us, false)]
    [InlineData("closed", Us, false)]
    public void A_task_that_is_ours_and_open_needs_its_status(string status, string assignee, bool isHalfDone) =>
        Assert.Equal(isHalfDone, BeadsClaim.IsHalfDone(Issue(status, assignee), Us));

    [Theory]
    [InlineData("in_progress", Us, null)]
    [InlineData("in_progress", "ann", "'ann' was quicker in Beads")]
    [InlineData("open", Us, "Beads did not give it: no")]
    [InlineData("open", "", "Beads did not give it: no")]
    [InlineData("closed", "", "Beads did not give it: no")]
    public void Afterwards_it_is_ours_or_not(string status, string assignee, string? why)
    {
        var refusal = BeadsClaim.Refusal("bd-1", Issue(status, assignee), Us, "no");

        Assert.Equal(why, refusal?.Message);
        Assert.Equal(why is null ? null : SkipReason.ClaimLost, refusal?.Reason);
    }

    [Fact]
    public void Afterwards_it_may_be_gone_or_wait()
    {
        Assert.Equal("Beads did not give it: no", BeadsClaim.Refusal("bd-1", null, Us, "no")!.Message);
        Assert.Equal(SkipReason.Dependencies, BeadsClaim.Refusal("bd-1", Issue("in_progress", Us, "bd-2"), Us, "")!.Reason);
    }

    // The answers of each version to `update --claim`, by what the task was before.
    [Theory]
    [InlineData("v0.49.6", 43, true, false)]
    [InlineData("v1.0.3", 43, true, false)]
    [InlineData("head", 43, true, false)]
    [InlineData("v0.49.6", 44, false, false)]
    [InlineData("v1.0.3", 44, true, false)]
    [InlineData("head", 44, true, false)]
    [InlineData("v0.49.6", 45, false, false)]
    [InlineData("v1.0.3", 45, false, false)]
    [InlineData("head", 45, false, false)]
    [InlineData("v0.49.6", 52, false, false)]
    [InlineData("v1.0.3", 52, false, true)]
    [InlineData("head", 52, true, false)]
    [InlineData("head", 47, false, false)]
    public void Of_what_was_recorded_the_content_decides(string file, int number, bool isMine, bool isHalfDone)
    {
        var issue = BeadsIssue.ParseAll(Transcript.Of(file, number).Out) is [var one] ? one : null;

        Assert.Equal((isMine, isHalfDone), (BeadsClaim.IsMine(issue, "w1"), BeadsClaim.IsHalfDone(issue, "w1")));
    }

    private static BeadsIssue Issue(string status, string assignee, params string[] blockers) =>
        new(Task("bd-1") with { Status = status, Assignee = assignee }, blockers);
}
