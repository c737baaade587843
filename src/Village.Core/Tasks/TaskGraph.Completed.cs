namespace Village.Tasks;

/// <content>Tasks that are completed in the village and still open in the store.</content>
public sealed partial class TaskGraph
{
    /// <summary>
    /// The tasks that would hold this ready one back if the store alone were asked: completed here, and still open there. Sorted.
    /// </summary>
    public IReadOnlyList<TaskId> ReliesOn(TaskId id) =>
        lags && Place(id) is { } place && Obstacle(place) is null
            ? Ids(
                from i in Reach(place, place => nodes[place].Parents)
                from other in Unclosed(i)

                    // A completed ancestor that waits in the store would pass that on.
                let relied = nodes[i].IsActive ? other : i
                where nodes[relied].IsLagging
                select relied)
            : [];

    // What a task waits for as the store has it.
    private IEnumerable<int> Unclosed(int place)
    {
        bool IsOpen(int i) => nodes[i].IsActive || nodes[i].IsLagging;
        var node = nodes[place];
        var any = node.WaitsForAny.Where(target => !nodes[target].Children.Any(child => nodes[child] is { IsDone: true, IsLagging: false }));
        return IsOpen(place)
            ? node.Blocks.Concat(node.WaitsForAll.Concat(any).SelectMany(target => nodes[target].Children)).Where(IsOpen)
            : [];
    }

    private string Named(TaskId id) => Place(id) is { } place && nodes[place].HoldsOn
        ? $"{id} (completed here, but open in the task store)"
        : id.Value;
}
