using System.Text;
using Village.Diagnosis;

namespace Village.Tasks;

/// <summary>Reads the bytes of a task file: large ones in pieces, which all processors share.</summary>
internal sealed class TaskStoreReader
{
    private const int PieceLength = 1 << 19;
    private readonly List<BadLine> bad = [];
    private readonly List<ReadOnlyMemory<byte>> foreign = [];
    private readonly List<TaskLinePlace> places;
    private bool hasTombstones;

    private TaskStoreReader(int lines) => places = new(lines);

    /// <summary>All that the file says; never throws.</summary>
    public static TaskStore Read(ReadOnlyMemory<byte> bytes)
    {
        var starts = Starts(bytes.Span);
        var pieces = new List<Line>[starts.Count - 1];
        Parallel.For(0, pieces.Length, i => pieces[i] = Parse(bytes.Span, starts[i], starts[i + 1]));
        var reader = new TaskStoreReader(pieces.Sum(piece => piece.Count));
        var number = 0;
        foreach (var piece in pieces)
        {
            foreach (var line in piece)
            {
                reader.Take(bytes, line, ++number);
            }
        }

        var (tasks, deleted, repeated) = reader.Once();
        return new(tasks, deleted, reader.foreign) { BadLines = reader.bad, Repeated = repeated, Lines = new(bytes, reader.places) };
    }

    /// <summary>The tasks whose id begins so, one by one. As Village and Beads write them, most other lines are not even parsed.</summary>
    public static IEnumerable<TaskSpec> Scan(ReadOnlyMemory<byte> bytes, string beginning)
    {
        var scratch = new TaskLineScratch();
        for (var start = 0; start < bytes.Length;)
        {
            var length = bytes.Span[start..].IndexOf((byte)'\n') is var n and >= 0 ? n + 1 : bytes.Length - start;
            var line = bytes.Slice(start, length);
            start += length;
            if (MayBegin(line.Span, beginning) && TaskLine.Parse(line.Span, scratch) is { Kind: TaskLineKind.Task, Task: { } task }
                && task.Id.Value.StartsWith(beginning, StringComparison.OrdinalIgnoreCase))
            {
                yield return task;
            }
        }
    }

    private static bool MayBegin(ReadOnlySpan<byte> line, string beginning)
    {
        var start = "{\"id\":\""u8;
        return !line.StartsWith(start) || (line.Length > start.Length + beginning.Length
            && Ascii.EqualsIgnoreCase(line.Slice(start.Length, beginning.Length), beginning));
    }

    // Where each piece begins, and the end. A piece begins behind a newline.
    private static List<int> Starts(ReadOnlySpan<byte> bytes)
    {
        List<int> starts = [0];
        while (bytes.Length - starts[^1] > PieceLength
            && bytes[(starts[^1] + PieceLength)..].IndexOf((byte)'\n') is var rest and >= 0)
        {
            starts.Add(starts[^1] + PieceLength + rest + 1);
        }

        starts.Add(bytes.Length);
        return starts;
    }

    private static List<Line> Parse(ReadOnlySpan<byte> bytes, int start, int end)
    {
        var scratch = new TaskLineScratch();
        List<Line> lines = new((end - start) / 256);
        while (start < end)
        {
            var length = bytes[start..end].IndexOf((byte)'\n') is var n and >= 0 ? n + 1 : end - start;
            lines.Add(new(TaskLine.Parse(bytes.Slice(start, length), scratch), start, start + length));
            start += length;
        }

        return lines;
    }

    private void Take(ReadOnlyMemory<byte> bytes, Line line, int number)
    {
        var reading = line.Reading;
        switch (reading.Kind)
        {
            case TaskLineKind.Task or TaskLineKind.Tombstone:
                var isWhole = !reading.HasMore && bytes.Span[line.Start..line.End] is [(byte)'{', .., (byte)'}', (byte)'\n'];
                hasTombstones |= reading.Kind is TaskLineKind.Tombstone;
                places.Add(new(reading.Task!, line.Start, line.End, isWhole));
                break;
            case TaskLineKind.Problem:
                bad.Add(new(number, reading.Problem!));
                break;
            case TaskLineKind.Foreign:
                foreign.Add(bytes[line.Start..line.End].TrimEnd("\r\n"u8));
                break;
            default:
                break;
        }
    }

    // Every id once: of several lines the last counts. In a sorted file that needs no book of the ids.
    private (IReadOnlyList<TaskSpec> Tasks, IReadOnlyList<TaskSpec> Deleted, IReadOnlyList<TaskId> Repeated) Once()
    {
        List<TaskSpec> all = [.. places.Select(place => place.Task)];
        List<TaskId> repeated = [];
        if (!IsAscending())
        {
            Dictionary<TaskId, int> last = new(all.Count);
            for (var i = 0; i < all.Count; i++)
            {
                if (!last.TryAdd(all[i].Id, i))
                {
                    repeated.Add(all[i].Id);
                    last[all[i].Id] = i;
                }
            }

            all = [.. all.Where((task, i) => last[task.Id] == i)];
        }

        return hasTombstones ? ([.. all.Where(task => !IsTombstone(task))], [.. all.Where(IsTombstone)], repeated) : (all, [], repeated);
    }

    private bool IsAscending()
    {
        for (var i = 1; i < places.Count; i++)
        {
            if (string.Compare(places[i - 1].Task.Id.Value, places[i].Task.Id.Value, StringComparison.OrdinalIgnoreCase) >= 0)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsTombstone(TaskSpec task) => task.Status is "tombstone";

    private readonly record struct Line(TaskLineReading Reading, int Start, int End);
}
