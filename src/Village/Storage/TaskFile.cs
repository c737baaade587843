using System.Buffers;
using Village.Configuration;
using Village.Diagnosis;
using Village.Errors;
using Village.Platform;
using Village.Tasks;

namespace Village.Storage;

/// <summary>
/// <c>.village/tasks.jsonl</c>, the embedded task store. Its only writer. Whoever changes it holds the village's guard; lines
/// that are no tasks are kept as they are.
/// </summary>
internal sealed class TaskFile(string path, Durability durability)
{
    private IReadOnlyList<TaskSpec>? tasks;
    private (DateTime Written, long Length) seen;

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>
    /// Every task. Read again when the file has changed. A line that cannot be read is an error and not left out: what waits for
    /// a task that is left out would look ready.
    /// </summary>
    public IReadOnlyList<TaskSpec> ReadAll()
    {
        var file = new FileInfo(path);
        var now = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
        if (tasks is null || now != seen)
        {
            tasks = Require().Tasks;
            seen = now;
        }

        return tasks;
    }

    /// <summary>The tasks that can be read, and the lines that cannot.</summary>
    public (IReadOnlyList<TaskSpec> Tasks, IReadOnlyList<BadLine> BadLines) Examine()
    {
        var (found, _, bad) = Load();
        return (found, bad);
    }

    /// <summary>A task, or null.</summary>
    public TaskSpec? Find(TaskId id) => ReadAll().FirstOrDefault(task => task.Id == id);

    /// <summary>
    /// Replaces the tasks by what <paramref name="change"/> makes of them, whole or not at all. Under the guard.
    /// </summary>
    public void Change(Func<IReadOnlyList<TaskSpec>, IReadOnlyList<TaskSpec>> change)
    {
        var (before, foreign) = Require();
        var after = change(before);
        if (ReferenceEquals(before, after))
        {
            return;
        }

        var buffer = new ArrayBufferWriter<byte>(1 << 16);
        foreach (var task in after.OrderBy(task => task.Id.Value, StringComparer.Ordinal))
        {
            TaskLine.Write(buffer, task);
        }

        foreach (var line in foreign)
        {
            buffer.Write(line.Span);
            buffer.Write("\n"u8);
        }

        DurableFile.Replace(path, buffer.WrittenSpan, durability);
        tasks = null;
    }

    private (IReadOnlyList<TaskSpec> Tasks, IReadOnlyList<ReadOnlyMemory<byte>> Foreign) Require()
    {
        var (found, foreign, bad) = Load();
        return bad is [var first, ..]
            ? throw new VillageException(ErrorKind.Permanent, $"{path}:{first.Number}: the line {first.Problem}", "mend or remove that line, then try again")
            : (found, foreign);
    }

    private (IReadOnlyList<TaskSpec> Tasks, IReadOnlyList<ReadOnlyMemory<byte>> Foreign, IReadOnlyList<BadLine> Bad) Load()
    {
        if (NativeFile.TryReadAll(path) is not { } bytes)
        {
            return ([], [], []);
        }

        List<BadLine> bad = [];
        Dictionary<TaskId, TaskSpec> found = [];
        List<ReadOnlyMemory<byte>> foreign = [];
        var number = 0;
        for (var begin = 0; begin < bytes.Length;)
        {
            var length = bytes.AsSpan(begin).IndexOf((byte)'\n') is var n && n >= 0 ? n : bytes.Length - begin;
            var line = bytes.AsMemory(begin, length);
            begin += length + 1;
            number++;
            var reading = TaskLine.Parse(line.Span);
            switch (reading.Kind)
            {
                case TaskLineKind.Task:
                    found[reading.Task!.Id] = reading.Task;
                    break;
                case TaskLineKind.Problem:
                    bad.Add(new(number, reading.Problem!));
                    break;
                case TaskLineKind.Nothing:
                    break;
                default:
                    foreign.Add(line);
                    break;
            }
        }

        return ([.. found.Values], foreign, bad);
    }
}
