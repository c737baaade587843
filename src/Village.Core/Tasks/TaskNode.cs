namespace Village.Tasks;

/// <summary>One task's place in a <see cref="TaskGraph"/>; the numbers are places of other tasks.</summary>
internal sealed class TaskNode(NotReadyKind? own, bool isDeferred)
{
    /// <summary>What keeps it from starting as far as it can tell by itself, or null.</summary>
    public NotReadyKind? Own => own;

    /// <summary>Whether it is put off; that holds its children too.</summary>
    public bool IsDeferred => isDeferred;

    /// <summary>Closed or as good as closed.</summary>
    public bool IsDone => own is NotReadyKind.Done;

    /// <summary>Still to be done, and until then in the way of others.</summary>
    public bool IsActive => own is not (NotReadyKind.Done or NotReadyKind.Pinned);

    /// <summary>The tasks that it waits for.</summary>
    public List<int> Blocks { get; } = [];

    /// <summary>The tasks whose children it waits for.</summary>
    public List<(int Target, bool Any)> Waits { get; } = [];

    /// <summary>The tasks that it belongs to.</summary>
    public List<int> Parents { get; } = [];

    /// <summary>The tasks that belong to it.</summary>
    public List<int> Children { get; } = [];

    /// <summary>How many children are active.</summary>
    public int ActiveChildren { get; set; }

    /// <summary>How many children are done.</summary>
    public int DoneChildren { get; set; }

    /// <summary>Whether something holds it back, directly or through a parent.</summary>
    public bool IsHeldBack { get; set; }

    /// <summary>Whether it is its own ancestor or below one: nobody can say what it waits for, so it waits.</summary>
    public bool IsTangled { get; set; }

    /// <summary>Whether a task that waits for this one's children, or for any of them, still has to.</summary>
    public bool HoldsWaiter(bool any) => ActiveChildren > 0 && !(any && DoneChildren > 0);
}
