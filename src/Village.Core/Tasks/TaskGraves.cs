namespace Village.Tasks;

/// <summary>Deletes tasks so that nothing is lost: what is left of one is its line, under the status that Beads gave such lines.</summary>
public static class TaskGraves
{
    /// <summary>The store without a task: its line is kept among the deleted, and no other task points to it.</summary>
    public static TaskStore Delete(TaskStore store, TaskSpec task, string by, string reason, string now)
    {
        var grave = (task with { Status = "tombstone", UpdatedAt = now })
            .WithField("deleted_at", TaskLine.Quote(now))
            .WithField("deleted_by", by is "" ? null : TaskLine.Quote(by))
            .WithField("delete_reason", reason is "" ? null : TaskLine.Quote(reason))
            .WithField("original_type", TaskLine.Quote(task.Type));
        return store with
        {
            Tasks = [.. store.Tasks.Where(other => other.Id != task.Id).Select(other => Without(other, task.Id, now))],
            Deleted = [.. store.Deleted, grave],
        };
    }

    /// <summary>The tasks that would have to let go of one, sorted.</summary>
    public static IReadOnlyList<TaskId> Dependents(IReadOnlyList<TaskSpec> tasks, TaskId id) =>
        [.. tasks.Where(task => task.Id != id && task.Dependencies.Any(edge => Is(edge, id))).Select(task => task.Id).Order()];

    private static TaskSpec Without(TaskSpec task, TaskId id, string now) => task.Dependencies.Any(edge => Is(edge, id))
        ? task with { Dependencies = [.. task.Dependencies.Where(edge => !Is(edge, id))], UpdatedAt = now }
        : task;

    private static bool Is(TaskDependency edge, TaskId id) => edge.DependsOn.Equals(id.Value, StringComparison.OrdinalIgnoreCase);
}
