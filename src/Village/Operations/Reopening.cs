using Village.Errors;
using Village.Events;
using Village.Hosting;
using Village.Leases;
using Village.Tasks;

namespace Village.Operations;

/// <summary>The ways back to queued: always explicit, always logged (design, section 5).</summary>
internal static class Reopening
{
    /// <summary>Puts a failed task, or with <paramref name="force"/> a completed one, back into the queue.</summary>
    public static TaskEntry Retry(VillageContext village, TaskId task, bool force)
    {
        Repair.Run(village, "retry");
        using var guard = village.TakeGuard();
        var entry = village.Events.Read().Of(task);
        switch (entry.State)
        {
            case TaskState.Completed when !force:
                throw new VillageException(ErrorKind.Blocked, $"'{task}' is completed", $"village retry {task} --force");
            case TaskState.Completed or TaskState.Failed:
                Claims.Reopen(village, task, entry, "retry", force ? "forced" : null);
                TaskBook.Reopen(village, task);
                return village.Events.Read().Of(task);
            case TaskState.Queued:
                throw new VillageException(ErrorKind.Blocked, $"'{task}' is queued already", $"village queue, or village resume {task}");
            default:
                throw new VillageException(
                    ErrorKind.Blocked,
                    $"'{task}' is {entry.State.Name()}; only failed and completed tasks are retried",
                    entry.State is TaskState.Paused ? $"village resume {task}" : $"village attach {task}");
        }
    }
}
