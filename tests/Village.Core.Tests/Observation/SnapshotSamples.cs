using Village.Core.Tests.Events;
using Village.Core.Tests.Leases;
using Village.Core.Tests.Tasks;
using Village.Events;
using Village.Leases;
using Village.Observation;
using Village.Tasks;

namespace Village.Core.Tests.Observation;

/// <summary>Short ways to say what was seen, for tests.</summary>
internal static class SnapshotSamples
{
    /// <summary>A village that runs, with these tasks and nothing else.</summary>
    public static Snapshot With(params IReadOnlyCollection<TaskSpec> tasks) => With(tasks, []);

    /// <summary>A village that runs, with these tasks, after these events.</summary>
    public static Snapshot With(IReadOnlyCollection<TaskSpec> tasks, IEnumerable<VillageEvent> events)
    {
        var ledger = EventSamples.Ledger(events);
        var done = ledger.Tasks.Values.Where(entry => entry.State is TaskState.Completed).Select(entry => TaskId.Parse(entry.Task)).ToHashSet();
        return new(
            TaskSamples.Now, [], ledger, new TaskGraph(tasks, TaskSamples.Now, done), [], new("village", IsRunning: true, "10:1000", [new("%0", "@0", "")]), ConfigExists: true);
    }

    public static Snapshot Leased(this Snapshot seen, params IReadOnlyList<LeaseView> leases) => seen with { Leases = leases };

    public static Snapshot Holding(this Snapshot seen, params IReadOnlyList<string> workspaces) => seen with { Workspaces = workspaces };

    public static Snapshot Stopped(this Snapshot seen) => seen with { Session = new("village", IsRunning: false, null, []) };

    public static LeaseView Lease(string task, LeaseStatus status) => status is LeaseStatus.Corrupt
        ? new(task, status, null, "has no 'id'")
        : new(task, status, LeaseSamples.Lease(task), null);
}
