using System.Buffers;

namespace Village.Tasks;

/// <summary>
/// The lines that a task file was read from. A task that is still the same object is written as its line stands there, so that a
/// change of one task in a hundred thousand formats one.
/// </summary>
public sealed class TaskLines
{
    private readonly ReadOnlyMemory<byte> bytes;
    private readonly IReadOnlyList<TaskLinePlace> places;

    /// <summary>The lines of a file. When they are not in the order of their ids, none of them stays.</summary>
    internal TaskLines(ReadOnlyMemory<byte> bytes, IReadOnlyList<TaskLinePlace> places)
    {
        this.bytes = bytes;
        this.places = places;
        for (var i = 1; i < places.Count; i++)
        {
            if (places[i - 1].Task.Id.CompareTo(places[i].Task.Id) >= 0)
            {
                this.places = [];
                break;
            }
        }
    }

    /// <summary>No lines: everything is formatted.</summary>
    public static TaskLines None { get; } = new(default, []);

    /// <summary>The file as it was read; empty for <see cref="None"/>.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>
    /// The file of these tasks, which are in the order of their ids, and of lines that are no tasks: pieces to be written one after the
    /// other, as few as there can be.
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Rewrite(IEnumerable<TaskSpec> sorted, IEnumerable<ReadOnlyMemory<byte>> foreign)
    {
        ArrayBufferWriter<byte> made = new();
        List<(bool IsMade, int Start, int End)> runs = [];
        var next = 0;
        foreach (var task in sorted)
        {
            while (next < places.Count && places[next].Task.Id.CompareTo(task.Id) < 0)
            {
                next++;
            }

            if (next < places.Count && ReferenceEquals(places[next].Task, task) && places[next].IsWhole)
            {
                Add(isMade: false, places[next].Start, places[next].End);
                continue;
            }

            var start = made.WrittenCount;
            TaskLine.Write(made, task);
            Add(isMade: true, start, made.WrittenCount);
        }

        foreach (var line in foreign)
        {
            var start = made.WrittenCount;
            made.Write(line.Span);
            made.Write("\n"u8);
            Add(isMade: true, start, made.WrittenCount);
        }

        return [.. runs.Select(run => (run.IsMade ? made.WrittenMemory : bytes)[run.Start..run.End])];

        void Add(bool isMade, int start, int end)
        {
            if (runs is [.., var last] && last.IsMade == isMade && last.End == start)
            {
                runs[^1] = (isMade, last.Start, end);
            }
            else
            {
                runs.Add((isMade, start, end));
            }
        }
    }
}

/// <summary>Where the line of a task is.</summary>
/// <param name="Task">The task, or what is left of it.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where the next line begins.</param>
/// <param name="IsWhole">Whether it may be written again as it is: one line with its end, and nothing in it that is read over.</param>
internal readonly record struct TaskLinePlace(TaskSpec Task, int Start, int End, bool IsWhole);
