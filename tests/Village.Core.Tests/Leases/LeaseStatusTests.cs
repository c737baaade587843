using Village.Leases;
using Village.Tasks;

namespace Village.Core.Tests.Leases;

public sealed class LeaseStatusTests
{
    // state, nonce, live, host, parked, pane, status; '*' is any value.
    private const string Table = """
        completed,failed,queued            *    *             *                 *    *    ENDED
        paused                             *    *             *                 yes  *    PARKED
        paused                             no   *             *                 no   yes  ACTIVE
        paused                             no   *             *                 no   no   STALE
        none,claimed,in_progress           no   *             *                 *    yes  ACTIVE
        none,claimed,in_progress           no   *             *                 *    no   STALE
        paused                             yes  *             elsewhere         no   *    UNKNOWN
        none,claimed,in_progress           yes  *             elsewhere         *    *    UNKNOWN
        paused                             yes  Held          here,unrecorded   no   *    ACTIVE
        none,claimed,in_progress           yes  Held          here,unrecorded   *    *    ACTIVE
        paused                             yes  Unreadable    here,unrecorded   no   *    UNKNOWN
        none,claimed,in_progress           yes  Unreadable    here,unrecorded   *    *    UNKNOWN
        paused                             yes  Free,Missing  here,unrecorded   no   *    STALE
        none,claimed,in_progress           yes  Free,Missing  here,unrecorded   *    *    STALE
        """;

    [Fact]
    public void What_a_lease_is_worth_stands_in_a_table()
    {
        string[][] rows = [.. Table.Split('\n').Select(row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        string[] yesNo = ["yes", "no"];
        var cases =
            from state in TaskStates.All.Select(state => state.Name()).Prepend("none")
            from nonce in yesNo
            from live in Enum.GetNames<LiveLock>()
            from host in (string[])["here", "elsewhere", "unrecorded"]
            from parked in yesNo
            from pane in yesNo
            select (string[])[state, nonce, live, host, parked, pane];

        Assert.All(cases, values =>
        {
            var row = Assert.Single(rows, row => values.Index().All(value => row[value.Index] is "*" || row[value.Index].Split(',').Contains(value.Item)));
            Assert.Equal(row[^1], Judge(values[0], values[1], values[2], values[3], values[4], values[5]).Name());
        });
    }

    [Theory]
    [InlineData(LeaseStatus.Active, "ACTIVE", true)]
    [InlineData(LeaseStatus.Unknown, "UNKNOWN", true)]
    [InlineData(LeaseStatus.Stale, "STALE", false)]
    [InlineData(LeaseStatus.Ended, "ENDED", false)]
    [InlineData(LeaseStatus.Parked, "PARKED", false)]
    [InlineData(LeaseStatus.Corrupt, "CORRUPT", false)]
    public void A_status_has_a_name_and_holds_a_slot_or_not(LeaseStatus status, string name, bool isHeld) =>
        Assert.Equal((name, isHeld), (status.Name(), status.IsHeld()));

    [Fact]
    public void A_fence_matches_the_lease_it_was_made_for_and_no_other()
    {
        var lease = LeaseSamples.Lease("bd-a3f8");

        Assert.Equal(new(TaskId.Parse("bd-a3f8"), 7, LeaseSamples.Nonce), lease.Fence);
        Assert.True(lease.Fence.Matches(lease));
        Assert.True(lease.Fence.Matches(lease with { State = TaskState.Failed, Pane = "%99", Attempt = 9, Agent = "other" }));
        Assert.True(lease.Fence.Matches(LeaseSamples.Parse(LeaseFile.Format(lease))));
        Assert.True(lease.Fence.Matches(lease with { Task = TaskId.Parse("BD-A3F8") }));
        Assert.False(lease.Fence.Matches(null));
        Assert.False(lease.Fence.Matches(lease with { Task = TaskId.Parse("bd-a3f9") }));
        Assert.False(lease.Fence.Matches(lease with { Generation = 8 }));
        Assert.False(lease.Fence.Matches(lease with { Generation = 6 }));
        Assert.False(lease.Fence.Matches(lease with { Nonce = LeaseSamples.Nonce.ToUpperInvariant() }));
        Assert.False(lease.Fence.Matches(lease with { Nonce = null }));
    }

    [Fact]
    public void A_lease_without_a_nonce_is_nobodys_to_write()
    {
        var lease = LeaseSamples.Original("bd-a3f8");

        Assert.False(lease.Fence.Matches(lease));
    }

    private static LeaseStatus Judge(string state, string nonce, string live, string host, string parked, string pane) => LeaseStatuses.Of(
        LeaseSamples.Original("bd-a3f8") with
        {
            State = TaskStates.Parse(state),
            Nonce = nonce is "yes" ? LeaseSamples.Nonce : null,
            Host = host is "unrecorded" ? null : host,
            Parked = parked is "yes" ? DateTimeOffset.UnixEpoch : null,
        },
        new(Enum.Parse<LiveLock>(live), "here", pane is "yes"));
}
