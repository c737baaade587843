namespace Village.Tasks;

/// <summary>
/// All tasks and what holds them back, at one instant. What is missing, external, closed, pinned or done holds nothing back.
/// A task that is held back holds its children, and theirs: the newest Beads looks one level down and older ones all the
/// way, and a task that either would keep waiting is not started here.
/// </summary>
public sealed partial class TaskGraph
{
    private readonly TaskSpec[] tasks;
    private readonly TaskNode[] nodes;
    private readonly Dictionary<string, int> places;
    private readonly bool lags;

    /// <summary>
    /// Builds the graph; of two tasks with one id the later counts. Those in <paramref name="done"/> count as closed,
    /// whatever their status; without <paramref name="doneCounts"/> only for themselves, and others wait for the store's word.
    /// </summary>
    public TaskGraph(IReadOnlyCollection<TaskSpec> all, DateTimeOffset now, IReadOnlySet<TaskId> done, bool doneCounts = true)
    {
        tasks = new TaskSpec[all.Count];
        places = new(all.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var task in all)
        {
            tasks[places.TryAdd(task.Id.Value, places.Count) ? places.Count - 1 : places[task.Id.Value]] = task;
        }

        nodes = new TaskNode[places.Count];
        List<int> scratch = [];
        for (var i = 0; i < nodes.Length; i++)
        {
            var isDeferred = tasks[i].DeferTime > now;
            var isLagging = done.Count > 0 && tasks[i] is { Status: not ("closed" or "tombstone"), IsPinned: false } && done.Contains(tasks[i].Id);
            lags |= isLagging;
            nodes[i] = new(Own(tasks[i], done, isDeferred), isDeferred)
            {
                IsLagging = isLagging,
                HoldsOn = isLagging && !doneCounts,
                Blocks = Targets(tasks[i], edge => edge.IsBlocking, scratch),
                WaitsForAll = Targets(tasks[i], edge => edge.Type is DependencyType.WaitsFor && !edge.WaitsForAny, scratch),
                WaitsForAny = Targets(tasks[i], edge => edge.WaitsForAny, scratch),
                Parents = Targets(tasks[i], edge => edge.Type is DependencyType.ParentChild, scratch),
            };
        }

        for (var i = 0; i < nodes.Length; i++)
        {
            foreach (var parent in nodes[i].Parents)
            {
                nodes[parent].Adopt(i, nodes[i]);
            }
        }

        HoldBack();
    }

    /// <summary>The tasks that may start: by priority, then oldest first, then by id. Whose they are is not asked.</summary>
    public IReadOnlyList<TaskSpec> Ready => field ??=
    [
        .. from i in Enumerable.Range(0, nodes.Length)
           where Obstacle(i) is null
           let task = tasks[i]
           orderby task.Priority, task.CreatedTime ?? DateTimeOffset.MinValue, task.Id
           select task,
    ];

    /// <summary>
    /// The tasks that wait for each other in a circle, and so for ever: each group sorted, and the groups by their first.
    /// Only an import can bring them; <see cref="CycleThrough"/> is asked before a person's edge is added.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<TaskId>> Cycles => field ??=
    [
        .. from @group in Circles.Groups(2 * nodes.Length, place => Arcs(place, onlyActive: true))
           let members = @group.Where(place => place < nodes.Length)
           where members.Any(i => nodes[i].IsActive)
           let ids = Ids(members)
           orderby ids[0]
           select ids,
    ];

    /// <summary>Every task, in the order it was given.</summary>
    public IReadOnlyList<TaskSpec> All => tasks.Length == nodes.Length ? tasks : [.. tasks.Take(nodes.Length)];

    /// <summary>The task of that id, or null.</summary>
    public TaskSpec? Find(TaskId id) => Place(id) is { } i ? tasks[i] : null;

    /// <summary>The tasks that hold this one back, itself or through a parent, sorted; none when nothing does.</summary>
    public IReadOnlyList<TaskId> Blockers(TaskId id) =>
        IsBlocked(id) ? Ids(Holders(places[id.Value])) : [];

    /// <summary>Whether anything holds a task back that is still to be done; cheaper than <see cref="Blockers"/>.</summary>
    public bool IsBlocked(TaskId id) => Place(id) is { } i && nodes[i] is { IsActive: true, IsHeldBack: true };

