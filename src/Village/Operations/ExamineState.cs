using System.Text.RegularExpressions;
using Village.Adapters.Machine;
using Village.Adapters.Tmux;
using Village.Diagnosis;
using Village.Errors;
using Village.Hosting;
using Village.Leases;
using Village.Storage;
using Village.Tasks;

namespace Village.Operations;

/// <summary>Reads the files of a village for <c>doctor</c> and for repairs, and writes nothing.</summary>
internal sealed partial class ExamineState(VillageContext village, Action<string> progress)
{
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(1);
    private readonly LogReplay replay = new(village.Events.Path, village.Events.CheckpointPath, progress);

    /// <summary>
    /// The files as they are, the log replayed from its first line. A look beside working commands may see the log before a
    /// change and a lease after it; with <paramref name="underGuard"/> it waits until nobody is between two writes.
    /// </summary>
    public StateFacts Look(Session? session, bool underGuard)
    {
        Guard? guard = null;
        string? held = null;
        try
        {
            guard = underGuard ? Guard.TakeExisting(village.Leases.GuardPath, VillageContext.GuardDeadline) : null;
        }
        catch (VillageException busy) when (busy.Kind is ErrorKind.Transient)
        {
            held = busy.Message;
        }
        catch (IOException)
        {
            // What cannot be opened cannot be held by anybody either; the look itself tells what is wrong.
        }

        using (guard)
        {
            List<(string, string)> unreadable = [];
            T Read<T>(string name, T none, Func<T> read)
            {
                try
                {
                    return read();
                }
                catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or VillageException)
                {
                    unreadable.Add((name, problem.Message));
                    return none;
                }
            }

            var log = Read("events.log", new LogFacts(new(), 0, 0, false, null), replay.Read);
            var (tasks, badLines, areInBeads) = Read("tasks.jsonl", ([], [], false), () => Tasks(village));
            return new()
            {
                Now = village.Now,
                Log = log,
                Leases = Read<IReadOnlyList<LeaseFact>>("locks", [], () => Leases(village, session)),
                LiveFiles = Read<IReadOnlyList<LiveFileFact>>("locks", [], village.Leases.LookAtLiveFiles),
                Temporaries = Read<IReadOnlyList<string>>("locks", [], () => Temporaries(village, everywhere: true)),
                Tasks = tasks,
                TasksAreInBeads = areInBeads,
                BadTaskLines = badLines,
                CheckpointProblem = replay.CheckpointProblem(),
                Unreadable = [.. unreadable.Distinct()],
                GuardProblem = held,
            };
        }
    }

    private static (IReadOnlyList<TaskSpec> Tasks, IReadOnlyList<BadLine> BadLines, bool AreInBeads) Tasks(VillageContext village)
    {
        if (!village.Tasks.IsEmbedded)
        {
            return (village.Tasks.Loaded, [], true);
        }

        var (tasks, badLines) = village.TaskFile.Examine();
        return (tasks, badLines, false);
    }

    /// <summary>Every lock file, judged.</summary>
    public static IReadOnlyList<LeaseFact> Leases(VillageContext village, Session? session) =>
    [
        .. from entry in village.Leases.ReadAll()
           let view = village.Judge(entry, session)
           let holder = entry.Lease ?? entry.Misnamed
           let isAlive = view.Status.IsHeld()
               || (holder is { Nonce: not null } && (village.Leases.Look(holder) is LiveLock.Held or LiveLock.Unreadable
                   || (holder.Host == village.HostName && ProcessTable.Living(holder.Worker) is not null)))
           select new LeaseFact(entry.Name, view.Status, entry.Lease, entry.Problem, entry.Misnamed?.Task, isAlive),
    ];

    /// <summary>
    /// What killed writes left, by its path below <c>.village</c>: replacements are written to <c>.NAME.32-HEX-DIGITS</c> first.
    /// Under the guard nobody writes leases, tasks or the checkpoint. Contracts are written without it, but in no time; there is
    /// a directory of them for every task, so only <paramref name="everywhere"/> looks there.
    /// </summary>
    public static IReadOnlyList<string> Temporaries(VillageContext village, bool everywhere)
    {
        var contracts = Path.Combine(village.StateDirectory, "contracts");
        static IEnumerable<string> In(string folder) => Directory.Exists(folder) ? Directory.EnumerateFiles(folder, ".*").Where(path => Temporary().IsMatch(path)) : [];
        return
        [
            .. new[] { village.StateDirectory, village.Leases.Location }.SelectMany(In)
                .Concat((everywhere && Directory.Exists(contracts) ? Directory.EnumerateDirectories(contracts) : []).SelectMany(In)
                    .Where(path => village.Now - File.GetLastWriteTimeUtc(path) > Abandoned))
                .Select(path => Path.GetRelativePath(village.StateDirectory, path))
                .Order(StringComparer.Ordinal),
        ];
    }

    [GeneratedRegex(@"/\.[^/]+\.[0-9a-f]{32}$", RegexOptions.CultureInvariant)]
    private static partial Regex Temporary();
}
