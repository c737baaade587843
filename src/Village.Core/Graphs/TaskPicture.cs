using Village.Events;
using Village.Tasks;

namespace Village.Graphs;

/// <summary>A task in a picture of the graph.</summary>
/// <param name="Task">The task.</param>
/// <param name="State">Where it stands in the village.</param>
/// <param name="Standing">One word for it: closed, ready, waiting, deferred, a state, or the store's own word for its status or type.</param>
/// <param name="IsReady">Whether it may start.</param>
/// <param name="BlockedBy">What it waits for, sorted.</param>
/// <param name="Agent">The agent that it goes to.</param>
/// <param name="IsInCircle">Whether it is one of several tasks that wait for each other, and so for ever.</param>
public sealed record PictureNode(
    TaskSpec Task, TaskState State, string Standing, bool IsReady, IReadOnlyList<TaskId> BlockedBy, string Agent, bool IsInCircle);

/// <summary>An edge between two tasks of a picture, by their places in it.</summary>
/// <param name="From">The task that has the edge: the one that waits, or the child.</param>
/// <param name="To">The task that it names.</param>
/// <param name="Type">The type, as it was written.</param>
public sealed record PictureEdge(int From, int To, string Type);

/// <summary>The part of the task graph that is shown: the same tasks in the same order, whatever it is drawn with.</summary>
/// <param name="Nodes">The tasks, by priority, then by id.</param>
/// <param name="Edges">The edges between them.</param>
/// <param name="Roots">The places of the tasks that were asked for, in that order; none when all were.</param>
public sealed record TaskPicture(IReadOnlyList<PictureNode> Nodes, IReadOnlyList<PictureEdge> Edges, IReadOnlyList<int> Roots)
{
    /// <summary>The picture of a graph.</summary>
    /// <param name="graph">The tasks.</param>
    /// <param name="ledger">What the log knows of them.</param>
    /// <param name="agentOf">The agent that a task goes to.</param>
    /// <param name="wanted">Only these and what must be done before them; all tasks when there are none.</param>
    /// <param name="all">Whether closed tasks are shown; those that were asked for always are.</param>
    public static TaskPicture Of(TaskGraph graph, Ledger ledger, Func<TaskSpec, string> agentOf, IReadOnlyList<TaskId> wanted, bool all)
    {
        IReadOnlyList<TaskId> asked = [.. wanted.Distinct().Where(id => graph.Find(id) is not null)];
        var tasks = graph.All.Where(task => all || !task.IsClosed || asked.Contains(task.Id)).OrderBy(task => task.Priority).ThenBy(task => task.Id).ToArray();
        var edges = EdgesOf(tasks);
        if (wanted is not [])
        {
            var below = new Below(tasks.Length, edges);
            var reached = below.From(asked.Select(id => Array.FindIndex(tasks, task => task.Id == id)));
            tasks = [.. tasks.Where((_, place) => reached.Contains(place))];
            edges = EdgesOf(tasks);
        }

        var circles = graph.Cycles.SelectMany(circle => circle).ToHashSet();
        return new(
            [.. tasks.Select(task => NodeOf(task, graph, ledger.Of(task.Id).State, agentOf(task), circles.Contains(task.Id)))],
            edges,
            [.. asked.Select(id => Array.FindIndex(tasks, task => task.Id == id))]);
    }

    private static PictureNode NodeOf(TaskSpec task, TaskGraph graph, TaskState state, string agent, bool isInCircle)
    {
        var (isReady, blockers) = (graph.IsReady(task.Id), graph.Blockers(task.Id));
        var standing = task.IsClosed ? "closed"
            : state is not TaskState.Queued ? state.Name()
            : isReady ? "ready"
            : blockers is not [] ? "waiting"
            : task.Status is not "open" ? task.Status
            : !task.IsWork ? task.Type
            : graph.WhyNot(task.Id)?.Kind is NotReadyKind.Deferred or NotReadyKind.ParentDeferred ? "deferred"
            : "kept";
        return new(task, state, standing, isReady, blockers, agent, isInCircle);
    }

    private static IReadOnlyList<PictureEdge> EdgesOf(TaskSpec[] tasks)
    {
        var places = tasks.Index().ToDictionary(pair => pair.Item.Id.Value, pair => pair.Index, StringComparer.OrdinalIgnoreCase);
        return
        [
            .. (from pair in tasks.Index()
                from edge in pair.Item.Dependencies
                where places.ContainsKey(edge.DependsOn)
                select new PictureEdge(pair.Index, places[edge.DependsOn], edge.Type)).Distinct(),
        ];
    }
}
