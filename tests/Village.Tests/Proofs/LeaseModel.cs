using System.Collections.Immutable;
using System.Globalization;
using Village.Tasks;

namespace Village.Tests.Proofs;

/// <summary>What a thread asks of the lease store.</summary>
/// <param name="Kind">Claim, give-up, move, complete, lose (its process dies), unlock, retry, look.</param>
/// <param name="Task">The task.</param>
/// <param name="Claim">The claim it is about, by the number of the act that made it.</param>
/// <param name="To">Where a move goes.</param>
/// <param name="Force">Whether an unlock takes a living worker's lease.</param>
internal sealed record LeaseAct(string Kind, string Task, int Claim = 0, TaskState To = default, bool Force = false)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Task}{(Claim > 0 ? $" #{Claim}" : "")}{(Kind is "move" ? $" {To.Name()}" : "")}{(Force ? " --force" : "")}";
}

/// <summary>A task in the model: what the log says of it, and its lease.</summary>
internal sealed record ModelTask(TaskState State, long Generation, ModelLease? Lease);

/// <summary>A lease in the model.</summary>
internal sealed record ModelLease(long Generation, int Holder, TaskState State);

/// <summary>
/// The lease protocol as a reader of the design would write it down: no files, no guard, one act after the other. The real one
/// must answer as if it were this.
/// </summary>
internal sealed class LeaseModel : IEquatable<LeaseModel>
{
    private readonly ImmutableSortedDictionary<string, ModelTask> tasks;
    private readonly ImmutableSortedSet<int> living;
    private readonly int limit;

    private LeaseModel(ImmutableSortedDictionary<string, ModelTask> tasks, ImmutableSortedSet<int> living, int limit) =>
        (this.tasks, this.living, this.limit) = (tasks, living, limit);

    /// <summary>No task was ever touched.</summary>
    public static LeaseModel Empty(int limit) => new(ImmutableSortedDictionary.Create<string, ModelTask>(StringComparer.Ordinal), [], limit);

    /// <summary>An act and its answer.</summary>
    public (LeaseModel State, string Answer) Apply(int id, LeaseAct act)
    {
        var task = tasks.GetValueOrDefault(act.Task) ?? new(TaskState.Queued, 0, null);
        var isOurs = task.Lease is not null && task.Lease.Holder == act.Claim;
        return act.Kind switch
        {
            "claim" => Claim(id, act.Task, task),
            "lose" => (new(tasks, living.Remove(act.Claim), limit), "ok"),
            "move" when isOurs && task.State.CanBecome(act.To) => (new(
                tasks.SetItem(act.Task, task with { State = act.To, Lease = task.Lease! with { State = act.To } }),
                act.To is TaskState.InProgress ? living : living.Remove(act.Claim), limit), "ok"),
            "give up" when isOurs && task.State is TaskState.Claimed => (With(act.Task, task with { State = TaskState.Queued, Lease = null }), "ok"),
            "complete" when isOurs && task.State.CanBecome(TaskState.Completed) => (With(act.Task, task with { State = TaskState.Completed, Lease = null }), "ok"),
            "move" or "give up" or "complete" => (this, "refused"),
            "unlock" => Unlock(act, task),
            "retry" => task.State is TaskState.Failed or TaskState.Completed
                ? (With(act.Task, task with
                {
                    State = TaskState.Queued,
                    Generation = Math.Max(task.Generation, task.Lease?.Generation ?? 0),
                    Lease = task.Lease is { State: TaskState.Completed or TaskState.Failed or TaskState.Queued } ? null : task.Lease,
                }), "ok")
                : (this, "refused"),
            _ => (this, Words(task.State, task.Generation, task.Lease?.Generation, task.Lease?.State)),
        };
    }

    /// <summary>How a look at a task is put into words.</summary>
    public static string Words(TaskState state, long generation, long? leaseGeneration, TaskState? leaseState) => string.Create(
        CultureInfo.InvariantCulture, $"{state.Name()} g{generation}, {(leaseGeneration is null ? "no lease" : $"lease g{leaseGeneration} {leaseState?.Name()}")}");

    /// <inheritdoc/>
    public bool Equals(LeaseModel? other) => other is not null && living.SetEquals(other.living) && tasks.SequenceEqual(other.tasks);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LeaseModel);

    /// <inheritdoc/>
    public override int GetHashCode() => tasks.Aggregate(living.Count, (hash, pair) => HashCode.Combine(hash, pair.Key, pair.Value));

    private (LeaseModel, string) Claim(int id, string name, ModelTask task)
    {
        if (task.Lease is { } lease && IsHeld(lease))
        {
            return (this, "active_lease");
        }

        if (task.State is TaskState.Completed or TaskState.Failed)
        {
            return (this, "wrong_state");
        }

        if (tasks.Count(pair => pair.Key != name && pair.Value.Lease is { } other && IsHeld(other)) >= limit)
        {
            return (this, "concurrency_limit");
        }

        var generation = 1 + Math.Max(task.Generation, task.Lease?.Generation ?? 0);
        return (new(
            tasks.SetItem(name, task with { State = TaskState.Claimed, Generation = generation, Lease = new(generation, id, TaskState.Claimed) }),
            living.Add(id), limit), string.Create(CultureInfo.InvariantCulture, $"g{generation}"));
    }

    private (LeaseModel, string) Unlock(LeaseAct act, ModelTask task)
    {
        if (task.Lease is not { } lease)
        {
            return (this, "no lock");
        }

        if (IsHeld(lease) && !act.Force)
        {
            return (this, "held");
        }

        var isOpen = task.State is TaskState.Claimed or TaskState.InProgress or TaskState.Paused;
        return (With(act.Task, isOpen
            ? task with { State = TaskState.Queued, Generation = 1 + Math.Max(task.Generation, lease.Generation), Lease = null }
            : task with { Lease = null }), IsHeld(lease) ? "was held" : "was not held");
    }

    // A holder that ended or parked its task has let go of it.
    private bool IsHeld(ModelLease lease) =>
        lease.State is TaskState.Claimed or TaskState.InProgress && living.Contains(lease.Holder);

    private LeaseModel With(string name, ModelTask task) => new(tasks.SetItem(name, task), living, limit);
}
