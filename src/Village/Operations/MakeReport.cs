using Village.Conflicts;
using Village.Errors;
using Village.Events;
using Village.Graphs;
using Village.Hosting;
using Village.Html;
using Village.Leases;
using Village.Observation;
using Village.Platform;
using Village.Reports;
using Village.Runs;
using Village.Scheduling;
using Village.Storage;
using Village.Tasks;

namespace Village.Operations;

/// <summary>Gathers what a run was, and writes the page of it.</summary>
internal static class MakeReport
{
    private const string UpCommand = "up";

    /// <summary>What was done since a time; without one, in the last day or since the village came up.</summary>
    /// <param name="village">The village.</param>
    /// <param name="asked">The time, or null.</param>
    /// <param name="logOf">The end of an attempt's log, or null where there is none.</param>
    /// <param name="ct">Calls it off.</param>
    public static async Task<RunReport> RunAsync(VillageContext village, DateTimeOffset? asked, Func<TaskId, int, string?> logOf, CancellationToken ct)
    {
        var (seen, _) = await village.ObserveAsync(ct);
        var window = RunWindow.Of(asked, asked is null ? LastUp(village, seen.Now) : null, seen.Now);
        List<VillageEvent> changes = [.. village.Events.Search(new() { Since = window.Begin }).Forward().Where(e => e.To is not null)];
        var attempts = AttemptFold.Of(changes, seen.Ledger, task => seen.LeaseOf(task.Value)?.Status.IsHeld() is true);
        var picture = TaskPicture.Of(
            seen.Tasks, seen.Ledger, task => seen.LeaseOf(task.Id.Value)?.Lease?.Agent ?? QueuePlan.AgentOf(task, village.Config), [], all: true);
        var report = RunSummary.Of(Path.GetFileName(village.Root), window, changes, attempts, picture, await ConflictsAsync(village, seen, ct));
        var withLog = report.Failures().Take(RunReport.MostFailures).ToHashSet();
        return report with { Attempts = [.. report.Attempts.Select(row => withLog.Contains(row) ? row with { Log = Log(row, logOf) } : row)] };
    }

    /// <summary>
    /// Writes the page, whole or not at all, readable by its owner only: it may quote anything that an agent has printed. Only an earlier
    /// report of Village's is overwritten.
    /// </summary>
    public static void Write(VillageContext village, string path, string page)
    {
        var shown = Printable.Line(path);
        if (Path.GetDirectoryName(path) is not { } directory || !Directory.Exists(directory))
        {
            throw new VillageException(ErrorKind.UserInput, $"there is no directory for '{shown}'", "make it first, or name another file");
        }

        if (path.StartsWith(village.StateDirectory + "/", StringComparison.Ordinal))
        {
            throw new VillageException(ErrorKind.UserInput, $"'{shown}' is where the village keeps its own files", "name another file");
        }

        // A file is replaced by renaming another over it, and that would do away with a device, a pipe or a link.
        switch (NativeFile.KindOf(path))
        {
            case FileKind.Missing:
            case FileKind.Regular when IsOurs(path):
                DurableFile.Replace(path, page, village.Config.Durability);
                break;
            case FileKind.Regular:
                throw new VillageException(ErrorKind.Blocked, $"'{shown}' is there, and is no report of Village", "name another file, or move that one away");
            default:
                throw new VillageException(ErrorKind.UserInput, $"'{shown}' is no regular file", $"village report --html - > {shown}");
        }
    }

    private static DateTimeOffset? LastUp(VillageContext village, DateTimeOffset now) =>
        village.Events.Search(new() { Cmd = UpCommand, Status = "ok", Since = now - RunWindow.Usual }).Last(1) is [var up] ? up.Ts : null;

    // That it cannot be known is something to read, and no reason to tell nothing else.
    private static async Task<RunConflicts> ConflictsAsync(VillageContext village, Snapshot seen, CancellationToken ct)
    {
        try
        {
            var matrix = await PredictConflicts.RunAsync(village, seen, new Dictionary<string, string>(), new HashSet<string>(), ct);
            var unknown = matrix.Works.FirstOrDefault(work => work.Problem is not null);
            return new(
                unknown is null ? null : $"Not all of the workspace of {unknown.Task} could be looked at: {unknown.Problem}",
                [.. matrix.Pairs.Select(PairRow.Of)]);
        }
        catch (Exception failure) when (failure is VillageException or IOException)
        {
            return new($"{char.ToUpperInvariant(ConflictMatrix.Unknown[0])}{ConflictMatrix.Unknown[1..]}: {failure.Message}", []);
        }
    }

    private static IReadOnlyList<string>? Log(RunAttemptRow row, Func<TaskId, int, string?> logOf) =>
        logOf(TaskId.Parse(row.Task), row.Attempt) is { } text ? LogEnd.Of(text) : null;

    private static bool IsOurs(string path)
    {
        using var file = NativeFile.TryOpenRegular(path, Libc.ReadOnly);
        var begin = new byte[512];
        return file is not null && file.ReadAt(begin, 0) is var n && (n is 0 || HtmlPage.IsBy(ReportPage.Generator, begin.AsSpan(0, n)));
    }
}
