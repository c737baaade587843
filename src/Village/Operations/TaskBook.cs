using Village.Errors;
using Village.Hosting;
using Village.Leases;
using Village.Tasks;

namespace Village.Operations;

/// <summary>Changes in the task store that follow from the life of tasks. All under the caller's guard.</summary>
internal static class TaskBook
{
    /// <summary>
    /// Closes a completed task. What the log says stands even when the store cannot be written now: it lags then, the event says
    /// so, and the next writing command repairs it.
    /// </summary>
    public static void TryClose(VillageContext village, TaskId task)
    {
        try
        {
            Close(village, task, "completed by Village");
        }
        catch (Exception failure) when (failure is VillageException or IOException)
        {
            village.Events.Append(new() { Ts = default, Cmd = "task close", Task = task.Value, Result = "error", Error = failure.Message, Stack = failure.ToString() });
        }
    }

    /// <summary>Closes a task; one that is closed or unknown is left alone.</summary>
    public static void Close(VillageContext village, TaskId task, string reason) => Edit(
        village, task, spec => spec.IsClosed ? spec : spec with { Status = "closed", ClosedAt = Stamp(village), UpdatedAt = Stamp(village), CloseReason = reason });

    /// <summary>Opens a task again; one that is open or unknown is left alone.</summary>
    public static void Reopen(VillageContext village, TaskId task) => Edit(
        village, task, spec => spec.IsClosed ? spec with { Status = "open", ClosedAt = "", CloseReason = "", UpdatedAt = Stamp(village) } : spec);

    /// <summary>The present time as the store writes it; with its fraction, so that tasks stay in the order they were added.</summary>
    public static string Stamp(VillageContext village) => TaskTime.Text(village.Now);

    /// <summary>Who changes the store, or empty.</summary>
    public static string Actor(VillageContext village) => village.Host.Variable("USER") ?? "";

    /// <summary>A new edge.</summary>
    public static TaskDependency Edge(VillageContext village, TaskId target, string type) =>
        new(target.Value, type) { CreatedAt = Stamp(village), CreatedBy = Actor(village) };

    /// <summary>The tasks that a worker has.</summary>
    public static IReadOnlySet<TaskId> Held(VillageContext village) => (
        from entry in village.Leases.ReadAll()
        where entry.Lease is { } lease && village.StatusOf(lease, session: null).IsHeld()
        select entry.Lease!.Task).ToHashSet();

    /// <summary>Refuses to touch a task that a worker has.</summary>
    public static void RefuseHeld(VillageContext village, TaskId task)
    {
        if (village.Leases.Read(task) is { } lease && village.StatusOf(lease, session: null).IsHeld())
        {
            throw new VillageException(
                ErrorKind.Blocked, $"'{task}' is being worked on in window {lease.Window}", $"wait for it, or village unlock {task} --force");
        }
    }

    private static void Edit(VillageContext village, TaskId task, Func<TaskSpec, TaskSpec> change)
    {
        // Beads is told outside of the guard: see SyncBeads.
        if (village.Tasks.IsEmbedded && village.Tasks.Find(task) is { } known && change(known) is var changed && !ReferenceEquals(known, changed))
        {
            village.TaskFile.ChangeAll(store => store with { Tasks = [.. store.Tasks.Select(spec => spec.Id == task ? change(spec) : spec)] });
        }
    }
}
