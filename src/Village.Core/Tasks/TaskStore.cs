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

    /// <summary>Reads a file; never throws. Foreign lines are pieces of <paramref name="bytes"/>.</summary>
    public static TaskStore Read(ReadOnlyMemory<byte> bytes)
    {
        List<BadLine> bad = [];
        List<TaskId> repeated = [];
        List<ReadOnlyMemory<byte>> foreign = [];
        Dictionary<TaskId, TaskSpec> tasks = [], deleted = [];
        var number = 0;
        for (var begin = 0; begin < bytes.Length;)
        {
            var length = bytes.Span[begin..].IndexOf((byte)'\n') is var n && n >= 0 ? n : bytes.Length - begin;
            var line = bytes.Slice(begin, length);
            begin += length + 1;
            number++;
            var reading = TaskLine.Parse(line.Span);
            switch (reading.Kind)
            {
                case TaskLineKind.Task:
                    Put(reading.Task!, tasks, deleted, repeated);
                    break;
                case TaskLineKind.Tombstone:
                    Put(reading.Task!, deleted, tasks, repeated);
                    break;
                case TaskLineKind.Problem:
                    bad.Add(new(number, reading.Problem!));
                    break;
                case TaskLineKind.Foreign:
                    foreign.Add(line.TrimEnd((byte)'\r'));
                    break;
                default:
                    break;
            }
        }

        return new([.. tasks.Values], [.. deleted.Values], foreign) { BadLines = bad, Repeated = repeated };
    }

    private static void Put(TaskSpec task, Dictionary<TaskId, TaskSpec> into, Dictionary<TaskId, TaskSpec> other, List<TaskId> repeated)
    {
        if ((other.Count > 0 && other.Remove(task.Id)) | !into.TryAdd(task.Id, task))
        {
            into[task.Id] = task;
            repeated.Add(task.Id);
        }
    }
}
