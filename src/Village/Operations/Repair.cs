using Village.Diagnosis;
using Village.Errors;
using Village.Hosting;
using Village.Leases;
using Village.Storage;
using Village.Tasks;

namespace Village.Operations;

/// <summary>
/// Brings to its end what a killed command left between two writes, as far as no person is needed for it. Every command that
/// acts on tasks begins or ends with it. Each repair is an event.
/// </summary>
internal static class Repair
{
    /// <summary>Looks, and only if there is something to do takes the guard, looks again and does it.</summary>
    public static void Run(VillageContext village, string cmd)
    {
        if (!Directory.Exists(village.Leases.Location))
        {
            return;
        }

        Nudge(village);
        if (Plan(village, cmd).IsEmpty)
        {
            return;
        }

        using var guard = village.TakeGuard();
        var plan = Plan(village, cmd);
        foreach (var (task, change) in plan.Changes)
        {
            Claims.Apply(village, task, change);
        }

        foreach (var task in plan.ToClose)
        {
            Tell(village, cmd, task.Value, FindingKind.CompletedNotClosed, null);
            TaskBook.TryClose(village, task);
        }

        foreach (var name in plan.LiveFiles)
        {
            Tell(village, cmd, null, FindingKind.StrayLiveFile, name);
            village.Leases.RemoveLiveFile(name);
        }

        foreach (var name in plan.Temporaries)
        {
            Tell(village, cmd, null, FindingKind.TemporaryFile, name);
            DurableFile.Discard(Path.Combine(village.StateDirectory, name));
        }
    }

    // A pause whose command died before it told the supervisor. One that was told already looks, and finds nothing new.
    private static void Nudge(VillageContext village)
    {
        var ledger = village.Events.Read();
        foreach (var lease in ledger.Tasks.Values.Where(entry => entry.State is TaskState.Paused).Select(entry => village.Leases.Read(TaskId.Parse(entry.Task))).OfType<Lease>())
        {
            if (lease is { Parked: null, Nonce: not null } && lease.Host == village.HostName)
            {
                TakeSignal.Wake(lease);
            }
        }
    }

    /// <summary>Says in the log what is repaired, before it is.</summary>
    public static void Tell(VillageContext village, string cmd, string? task, FindingKind kind, string? message) =>
        village.Events.Append(new() { Ts = default, Cmd = cmd, Task = task, Result = "ok", Reason = kind.Name(), Message = message });

    private static RepairPlan Plan(VillageContext village, string cmd)
    {
        var ledger = village.Events.Read();
        var state = new StateFacts
        {
            Now = village.Now,
            Log = new(ledger, 0, 0, IsTorn: false, null),
            Leases = ExamineState.Leases(village, session: null),
            LiveFiles = village.Leases.LookAtLiveFiles(),
            Temporaries = ExamineState.Temporaries(village, everywhere: false),
            Tasks = TryReadTasks(village),
        };
        return RepairPlan.For(state, cmd);
    }

    // A broken line in the task store stops whoever needs the tasks, with its own message; not a repair.
    private static IReadOnlyList<TaskSpec> TryReadTasks(VillageContext village)
    {
        try
        {
            return village.Tasks.IsEmbedded ? village.Tasks.ReadAll() : [];
        }
        catch (VillageException)
        {
            return [];
        }
    }
}
