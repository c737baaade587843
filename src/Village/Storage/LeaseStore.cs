using System.Globalization;
using System.Text;
using Village.Configuration;
using Village.Diagnosis;
using Village.Leases;
using Village.Platform;
using Village.Tasks;

namespace Village.Storage;

/// <summary>A file in <c>locks/</c>: a lease, or the sentence why it is none.</summary>
/// <param name="Name">The file's name without <c>.lock</c>: the task, if somebody did not rename it.</param>
/// <param name="Path">Its path.</param>
/// <param name="Lease">The lease, or null.</param>
/// <param name="Problem">Why it is none, or null.</param>
internal sealed record LeaseEntry(string Name, string Path, Lease? Lease, string? Problem)
{
    /// <summary>The lease of another task that stands in a file of this name; null for all others.</summary>
    public Lease? Misnamed { get; init; }
}

/// <summary>The lease files. Owner of everything in <c>.village/locks</c>; whoever writes holds the guard.</summary>
internal sealed class LeaseStore(string directory, Durability durability)
{
    /// <summary>The directory itself.</summary>
    public string Location => directory;

    /// <summary>The guard of the whole village.</summary>
    public string GuardPath => Path.Combine(directory, ".guard");

    /// <summary>The lease file of a task.</summary>
    public string PathOf(TaskId task) => Path.Combine(directory, $"{task}.lock");

    /// <summary>The liveness file of one claim.</summary>
    public string LivePathOf(TaskId task, long generation) => Path.Combine(directory, $"{task}.{generation}.live");

    /// <summary>Every lease, sorted by task. An absent directory holds none.</summary>
    public IReadOnlyList<LeaseEntry> ReadAll()
    {
        if (!Directory.Exists(directory))
        {
            return [];
        }

        // Directories too: what stands where a lease belongs keeps the task from being claimed, so it must be seen.
        return [.. Directory.EnumerateFileSystemEntries(directory, "*.lock")
            .Order(StringComparer.Ordinal)
            .Select(ReadEntry)
            .OfType<LeaseEntry>()];
    }

    /// <summary>The lease of a task; null when there is no file or it does not parse.</summary>
    public Lease? Read(TaskId task) => ReadEntry(PathOf(task))?.Lease;

    /// <summary>The file of a task as it is; null when there is none.</summary>
    public LeaseEntry? Find(TaskId task) => ReadEntry(PathOf(task));

    /// <summary>Writes a lease, whole or not at all.</summary>
    public void Write(Lease lease) => DurableFile.Replace(PathOf(lease.Task), LeaseFile.Format(lease), durability);

    /// <summary>The text of a task's file, whatever it is; null when there is none that can be read.</summary>
    public string? TextOf(TaskId task)
    {
        try
        {
            return NativeFile.TryReadAll(PathOf(task)) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Writes a file back that was removed, as it was.</summary>
    public void WriteText(TaskId task, string text) => DurableFile.Replace(PathOf(task), text, durability);

    /// <summary>Removes a lease file; returns whether there was one.</summary>
    public bool Remove(TaskId task) => DurableFile.Remove(PathOf(task), durability);

    /// <summary>Removes the liveness file of an ended claim.</summary>
    public void RemoveLive(TaskId task, long generation) => DurableFile.Discard(LivePathOf(task, generation));

    /// <summary>Removes the liveness files of a task's earlier claims, also of those that a kill cut short before there was a lease.</summary>
    public void RemoveLiveBefore(TaskId task, long generation)
    {
        foreach (var path in Directory.EnumerateFiles(directory, $"{task}.*.live"))
        {
            // "bd-a3f.1.7.live" is of the task bd-a3f.1, not of bd-a3f.
            var number = Path.GetFileNameWithoutExtension(path)[(task.Value.Length + 1)..];
            if (long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var old) && old < generation)
            {
                DurableFile.Discard(path);
            }
        }
    }

    /// <summary>Every liveness file by its name, sorted, and what the kernel says of it.</summary>
    public IReadOnlyList<LiveFileFact> LookAtLiveFiles() => !Directory.Exists(directory) ? [] :
    [
        .. Directory.EnumerateFiles(directory, "*.live")
            .Select(path => Path.GetFileName(path))
            .Order(StringComparer.Ordinal)
            .Select(name => new LiveFileFact(name, LiveFile.Look(Path.Combine(directory, name)))),
    ];

    /// <summary>Removes a liveness file that nobody needs, by its name.</summary>
    public void RemoveLiveFile(string name) => DurableFile.Discard(Path.Combine(directory, name));

    /// <summary>What the kernel says of a lease's claim.</summary>
    public LiveLock Look(Lease lease) => LiveFile.Look(LivePathOf(lease.Task, lease.Generation));

    // A file that vanishes between listing and reading was released: it is simply not there.
    private static LeaseEntry? ReadEntry(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        try
        {
            if (NativeFile.TryReadAll(path) is not { } bytes)
            {
                return null;
            }

            var lease = LeaseFile.TryParse(Encoding.UTF8.GetString(bytes), out var problem);
            return lease is null || lease.Task.Value == name
                ? new(name, path, lease, problem)
                : new(name, path, null, $"names the task '{lease.Task}'") { Misnamed = lease };
        }
        catch (IOException failure)
        {
            return new(name, path, null, $"cannot be read: {failure.Message}");
        }
    }
}