    /// <summary>Whether a task is among <see cref="Ready"/>.</summary>
    public bool IsReady(TaskId id) => Place(id) is { } i && Obstacle(i) is null;

    /// <summary>Why a task is not among <see cref="Ready"/>, or null when it is.</summary>
    public NotReadyReason? WhyNot(TaskId id)
    {
        if (Place(id) is not { } i)
        {
            return new(NotReadyKind.Unknown, "is not a known task", []);
        }

        var (task, blockers) = (tasks[i], Blockers(id));
        return Obstacle(i) switch
        {
            null => null,
            NotReadyKind.Blocked => new(NotReadyKind.Blocked, $"is blocked by {string.Join(", ", blockers.Select(Named))}", blockers),
            { } kind => new(
                kind,
                kind switch
                {
                    NotReadyKind.Done => task.IsClosed ? "is closed" : "is done",
                    NotReadyKind.Pinned => "is pinned",
                    NotReadyKind.Status => $"has the status '{Printable.Line(task.Status)}'",
                    NotReadyKind.Ephemeral => "is ephemeral",
                    NotReadyKind.Type => $"is of the type '{Printable.Line(task.Type)}'",
                    NotReadyKind.Deferred => $"is deferred until {task.DeferUntil}",
                    _ => $"has the deferred parent {tasks[nodes[i].Parents.First(parent => nodes[parent].IsDeferred)].Id}",
                },
                []),
        };
    }

    /// <summary>The tasks that this one itself waits for by <c>blocks</c> edges, done or not, sorted.</summary>
    public IReadOnlyList<TaskId> DependsOn(TaskId id) => Place(id) is { } i ? Ids(nodes[i].Blocks) : [];

    /// <summary>All that this task waits for by <c>blocks</c> edges, directly or not: nearest first, never itself.</summary>
    public IReadOnlyList<TaskId> Closure(TaskId id) =>
        Place(id) is { } start
            ? [.. Reach(start, place => nodes[place].Blocks).Skip(1).Select(place => tasks[place].Id)]
            : [];

    /// <summary>
    /// The circle that an edge would close: each task waits for the next, and the last for the first, which is
    /// <paramref name="from"/>. Null when it closes none or its type holds nothing back. Closed tasks count, for they can
    /// be reopened. A task that waits for its own parent is taken for a circle too: parents are closed after their children.
    /// </summary>
    public IReadOnlyList<TaskId>? CycleThrough(TaskId from, TaskId to, string type)
    {
        if (from == to && DependencyType.AffectsReadiness(type))
        {
            return [from];
        }

        if (Place(from) is not { } start || Place(to) is not { } target)
        {
            return null;
        }

        var kids = nodes.Length + target;
        return type switch
        {
            DependencyType.Blocks or DependencyType.ConditionalBlocks when nodes[start].Parents.Contains(target) => [from, to],
            DependencyType.Blocks or DependencyType.ConditionalBlocks => Circle(start, target, start),
            DependencyType.WaitsFor => Circle(start, kids, start),
            DependencyType.ParentChild when nodes[start].Blocks.Contains(target) => [from, to],
            // A parent adds two arcs: the child waits for it, and whoever waits for its children waits for one more.
            DependencyType.ParentChild =>
                Circle(start, target, start) ?? Circle(kids, start, kids) ?? Circle(start, target, kids),
            _ => null,
        };
    }

    private int? Place(TaskId id) => places.TryGetValue(id.Value, out var place) ? place : null;

    private TaskId[] Ids(IEnumerable<int> found) => [.. found.Distinct().Select(place => tasks[place].Id).Order()];

    private static NotReadyKind? Own(TaskSpec task, IReadOnlySet<TaskId> done, bool isDeferred) => task switch
    {
        { Status: "closed" or "tombstone" } => NotReadyKind.Done,
        _ when done.Count > 0 && done.Contains(task.Id) => NotReadyKind.Done,
        { IsPinned: true } => NotReadyKind.Pinned,
        { Status: not "open" } => NotReadyKind.Status,
        { IsEphemeral: true } => NotReadyKind.Ephemeral,
        { IsWork: false } => NotReadyKind.Type,
        _ => isDeferred ? NotReadyKind.Deferred : null,
    };

