using Village.Diagnosis;

namespace Village.Tasks;

/// <summary>All that a task file holds. An id is in it once; of several lines the last one counts.</summary>
/// <param name="Tasks">The tasks.</param>
/// <param name="Deleted">What is left of deleted tasks, as Beads up to 0.49 keeps it: their ids are never given again.</param>
/// <param name="Foreign">Lines about something else, to be written back as they are.</param>
public sealed record TaskStore(
    IReadOnlyList<TaskSpec> Tasks, IReadOnlyList<TaskSpec> Deleted, IReadOnlyList<ReadOnlyMemory<byte>> Foreign)
{
    /// <summary>Nothing at all.</summary>
    public static TaskStore Empty { get; } = new([], [], []);

    /// <summary>The lines that cannot be understood.</summary>
    public IReadOnlyList<BadLine> BadLines { get; init; } = [];

    /// <summary>The ids that more than one line has, in the order of the file.</summary>
    public IReadOnlyList<TaskId> Repeated { get; init; } = [];

    /// <summary>Every id that is taken.</summary>
    public IEnumerable<TaskId> Ids => Tasks.Concat(Deleted).Select(task => task.Id);

    /// <summary>The lines that it was read from.</summary>
    public TaskLines Lines { get; init; } = TaskLines.None;

    /// <summary>Reads a file; never throws. Foreign lines are pieces of <paramref name="bytes"/>.</summary>
    public static TaskStore Read(ReadOnlyMemory<byte> bytes) => TaskStoreReader.Read(bytes);

    /// <summary>The tasks whose id begins so, one by one; lines that cannot be read are left out. Never throws.</summary>
    public static IEnumerable<TaskSpec> Scan(ReadOnlyMemory<byte> bytes, string beginning) => TaskStoreReader.Scan(bytes, beginning);

    /// <summary>The same, each list in the order of the ids.</summary>
    public TaskStore Sorted() => this with { Tasks = Sorted(Tasks), Deleted = Sorted(Deleted) };

    /// <summary>The file that holds all this, as pieces to be written one after the other; what has not changed keeps its line.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> ToFile() => Lines.Rewrite(Deleted is [] ? Sorted(Tasks) : Sorted([.. Tasks, .. Deleted]), Foreign);

    // Mostly all are in order but what was added last: that is sorted alone, and put in between.
    private static IReadOnlyList<TaskSpec> Sorted(IReadOnlyList<TaskSpec> all)
    {
        var ordered = Math.Min(1, all.Count);
        while (ordered < all.Count && all[ordered - 1].Id.CompareTo(all[ordered].Id) <= 0)
        {
            ordered++;
        }

        if (ordered == all.Count)
        {
            return all;
        }

        List<TaskSpec> sorted = new(all.Count);
        var next = 0;
        foreach (var late in all.Skip(ordered).OrderBy(task => task.Id))
        {
            for (; next < ordered && all[next].Id.CompareTo(late.Id) <= 0; next++)
            {
                sorted.Add(all[next]);
            }

            sorted.Add(late);
        }

        sorted.AddRange(all.Take(ordered).Skip(next));
        return sorted;
    }
}
