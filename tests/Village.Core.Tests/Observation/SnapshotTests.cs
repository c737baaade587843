using Village.Core.Tests.Tasks;
using Village.Leases;
using Village.Observation;
using static Village.Core.Tests.Observation.SnapshotSamples;

namespace Village.Core.Tests.Observation;

public sealed class SnapshotTests
{
    private static readonly Snapshot Seen = With(TaskSamples.Task("bd-t")).Leased(
        [.. from status in Enum.GetValues<LeaseStatus>() select Lease($"bd-{status}", status)]);

    [Fact]
    public void Active_and_unknown_leases_hold_a_slot() => Assert.Equal(2, Seen.HeldCount);

    [Fact]
    public void Stale_and_corrupt_leases_are_dead() =>
        Assert.Equal(["bd-Stale", "bd-Corrupt"], Seen.DeadLeases.Select(lease => lease.Name));

    [Theory]
    [InlineData("bd-Stale", true)]
    [InlineData("BD-STALE", true)]
    [InlineData("bd-corrupt", true)]
    [InlineData("bd-Stal", false)]
    [InlineData("", false)]
    public void A_lease_is_found_by_its_task(string task, bool found) => Assert.Equal(found, Seen.LeaseOf(task) is not null);

    [Theory]
    [InlineData("bd-active", false)]
    [InlineData("bd-corrupt", false)]
    [InlineData("BD-T", false)]
    [InlineData("bd-other", true)]
    [InlineData("some directory", true)]
    public void A_workspace_without_lease_and_task_is_an_orphan(string name, bool isOrphan) =>
        Assert.Equal(isOrphan ? [name] : [], Seen.Holding(name).OrphanWorkspaces);
}
