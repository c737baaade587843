using Village.Observation;
using Village.Reports;
using Village.Tasks;

namespace Village.Readiness;

/// <summary>The planner behind <c>village resume</c> alone: up, attach, cleanup, queue, ready, in this order.</summary>
public static class NextStep
{
    /// <summary>The next step; null for the snapshot means that there is no village yet.</summary>
    public static NextStepReport For(Snapshot? seen)
    {
        if (seen is null)
        {
            return new("up", "There is no village here yet.", "village up");
        }

        if (!seen.Session.IsRunning)
        {
            return new("up", $"The tmux session '{seen.Session.Name}' is not running.", "village up");
        }

        if (seen.HeldCount > 0)
        {
            return new("attach", $"{seen.HeldCount} worker{(seen.HeldCount is 1 ? " is" : "s are")} active.", "village attach");
        }

        if (seen.DeadLeases is not [])
        {
            return new("cleanup", $"{seen.DeadLeases.Count} worker{(seen.DeadLeases.Count is 1 ? " has" : "s have")} died.", "village cleanup");
        }

        var ready = seen.Tasks.Ready.Count(task => seen.Ledger.Of(task.Id).State is TaskState.Queued);
        return ready > 0
            ? new("queue", $"{ready} task{(ready is 1 ? " is" : "s are")} ready.", $"village queue {ready}")
            : seen.Ledger.Tasks.Values.FirstOrDefault(entry => entry.State is TaskState.Paused) is { } paused
                ? new("ready", $"{paused.Task} is paused.", $"village resume {paused.Task}")
            : new("ready", "Nothing is ready to start.", "village ready");
    }
}
