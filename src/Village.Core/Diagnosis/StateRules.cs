using System.Globalization;
using Village.Leases;
using Village.Tasks;

namespace Village.Diagnosis;

/// <summary>The rules about the files of the village: the log is the truth, and everything else must agree with it.</summary>
public static class StateRules
{
    // Two clocks on one machine do not differ; two machines that keep time differ by less.
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<DiagnosisRule> All { get; } =
    [
        Guard, Readable, LeasesAgree, LeasesLive, LocksParse, TasksAreHeld, LiveFilesAreNeeded, NothingIsHalfWritten,
        CompletedIsClosed, TasksParse, LogParses, CheckpointIsTheFold, TimeGoesOn,
    ];

    private static IEnumerable<Finding> Guard(Facts facts) => facts.State.GuardProblem is { } problem
        ? [Finding.Error(FindingKind.GuardHeld, null, problem)]
        : [];

    private static IEnumerable<Finding> Readable(Facts facts) =>
        from file in facts.State.Unreadable
        select Finding.Error(FindingKind.UnreadableFile, file.Name, $"'{file.Name}' cannot be read: {file.Problem}");

    private static IEnumerable<Finding> LeasesAgree(Facts facts) =>
        from found in facts.State.Leases
        let lease = found.Lease
        where lease is not null
        let entry = facts.State.Log.Ledger.Of(lease.Task)
        let kind = LeaseDifference.Of(found, entry)
        where kind is not null
        select Disagreement(kind.Value, found, entry);

    private static Finding Disagreement(FindingKind kind, LeaseFact found, Events.TaskEntry entry)
    {
        var (lease, id) = (found.Lease!, found.Name);
        var (mine, logged) = (lease.State?.Name() ?? "nothing", entry.State.Name());
        return kind switch
        {
            FindingKind.LeaseBehindLog => Finding.Error(
                kind, id, $"the lock of {id} says {mine}, and the log says {logged}",
                found.MayLive ? null : "write the lock again from the log"),
            FindingKind.SupersededLease => Finding.Error(
                kind, id,
                lease.Generation < entry.Generation
                    ? $"the lock of {id} is of generation {lease.Generation}, and the log has come to {entry.Generation}"
                    : $"the lock of {id} is still there, and the log says {logged}",
                found.MayLive ? "end the worker that still runs, and remove the lock" : "remove the lock") with
            { IsFleeting = found.MayLive },
            _ => Finding.Error(
                kind, id,
                $"the lock of {id} is of generation {lease.Generation}, and the log knows only {entry.Generation}: a part of the log is missing"
                + (found.MayLive ? $"; its worker lives: `village unlock {id} --force` ends it" : ""),
                found.MayLive ? null : "remove the lock"),
        };
    }

    // A difference to the log says more than a dead holder, and mending it comes first.
    private static IEnumerable<Finding> LeasesLive(Facts facts) =>
        from found in facts.State.Leases
        where found is { Status: LeaseStatus.Stale, Lease: { } lease } && LeaseDifference.Of(found, facts.State.Log.Ledger.Of(lease.Task)) is null
        select Finding.Error(
            FindingKind.StaleLease, found.Name,
            $"the worker of {found.Name} is gone and has left its lock; `village resume {found.Name}` goes on with the task",
            "remove the lock and put the task back into the queue; its workspace stays as it is");

    private static IEnumerable<Finding> LocksParse(Facts facts)
    {
        foreach (var found in facts.State.Leases.Where(found => found.Lease is null))
        {
            var file = $"locks/{Printable.Line(found.Name)}.lock";
            if (!TaskId.TryParse(found.Name, out _))
            {
                yield return Finding.Error(
                    FindingKind.MisnamedLock, found.Name, $"'{file}' is not named after a task; look at it and remove it: rm '.village/{file}'");
            }
            else if (found.Named is { } other)
            {
                yield return Finding.Error(
                    FindingKind.MisnamedLock, found.Name, $"'{file}' is about the task {other}" + (found.MayLive ? ", whose worker lives; rename it back" : ""),
                    found.MayLive ? null : "remove the lock");
            }
            else
            {
                yield return Finding.Error(FindingKind.CorruptLease, found.Name, $"the lock of {found.Name} {found.Problem}", "remove the lock; no work is touched");
            }
        }
    }

