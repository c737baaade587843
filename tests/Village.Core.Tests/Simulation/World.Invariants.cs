using Village.Core.Tests.Events;
using Village.Events;
using Village.Leases;
using Village.Observation;
using Village.Scheduling;
using Village.Tasks;

namespace Village.Core.Tests.Simulation;

/// <summary>What must hold after every step (design, section 13).</summary>
internal sealed partial class World
{
    private int checks;

    private void Check()
    {
        var held = Views().Count(view => view.Status.IsHeld());
        if (held > MaxWorkers)
        {
            throw Broken("I2", $"{held} leases are held and the limit is {MaxWorkers}");
        }

        if (leases.Values.FirstOrDefault(lease => lease.Generation > Entry(lease.Task.Value).Generation) is { } ahead)
        {
            throw Broken("I5", $"the lease of {ahead.Task} is of generation {ahead.Generation}, which the log has never seen");
        }

        var kept = grounds.Values.Sum(ground => ground.Dirt.Concat(ground.Branch).Concat(ground.Trash).Distinct().Count());
        if (kept != written)
        {
            throw Broken("I4", $"{written} pieces of work were written and {kept} are left");
        }

        if (++checks % 50 is 0)
        {
            CheckFold();
        }
    }

    // The fold from the start, and the fold from a checkpoint taken anywhere, say what the running fold says.
    private void CheckFold()
    {
        var whole = EventSamples.Ledger(log);
        var cut = random.Next(log.Count + 1);
        var restored = Checkpoint.TryParse(new Checkpoint(EventSamples.Ledger(log.Take(cut)), 0, 0, 0).Format())!.Ledger;
        log.Skip(cut).ToList().ForEach(restored.Add);
        foreach (var id in tasks.Keys.Select(TaskId.Parse))
        {
            if (whole.Of(id) != ledger.Of(id) || restored.Of(id) != ledger.Of(id))
            {
                throw Broken("I5", $"the state of {id} is not the fold of the log");
            }

            if (ledger.Of(id) is { State: TaskState.Completed, LastChange: { Commit: null } or { Tree: null } })
            {
                throw Broken("I3", $"{id} is completed without evidence");
            }
        }
    }

    private static void CheckPlan(Snapshot seen, QueuePlan plan)
    {
        var named = plan.Starts.Select(start => start.Task.Value).Concat(plan.Skips.Select(skip => skip.Task)).Order(StringComparer.Ordinal);
        if (!named.SequenceEqual(seen.Tasks.All.Where(task => !task.IsClosed).Select(task => task.Id.Value).Order(StringComparer.Ordinal)))
        {
            throw new InvalidOperationException("I6: a task is neither started nor skipped");
        }
    }

    // Whoever changes a workspace or a branch belongs to the newest claim that has taken it over.
    private void Touch(string id, long generation)
    {
        CrashPoint();
        if (grounds[id].Prepared > generation)
        {
            throw Broken("I1", $"generation {generation} changes the workspace of {id}, which generation {grounds[id].Prepared} has taken over");
        }
    }

    private InvalidOperationException Broken(string invariant, string what) => new($"{invariant}: {what}\n{Log}");
}
