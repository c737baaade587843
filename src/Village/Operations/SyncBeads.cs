using Village.Adapters.Tasks;
using Village.Beads;
using Village.Errors;
using Village.Events;
using Village.Hosting;
using Village.Reports;
using Village.Tasks;

namespace Village.Operations;

/// <summary>Tells Beads how Village's tasks stand. It decides nothing: what it writes may be lost, and is written again by the next sync.</summary>
internal static class SyncBeads
{
    /// <summary>Every task that Village ever had: reads with one call, writes only differences. With <paramref name="isPlan"/> writes nothing.</summary>
    public static async Task<SyncReport> RunAsync(VillageContext village, bool isPlan, Action<string> progress, CancellationToken ct)
    {
        if (village.Tasks.Beads is not { } beads)
        {
            return village.Tasks.IsEmbedded ? SyncReport.Of(isPlan, [])
                : throw new VillageException(ErrorKind.NotReady, village.Tasks.Choice.Reason, "install bd, or set TASKS=embedded in .village/config");
        }

        await beads.RequireWritableAsync(ct);
        using var held = isPlan ? null : village.Tasks.Hold();
        var there = (await beads.ExportAsync(ct)).Tasks;
        var issues = there.ToDictionary(task => task.Id);
        var graph = new TaskGraph(there, village.Now, new HashSet<TaskId>());

        // What others wait for is closed before them.
        var steps = await StepsAsync(village, beads, village.Events.Read().Tasks.Values, issues, ct);
        List<SyncRow> rows = [];
        foreach (var step in steps.OrderBy(step => graph.Closure(step.Task).Count).ThenBy(step => step.Task))
        {
            if (step.Calls is not [] && !isPlan)
            {
                progress($"telling Beads of {step.Task}");
            }

            rows.Add(isPlan || step.Calls is [] ? SyncRow.Of(step) : await WriteAsync(village, beads, step, ct));
        }

        return SyncReport.Of(isPlan, [.. rows.OrderBy(row => row.Task, StringComparer.Ordinal)]);
    }

    /// <summary>Opens a task again that a person has queued again; no sync does that by itself.</summary>
    public static async Task ReopenAsync(VillageContext village, TaskId task, CancellationToken ct)
    {
        if (village.Tasks.Beads is { } beads && (await beads.ShowAsync([task], ct)).Of(task) is { Task.IsClosed: true })
        {
            await beads.RequireWritableAsync(ct);
            await beads.WriteAsync(["reopen", "--", task.Value], village.Tasks.Actors.Of(task), ct);
        }
    }

    /// <summary>
    /// The tasks whose state this process has changed, if SYNC is on. What goes wrong is an event and a matter of the next sync: no work
    /// of Village's depends on it.
    /// </summary>
    public static async Task TellAsync(VillageContext village, CancellationToken ct)
    {
        if (village.Untold.Count is 0 || !village.Config.Syncs)
        {
            return;
        }

        List<TaskId> tasks = [.. village.Untold];
        village.Untold.Clear();
        try
        {
            if (village.Tasks.Beads is not { } beads)
            {
                return;
            }

            await beads.RequireWritableAsync(ct);
            using var held = village.Tasks.Hold();
            var issues = (await beads.ShowAsync(tasks, ct)).Issues?.ToDictionary(issue => issue.Task.Id, issue => issue.Task) ?? [];
            var ledger = village.Events.Read();
            foreach (var step in await StepsAsync(village, beads, tasks.Select(ledger.Of), issues, ct))
            {
                var row = step.Calls is [] ? SyncRow.Of(step) : await WriteAsync(village, beads, step, ct);
                if (row.Message is not "")
                {
                    Tell(village, step.Task, row.Message);
                }
            }
        }
        catch (Exception failure) when (failure is VillageException or IOException)
        {
            Tell(village, tasks[0], (failure as VillageException)?.Advice ?? failure.Message);
        }
    }

    private static void Tell(VillageContext village, TaskId task, string message) =>
        village.Events.Append(new() { Ts = default, Cmd = "sync", Task = task.Value, Result = "error", Message = message });

    private static async Task<IReadOnlyList<MirrorStep>> StepsAsync(
        VillageContext village, BeadsTool beads, IEnumerable<TaskEntry> entries, Dictionary<TaskId, TaskSpec> issues, CancellationToken ct)
    {
        var mirror = new BeadsMirror(village.Tasks.Actors, village.Config.Retries, (await beads.VersionAsync(ct)).HasMetadataKeys);
        return
        [
            .. from entry in entries
               where TaskId.TryParse(entry.Task, out _)
               let task = TaskId.Parse(entry.Task)
               let step = mirror.For(entry, task, issues.GetValueOrDefault(task))
               where step is not null
               select step,
        ];
    }

    private static async Task<SyncRow> WriteAsync(VillageContext village, BeadsTool beads, MirrorStep step, CancellationToken ct)
    {
        var row = SyncRow.Of(step);
        foreach (var call in step.Calls)
        {
            var answer = await beads.WriteAsync(call, village.Tasks.Actors.Of(step.Task), ct);
            var status = answer.Of(step.Task)?.Task.Status;
            if (call[0] is "close" && status is not "closed")
            {
                var kind = answer.Trouble is BeadsTrouble.Refused ? MirrorAction.Refused : MirrorAction.Error;
                return row with { Action = SyncRow.Name(kind), BeadsAfter = step.Before, Message = answer.Sentence };
            }

            if (!answer.Succeeded || (call[0] is "update" && status is null))
            {
                return row with { Action = SyncRow.Name(MirrorAction.Error), BeadsAfter = step.Before, Message = answer.Sentence };
            }
        }

        return row;
    }
}