    // The places of those targets that exist.
    private int[] Targets(TaskSpec task, Predicate<TaskDependency> isWanted, List<int> scratch)
    {
        if (task.Dependencies is [])
        {
            return [];
        }

        scratch.Clear();
        for (var i = 0; i < task.Dependencies.Count; i++)
        {
            var edge = task.Dependencies[i];
            if (isWanted(edge) && places.TryGetValue(edge.DependsOn, out var place))
            {
                scratch.Add(place);
            }
        }

        return [.. scratch];
    }

    // From the roots down, each task after all its parents. What is never reached is its own ancestor, or below one.
    private void HoldBack()
    {
        var missing = Array.ConvertAll(nodes, node => node.Parents.Length);
        Queue<int> next = new(Enumerable.Range(0, nodes.Length).Where(i => missing[i] is 0));
        while (next.TryDequeue(out var i))
        {
            var node = nodes[i];
            node.IsTangled = false;
            node.IsHeldBack |= node.IsActive && Waits(node);
            for (var k = 0; k < node.Children.Count; k++)
            {
                var child = node.Children[k];
                nodes[child].IsHeldBack |= node.IsHeldBack;
                if (--missing[child] is 0)
                {
                    next.Enqueue(child);
                }
            }
        }

        foreach (var node in nodes)
        {
            node.IsHeldBack |= node.IsTangled;
        }
    }

    private bool Waits(TaskNode node)
    {
        foreach (var target in node.Blocks)
        {
            if (nodes[target].IsActive)
            {
                return true;
            }
        }

        return Array.Exists(node.WaitsForAll, target => nodes[target].HasActiveChild)
            || Array.Exists(node.WaitsForAny, target => nodes[target] is { HasActiveChild: true, HasDoneChild: false });
    }

    private NotReadyKind? Obstacle(int i) => nodes[i] switch
    {
        { Own: { } own } => own,
        { Parents: not [] } node when Array.Exists(node.Parents, parent => nodes[parent].IsDeferred) => NotReadyKind.ParentDeferred,
        { IsHeldBack: true } => NotReadyKind.Blocked,
        _ => null,
    };

    // What holds the task or one of its ancestors; in a tangle of parents nothing better can be said than their names.
    private IEnumerable<int> Holders(int start) =>
        from i in Reach(start, place => nodes[place].Parents)
        let node = nodes[i]
        let waited = node.WaitsForAll.Concat(node.WaitsForAny.Where(target => !nodes[target].HasDoneChild))
        let active = node.Blocks.Concat(waited.SelectMany(target => nodes[target].Children)).Where(place => nodes[place].IsActive)
        let tangle = node.IsTangled ? node.Parents.Where(parent => nodes[parent].IsTangled) : []
        from holder in node.IsActive ? active.Concat(tangle) : tangle
        select holder;

    private static List<int> Reach(int start, Func<int, int[]> arcs)
    {
        HashSet<int> seen = [start];
        List<int> reached = [start];
        for (var next = 0; next < reached.Count; next++)
        {
            reached.AddRange(arcs(reached[next]).Where(seen.Add));
        }

        return reached;
    }

    // The children of a task are a place of their own, after all the tasks, so that many waiters do not mean many arcs.
    // A task that needs only one child of several has ways out, so it closes no circle.
    private IEnumerable<int> Arcs(int place, bool onlyActive)
    {
        var isActive = (int i) => !onlyActive || nodes[i].IsActive;
        if (place >= nodes.Length)
        {
            return nodes[place - nodes.Length].Children.Where(isActive);
        }

        var node = nodes[place];
        return isActive(place)
            ? [.. node.Blocks.Where(isActive), .. node.WaitsForAll.Select(target => nodes.Length + target), .. node.Parents]
            : node.Parents;
    }

    // The start, and the way from the place after it to the goal, which is the start again or waits for it.
    private TaskId[]? Circle(int start, int next, int goal)
    {
        var way = Circles.Way(next, goal, place => Arcs(place, onlyActive: false));
        return way is null ? null :
        [
            .. from place in way.Prepend(start).SkipLast(1)
               where place < nodes.Length
               select tasks[place].Id,
        ];
    }
}
