using System.Buffers;
using System.Runtime;
using Village.Configuration;
using Village.Diagnosis;
using Village.Errors;
using Village.Platform;
using Village.Tasks;

namespace Village.Storage;

/// <summary>
/// <c>.village/tasks.jsonl</c>, the embedded task store. Its only writer. Whoever changes it holds the village's guard; what is left
/// of deleted tasks, and lines that are no tasks, are kept.
/// </summary>
internal sealed class TaskFile(string path, Durability durability)
{
    private TaskStore? store;
    private (DateTime Written, long Length) seen;

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>
    /// All that is in it. Read again when the file has changed. A line that cannot be read is an error and not left out: what waits for
    /// a task that is left out would look ready.
    /// </summary>
    public TaskStore Read()
    {
        var now = Stamp();
        if (store is null || now != seen)
        {
            store = Require();
            seen = now;
        }

        return store;
    }

    /// <summary>Whether there is anything in it.</summary>
    public bool HasContent => Stamp().Length > 0;

    /// <summary>The tasks that can be read, and the lines that cannot.</summary>
    public (IReadOnlyList<TaskSpec> Tasks, IReadOnlyList<BadLine> BadLines) Examine()
    {
        var found = Load();
        return (found.Tasks, found.BadLines);
    }

    /// <summary>
    /// Replaces all that is in it by what <paramref name="change"/> makes of it, whole or not at all. Under the guard.
    /// </summary>
    public void ChangeAll(Func<TaskStore, TaskStore> change)
    {
        var before = Require();
        var after = change(before);
        if (ReferenceEquals(before, after))
        {
            return;
        }

        after = after with { Tasks = [.. after.Tasks.Order(ById)], Deleted = [.. after.Deleted.Order(ById)] };
        var buffer = new ArrayBufferWriter<byte>((int)Math.Min(int.MaxValue / 2, Math.Max(1 << 16, Stamp().Length * 9 / 8)));
        foreach (var task in Merged(after))
        {
            TaskLine.Write(buffer, task);
        }

        foreach (var line in after.Foreign)
        {
            buffer.Write(line.Span);
            buffer.Write("\n"u8);
        }

        DurableFile.Replace(path, buffer.WrittenSpan, durability);

        // Nobody else writes while the guard is held, so what is there now is what was written.
        (store, seen) = (after, Stamp());
    }

    private static Comparer<TaskSpec> ById { get; } = Comparer<TaskSpec>.Create((a, b) => a.Id.CompareTo(b.Id));

    // What is left of deleted tasks stands among the others, so that the file as a whole is sorted.
    private static IEnumerable<TaskSpec> Merged(TaskStore all) =>
        all.Deleted is [] ? all.Tasks : all.Tasks.Concat(all.Deleted).Order(ById);

    private (DateTime Written, long Length) Stamp() => new FileInfo(path) is { Exists: true } file ? (file.LastWriteTimeUtc, file.Length) : default;

    private TaskStore Require()
    {
        var found = Load();
        return found.BadLines is [var first, ..]
            ? throw new VillageException(ErrorKind.Permanent, $"{path}:{first.Number}: the line {first.Problem}", "mend or remove that line, then try again")
            : found;
    }

    private TaskStore Load()
    {
        if (NativeFile.TryReadAll(path) is not { } bytes)
        {
            return TaskStore.Empty;
        }

        // Nearly all that is read lives until the program ends, which it does in a moment: to collect in between is a third of the
        // time of a command on 10,000 tasks. What is larger than this would take too much memory.
        if (bytes.Length is > 1 << 19 and < 1 << 23 && GCSettings.LatencyMode is not GCLatencyMode.NoGCRegion)
        {
            GC.TryStartNoGCRegion(bytes.Length * 8L);
        }

        return TaskStore.Read(bytes);
    }
}
