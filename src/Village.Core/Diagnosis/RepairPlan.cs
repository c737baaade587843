using Village.Leases;
using Village.Tasks;

namespace Village.Diagnosis;

/// <summary>What is to be repaired without a person: what a kill left between two writes.</summary>
/// <param name="Changes">Leases that are written again or removed, each with its event.</param>
/// <param name="ToClose">Completed tasks that the store has as open.</param>
/// <param name="LiveFiles">Liveness files that nobody needs, by name.</param>
/// <param name="Temporaries">Temporary files that nobody writes any more, below <c>.village</c>.</param>
public sealed record RepairPlan(
    IReadOnlyList<(TaskId Task, LeaseChange Change)> Changes, IReadOnlyList<TaskId> ToClose, IReadOnlyList<string> LiveFiles, IReadOnlyList<string> Temporaries)
{
    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty => Changes is [] && ToClose is [] && LiveFiles is [] && Temporaries is [];

    /// <summary>The plan for what was seen.</summary>
    public static RepairPlan For(StateFacts state, string cmd) => new(
        [
            .. from found in state.Leases
               let lease = found.Lease
               where lease is not null
               let change = LeaseDifference.Repair(found, state.Log.Ledger.Of(lease.Task), cmd)
               where change is not null
               select (lease.Task, change),
        ],
        StateRules.NotClosed(state),
        StateRules.StrayLiveFiles(state),
        state.Temporaries);
}
