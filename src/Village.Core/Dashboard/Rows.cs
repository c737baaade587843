namespace Village.Dashboard;

/// <summary>How the rows of a screen are shared out.</summary>
public static class Rows
{
    /// <summary>
    /// Rows for workers and for the queue, of <paramref name="room"/> in all: each gets what it needs, and where that is too much neither less than
    /// half of the room that it could use.
    /// </summary>
    public static (int Workers, int Queue) Share(int room, int workers, int queue)
    {
        room = Math.Max(0, room);
        if (workers + queue <= room)
        {
            return (workers, queue);
        }

        var half = room / 2;
        var forQueue = Math.Min(queue, Math.Max(half, room - workers));
        return (Math.Min(workers, room - forQueue), forQueue);
    }

    /// <summary>The first row that is shown of a list, so that the selected one is; -1 selects none.</summary>
    public static int First(int count, int shown, int selected) =>
        selected < 0 || shown <= 0 || selected < shown ? 0 : Math.Min(selected - shown + 1, Math.Max(0, count - shown));
}
