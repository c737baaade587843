namespace Village.Tasks;

/// <summary>One task's place in a <see cref="TaskGraph"/>; the numbers are places of other tasks.</summary>
internal sealed class TaskNode(NotReadyKind? own, bool isDeferred)
{
    /// <summary>What keeps it from starting as far as it can tell by itself, or null.</summary>
    public NotReadyKind? Own => own;

    /// <summary>Whether it is put off; that holds its children too.</summary>
    public bool IsDeferred => isDeferred;

    /// <summary>Closed or as good as closed.</summary>
    public bool IsDone => own is NotReadyKind.Done && !HoldsOn;

    /// <summary>Still to be done, and until then in the way of others.</summary>
    public bool IsActive => HoldsOn || own is not (NotReadyKind.Done or NotReadyKind.Pinned);

    /// <summary>Whether it is completed, and its store does not know yet.</summary>
    public bool IsLagging { get; init; }

    /// <summary>Whether it is in the way of others until its store knows.</summary>
    public bool HoldsOn { get; init; }

    /// <summary>The tasks that it waits for.</summary>
    public required int[] Blocks { get; init; }

    /// <summary>The tasks of whose children it waits for all.</summary>
    public required int[] WaitsForAll { get; init; }

    /// <summary>The tasks of whose children it waits for one.</summary>
    public required int[] WaitsForAny { get; init; }

    /// <summary>The tasks that it belongs to.</summary>
    public required int[] Parents { get; init; }

    /// <summary>The tasks that belong to it.</summary>
    public IReadOnlyList<int> Children { get; private set; } = [];

    /// <summary>Whether a task that waits for all of its children still has to.</summary>
    public bool HasActiveChild { get; private set; }

    /// <summary>Whether a task that waits for one of its children no longer has to.</summary>
    public bool HasDoneChild { get; private set; }

    /// <summary>Whether something holds it back, directly or through a parent.</summary>
    public bool IsHeldBack { get; set; }

    /// <summary>Whether it is its own ancestor or below one: nobody can say what it waits for, so it waits.</summary>
    public bool IsTangled { get; set; } = true;

    /// <summary>Takes in one more child.</summary>
    public void Adopt(int place, TaskNode child)
    {
        if (Children is not List<int> list)
        {
            Children = list = [];
        }

        list.Add(place);
        HasActiveChild |= child.IsActive;
        HasDoneChild |= child.IsDone;
    }
}
