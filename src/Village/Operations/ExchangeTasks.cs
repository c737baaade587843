using System.Buffers;
using Village.Errors;
using Village.Hosting;
using Village.Platform;
using Village.Storage;
using Village.Tasks;

namespace Village.Operations;

/// <summary>Takes tasks of Beads over, and writes them for it.</summary>
internal static class ExchangeTasks
{
    /// <summary>Brings a file of Beads into the store, whole or not at all; with <paramref name="isPlan"/> only says what would be.</summary>
    public static TaskImport Import(VillageContext village, string name, ReadOnlyMemory<byte> bytes, bool isPlan)
    {
        var theirs = TaskStore.Read(bytes);
        if (theirs.BadLines is [var bad, ..])
        {
            throw new VillageException(ErrorKind.UserInput, $"{name}:{bad.Number}: the line {bad.Problem}", "nothing was imported; mend or remove that line");
        }

        if (!village.Tasks.IsEmbedded)
        {
            throw new VillageException(ErrorKind.Blocked, "the tasks are in Beads, which imports itself", $"bd import {name}");
        }

        if (isPlan)
        {
            return Merge(village, village.Tasks.Read(), theirs);
        }

        TaskImport? import = null;
        using var guard = village.TakeGuard();
        village.TaskFile.ChangeAll(store =>
        {
            import = Merge(village, store, theirs);
            if (!import.IsChange)
            {
                return store;
            }

            village.Events.Append(new()
            {
                Ts = default,
                Cmd = "task import",
                Result = "ok",
                Message = $"{import.Created.Count} created, {import.Updated.Count} updated, {import.Deleted.Count} deleted",
            });
            return import.Store;
        });
        return import!;
    }

    /// <summary>The bytes of a file that somebody named.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="hint">What to type when there is none.</param>
    public static ReadOnlyMemory<byte> Read(string path, string hint)
    {
        try
        {
            return NativeFile.TryReadAll(path)
                ?? throw new VillageException(ErrorKind.UserInput, $"there is no file '{Printable.Line(path)}'", hint);
        }
        catch (IOException failure)
        {
            throw new VillageException(ErrorKind.UserInput, $"'{path}' cannot be read: {failure.Message}", null);
        }
    }

    /// <summary>The store in a dialect of Beads, and how many tasks that are.</summary>
    public static (ReadOnlyMemory<byte> Bytes, int Count) Export(VillageContext village, TaskDialect dialect)
    {
        var buffer = new ArrayBufferWriter<byte>(1 << 16);
        var count = TaskExport.Write(buffer, village.Tasks.Read(), dialect);
        return (buffer.WrittenMemory, count);
    }

    /// <summary>Writes a file, whole or not at all.</summary>
    public static void Write(VillageContext village, string path, ReadOnlyMemory<byte> bytes)
    {
        if (Path.GetDirectoryName(path) is { } directory && !Directory.Exists(directory))
        {
            throw new VillageException(ErrorKind.UserInput, $"there is no directory '{directory}'", null);
        }

        if (path.StartsWith(village.StateDirectory + "/", StringComparison.Ordinal))
        {
            throw new VillageException(ErrorKind.UserInput, $"'{path}' is where the village keeps its own files", "choose another --output");
        }

        // A file is replaced by renaming another over it, and that would do away with a device or a pipe.
        if (NativeFile.KindOf(path) is not (FileKind.Missing or FileKind.Regular))
        {
            throw new VillageException(ErrorKind.UserInput, $"'{path}' is no regular file", $"village task export > {path}");
        }

        DurableFile.Replace(path, [bytes], village.Config.Durability);
    }

    private static TaskImport Merge(VillageContext village, TaskStore mine, TaskStore theirs) =>
        new(mine, theirs, TaskBook.Held(village), village.Config.TaskPrefix);
}
