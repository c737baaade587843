using System.Buffers;
using Village.Adapters.Tasks;
using Village.Beads;
using Village.Errors;
using Village.Events;
using Village.Hosting;
using Village.Platform;
using Village.Reports;
using Village.Storage;
using Village.Tasks;

namespace Village.Operations;

/// <summary>
/// Moves all tasks from one store to the other: copies, compares, and only then changes which one is in use. The old store is kept. A
/// crash at any step leaves the old one in use, and the move can be made again.
/// </summary>
internal static class MoveTasks
{
    /// <summary>From Village's file to Beads.</summary>
    public static async Task<TaskMoveReport> ToBeadsAsync(VillageContext village, bool isPlan, Action<string> progress, CancellationToken ct)
    {
        RefuseSetting(village, "embedded", "beads");
        var beads = Tool(village);
        await beads.RequireWritableAsync(ct);
        using var guard = village.TakeGuard();
        RefuseWorkers(village);
        var mine = village.TaskFile.Read();
        if (mine.Tasks is [])
        {
            throw new VillageException(ErrorKind.Blocked, "there are no tasks in .village/tasks.jsonl to move", "village ready");
        }

        progress("looking at what Beads has");
        var there = (await beads.ExportAsync(ct)).Tasks.ToDictionary(task => task.Id);
        bool IsKnown(string id) => TaskId.TryParse(id, out var known) && (there.ContainsKey(known) || mine.Tasks.Any(task => task.Id == known));
        var missing = mine.Tasks.Where(task => !task.IsEphemeral && !there.ContainsKey(task.Id)).ToList();
        Refuse(mine.Tasks.Where(task => there.ContainsKey(task.Id)), there, IsKnown, "is in Beads already, and is different there");
        var warnings = missing.SelectMany(task => BeadsComparison.Losses(task, IsKnown)).ToList();
        if (isPlan)
        {
            return new("beads", DryRun: true, missing.Count, Kept: null, warnings);
        }

        progress($"moving {missing.Count} tasks");
        if (missing is not [])
        {
            await ImportAsync(village, beads, mine with { Tasks = missing, Deleted = [], Foreign = [] }, ct);
        }

        progress("comparing");
        var after = (await beads.ExportAsync(ct)).Tasks.ToDictionary(task => task.Id);
        Refuse(missing, after, IsKnown, "did not arrive in Beads as it was");
        var kept = $"{village.TaskFile.Path}.moved-{village.Now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}";
        DurableFile.Replace(kept, [NativeFile.TryReadAll(village.TaskFile.Path) ?? []], village.Config.Durability);
        Tell(village, "beads", missing.Count);
        DurableFile.Remove(village.TaskFile.Path, village.Config.Durability);
        return new("beads", DryRun: false, missing.Count, kept, warnings);
    }

    /// <summary>From Beads to Village's file. Beads is not written to.</summary>
    public static async Task<TaskMoveReport> ToEmbeddedAsync(VillageContext village, bool isPlan, Action<string> progress, CancellationToken ct)
    {
        RefuseSetting(village, "beads", "embedded");
        var beads = Tool(village);
        progress("looking at what Beads has");
        var export = await beads.ExportAsync(ct);
        var theirs = export with { Tasks = [.. export.Tasks.Select(village.Tasks.Actors.Unclaimed)] };
        using var guard = village.TakeGuard();
        RefuseWorkers(village);
        TaskImport? import = null;
        village.TaskFile.ChangeAll(store =>
        {
            import = new(store, theirs, TaskBook.Held(village), village.Config.TaskPrefix);
            var arrived = import.Store.Tasks.ToDictionary(task => task.Id);
            Refuse(theirs.Tasks.Where(task => import.Created.Contains(task.Id)), arrived, _ => true, "would not arrive as it is");
            if (isPlan)
            {
                return store;
            }

            Tell(village, "embedded", import.Created.Count);
            return import.Store;
        });
        return new("embedded", isPlan, import!.Created.Count + import.Updated.Count, beads.Place!.Path, import.Warnings);
    }

    private static BeadsTool Tool(VillageContext village)
    {
        var place = BeadsPlace.Find(village.Root, village.Host.Environment);
        return place is not { HasDatabase: true }
            ? throw new VillageException(ErrorKind.NotReady, "there is no database of Beads here", $"bd init --prefix {village.Config.TaskPrefix} --skip-hooks")
            : !BeadsTool.IsInstalled(village.Root, village.Host.Environment)
                ? throw new VillageException(ErrorKind.NotReady, "bd is not installed or not on PATH", "npm install -g @beads/bd")
                : new(village.Runner, place, village.Root, BeadsTool.Usual);
    }

    private static void RefuseSetting(VillageContext village, string setting, string wanted)
    {
        if (village.Config.TaskStore == setting)
        {
            throw new VillageException(ErrorKind.Blocked, $"TASKS is {setting}, so they would not be found in their new place", $"put TASKS=auto or TASKS={wanted} into .village/config first");
        }
    }

    // A worker's claim is in one of the stores only.
    private static void RefuseWorkers(VillageContext village)
    {
        if (TaskBook.Held(village) is { Count: > 0 } held)
        {
            throw new VillageException(ErrorKind.Blocked, $"{string.Join(", ", held.Order().Take(5))} {(held.Count is 1 ? "is" : "are")} being worked on", "wait for it, or village down");
        }
    }

    private static void Refuse(IEnumerable<TaskSpec> tasks, Dictionary<TaskId, TaskSpec> there, Func<string, bool> isKnown, string what)
    {
        var wrong = (
            from task in tasks
            let differences = BeadsComparison.Differences(task, there.GetValueOrDefault(task.Id), isKnown)
            where differences is not []
            select $"{task.Id} {what} ({string.Join(", ", differences)})").ToList();
        if (wrong is [var first, ..])
        {
            throw new VillageException(
                ErrorKind.Blocked, $"{first}{(wrong.Count is 1 ? "" : $", and {wrong.Count - 1} more")}; nothing is different for Village", "make the two alike, or delete one, then move again");
        }
    }

    private static async Task ImportAsync(VillageContext village, BeadsTool beads, TaskStore store, CancellationToken ct)
    {
        var buffer = new ArrayBufferWriter<byte>(1 << 16);
        TaskExport.Write(buffer, store, (await beads.VersionAsync(ct)).Dialect);

        // Under a name that doctor and every writing command know for a leftover.
        var file = Path.Combine(village.StateDirectory, $".issues.{Guid.NewGuid():N}");
        DurableFile.Replace(file, [buffer.WrittenMemory], village.Config.Durability);
        try
        {
            await beads.ImportAsync(file, TaskBook.Actor(village), ct);
        }
        finally
        {
            DurableFile.Discard(file);
        }
    }

    private static void Tell(VillageContext village, string to, int count) =>
        village.Events.Append(new VillageEvent { Ts = default, Cmd = "task move", Result = "ok", Message = $"{count} tasks to {to}" });
}
