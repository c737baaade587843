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
    /// The tasks whose id begins so, in the order of the file and read one by one, for who wants the first few. A line that cannot be
    /// read is left out.
    /// </summary>
    public IEnumerable<TaskSpec> Scan(string beginning) => TaskStore.Scan(NativeFile.TryReadAll(path) ?? [], beginning);

    /// <summary>
    /// Replaces all that is in it by what <paramref name="change"/> makes of it, whole or not at all. Under the guard.
    /// </summary>
    public void ChangeAll(Func<TaskStore, TaskStore> change)
    {
        var before = Require();
        (store, seen) = (before, Stamp());
        var after = change(before);
        if (ReferenceEquals(before, after))
        {
            return;
        }

        after = after.Sorted();
        DurableFile.Replace(path, after.ToFile(), durability);

        // Nobody else writes while the guard is held, so what is there now is what was written.
        (store, seen) = (after with { Lines = TaskLines.None }, Stamp());
    }

    /// <summary>Gives back the memory of what was read, for a process that lives on without it: supervisors are many, and wait for hours.</summary>
    public void Release()
    {
        store = null;
        if (GCSettings.LatencyMode is GCLatencyMode.NoGCRegion)
        {
            GC.EndNoGCRegion();
        }

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

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
        // Read once to find what a person means, and once more under the guard: mostly it is the same.
        if (store is { Lines.Bytes: { IsEmpty: false } known } && NativeFile.IsEqual(path, known.Span))
        {
            return store;
        }

        if (NativeFile.TryReadAll(path) is not { } bytes)
        {
            return TaskStore.Empty;
        }

        // Nearly all that is read lives until the program ends, which it does in a moment: to collect in between is a third of the
        // time of a command on many tasks. What is larger than this would take too much memory.
        if (bytes.Length is > 1 << 19 and < 1 << 26 && GCSettings.LatencyMode is not GCLatencyMode.NoGCRegion)
        {
            GC.TryStartNoGCRegion(bytes.Length * 5L);
        }

        return TaskStore.Read(bytes);
    }
}
