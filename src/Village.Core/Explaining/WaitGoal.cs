using Village.Events;
using Village.Reports;
using Village.Tasks;

namespace Village.Explaining;

/// <summary>What <c>village wait</c> waits for.</summary>
public enum WaitGoal
{
    /// <summary>The end, whichever.</summary>
    Ended,

    /// <summary>Completed, or closed in the task store.</summary>
    Completed,

    /// <summary>Failed.</summary>
    Failed,

    /// <summary>An agent that waits for a person, or says that it cannot go on.</summary>
    Waiting,
}

/// <summary>Decides whether a task has come where somebody waits for it, or never will by itself.</summary>
public static class WaitGoals
{
    /// <summary>The row of a task. <paramref name="retries"/> is how often a failed task is tried again without a person.</summary>
    public static WaitRow Of(this WaitGoal goal, TaskEntry entry, bool isClosed, int retries)
    {
        var done = entry.State is TaskState.Completed || isClosed;
        var failed = !done && entry.State is TaskState.Failed && !entry.WasLimited && entry.FailuresInARow > retries;
        var waits = entry.State is TaskState.InProgress && entry.LastNews?.Signal is "waiting" or "blocked";
        var (reached, over) = goal switch
        {
            WaitGoal.Completed => (done, failed),
            WaitGoal.Failed => (entry.State is TaskState.Failed, done),
            WaitGoal.Waiting => (waits, done || failed),
            _ => (done || failed, false),
        };
        return new(
            entry.Task,
            entry.State.Name(),
            reached ? "reached" : over ? "unreachable" : "open",
            reached || !over ? null : failed ? $"it failed ({entry.LastChange?.Reason}); village retry {entry.Task} tries it again" : isClosed ? "it is closed" : "it is completed");
    }
}
