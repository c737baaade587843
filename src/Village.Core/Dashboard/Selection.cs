namespace Village.Dashboard;

/// <summary>Which row of a list that changes under it is selected: a task stays selected where it is; one that has gone gives way to what took its place.</summary>
/// <param name="Index">Its place, from 0; 0 in an empty list.</param>
/// <param name="Task">Its task; null in an empty list.</param>
public sealed record Selection(int Index = 0, string? Task = null)
{
    /// <summary>The selection in the list as it is now.</summary>
    public Selection In(IReadOnlyList<string> tasks)
    {
        var at = Task is null ? -1 : tasks.Index().Where(row => row.Item == Task).Select(row => row.Index).FirstOrDefault(-1);
        return At(at >= 0 ? at : Index, tasks);
    }

    /// <summary>The selection after a key; <paramref name="page"/> is how many rows a page has.</summary>
    public Selection After(DashboardKey key, IReadOnlyList<string> tasks, int page) => key switch
    {
        DashboardKey.Up => At(Index - 1, tasks),
        DashboardKey.Down => At(Index + 1, tasks),
        DashboardKey.PageUp => At(Index - page, tasks),
        DashboardKey.PageDown => At(Index + page, tasks),
        DashboardKey.Home => At(0, tasks),
        DashboardKey.End => At(tasks.Count - 1, tasks),
        _ => this,
    };

    private static Selection At(int index, IReadOnlyList<string> tasks)
    {
        var place = Math.Clamp(index, 0, Math.Max(0, tasks.Count - 1));
        return new(place, tasks.Count is 0 ? null : tasks[place]);
    }
}