    private static IEnumerable<Finding> TasksAreHeld(Facts facts)
    {
        var locked = facts.State.Leases.Select(found => found.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return from entry in facts.State.Log.Ledger.Tasks.Values
               where IsHeld(entry) && !locked.Contains(entry.Task)
               orderby entry.Task
               select Finding.Error(
                   FindingKind.TaskWithoutLease, entry.Task,
                   $"{entry.Task} is {entry.State.Name()} by the log, and it has no lock", "put the task back into the queue");
    }

    // Parked by an interruption: no process has it, and a person resumes it with or without its lock.
    private static bool IsHeld(Events.TaskEntry entry) =>
        entry.State is TaskState.Claimed or TaskState.InProgress || entry is { State: TaskState.Paused, LastChange.Reason: not "interrupted" };

    private static IEnumerable<Finding> LiveFilesAreNeeded(Facts facts) =>
        StrayLiveFiles(facts.State).Select(name => Finding.Error(
            FindingKind.StrayLiveFile, name, $"nobody holds the liveness file 'locks/{name}', and no claim needs it", "remove the file"));

    /// <summary>Liveness files that nobody holds and that no lease which somebody might hold is judged by.</summary>
    public static IReadOnlyList<string> StrayLiveFiles(StateFacts state)
    {
        var needed = state.Leases
            .Where(found => found.Lease is not null && (found.MayLive || found.Status is LeaseStatus.Stale))
            .Select(found => string.Create(CultureInfo.InvariantCulture, $"{found.Lease!.Task}.{found.Lease.Generation}.live"))
            .ToHashSet(StringComparer.Ordinal);
        return [.. state.LiveFiles.Where(file => file.Live is LiveLock.Free && !needed.Contains(file.Name)).Select(file => file.Name)];
    }

    private static IEnumerable<Finding> NothingIsHalfWritten(Facts facts) =>
        facts.State.Temporaries.Select(name => Finding.Error(
            FindingKind.TemporaryFile, name, $"'{name}' is left of a write that was killed", "remove the file"));

    private static IEnumerable<Finding> CompletedIsClosed(Facts facts) =>
        from task in Unclosed(facts.State)
        select facts.State.TasksAreInBeads
            ? Finding.Warning(FindingKind.CompletedNotClosed, task.Value, $"{task} is completed by the log, and open in Beads; `village sync --to-beads` tells it")
            : Finding.Error(FindingKind.CompletedNotClosed, task.Value, $"{task} is completed by the log, and open in the task store", "close the task");

    /// <summary>Tasks that the log has as completed and Village's own store as open. Beads is told by a sync, which no repair is.</summary>
    public static IReadOnlyList<TaskId> NotClosed(StateFacts state) => state.TasksAreInBeads ? [] : Unclosed(state);

    private static IReadOnlyList<TaskId> Unclosed(StateFacts state) =>
        [.. state.Tasks.Where(task => !task.IsClosed && state.Log.Ledger.Of(task.Id).State is TaskState.Completed).Select(task => task.Id)];

    private static IEnumerable<Finding> TasksParse(Facts facts) =>
        from line in facts.State.BadTaskLines
        select Finding.Error(
            FindingKind.BadTaskLine, string.Create(CultureInfo.InvariantCulture, $"tasks.jsonl:{line.Number}"),
            string.Create(CultureInfo.InvariantCulture, $".village/tasks.jsonl:{line.Number}: the line {line.Problem}; mend or remove it"));

    private static IEnumerable<Finding> LogParses(Facts facts)
    {
        var log = facts.State.Log;
        if (log.BadLines > 0)
        {
            yield return Finding.Warning(
                FindingKind.BadLogLine, string.Create(CultureInfo.InvariantCulture, $"events.log:{log.FirstBadLine}"),
                string.Create(CultureInfo.InvariantCulture, $"{log.BadLines} line{(log.BadLines is 1 ? "" : "s")} of .village/events.log cannot be read, the first is {log.FirstBadLine}; readers skip such lines"));
        }

        if (log.IsTorn)
        {
            yield return Finding.Warning(
                FindingKind.BadLogLine, "events.log", "the last line of .village/events.log has no end: its writer was killed; the next event begins a new line");
        }
    }

    private static IEnumerable<Finding> CheckpointIsTheFold(Facts facts) => facts.State.CheckpointProblem is { } problem
        ? [Finding.Error(FindingKind.WrongCheckpoint, "state.checkpoint", $".village/state.checkpoint {problem}", "remove it; the next command makes a new one")]
        : [];

    private static IEnumerable<Finding> TimeGoesOn(Facts facts) => facts.State.Log.Latest is { } latest && latest - facts.State.Now > Skew
        ? [Finding.Warning(FindingKind.ClockSkew, "events.log", $"the log has an event of {Events.EventLine.Time(latest)}, and now is {Events.EventLine.Time(facts.State.Now)}: a clock was wrong, then or now")]
        : [];
}
