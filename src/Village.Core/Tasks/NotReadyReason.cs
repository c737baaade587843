using Village.Scheduling;

namespace Village.Tasks;

/// <summary>Why a task may not start.</summary>
public enum NotReadyKind
{
    /// <summary>There is no such task.</summary>
    Unknown,

    /// <summary>It is closed, or completed and not yet closed.</summary>
    Done,

    /// <summary>It is pinned.</summary>
    Pinned,

    /// <summary>Its status is another than open.</summary>
    Status,

    /// <summary>It lives only inside a molecule.</summary>
    Ephemeral,

    /// <summary>Its type is not one of work: an epic, a gate, a message.</summary>
    Type,

    /// <summary>It is put off.</summary>
    Deferred,

    /// <summary>Its parent is put off.</summary>
    ParentDeferred,

    /// <summary>It waits for other tasks.</summary>
    Blocked,
}

/// <summary>Why one task may not start, with what a person would ask next.</summary>
/// <param name="Kind">The first thing in the way.</param>
/// <param name="Text">It in words, to be put after the id: <c>is blocked by bd-a1, bd-b2</c>.</param>
/// <param name="Blockers">The tasks that it waits for; none unless it is <see cref="NotReadyKind.Blocked"/>.</param>
public sealed record NotReadyReason(NotReadyKind Kind, string Text, IReadOnlyList<TaskId> Blockers)
{
    /// <summary>The reason for which it is not started.</summary>
    public SkipReason SkipReason => Kind switch
    {
        NotReadyKind.Deferred or NotReadyKind.ParentDeferred => SkipReason.Deferred,
        NotReadyKind.Pinned => SkipReason.Pinned,
        NotReadyKind.Status => SkipReason.TaskStatus,
        NotReadyKind.Type or NotReadyKind.Ephemeral => SkipReason.TaskType,
        _ => SkipReason.Dependencies,
    };
}
