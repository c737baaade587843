using Village.Conflicts;
using Village.Dashboard;
using Village.Errors;
using Village.Hosting;
using Village.Observation;
using Village.Operations;
using Village.Tasks;

namespace Village.Commands.Dashboard;

/// <summary>
/// Changed files and conflicts, found out beside the screen: when it is opened or asked for, and again when an agent has shown something in
/// its pane since, at most every <see cref="Pause"/>. An idle village is not looked at.
/// </summary>
internal sealed class WorkLook(VillageContext village)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);
    private readonly Dictionary<string, long> sizes = [];
    private Task<(ConflictMatrix? Found, string? Problem)>? running;
    private DateTimeOffset begun;

    /// <summary>What is known.</summary>
    public ConflictMatrix Known { get; private set; } = ConflictMatrix.Empty;

    /// <summary>Ends with the look that is under way; never when there is none.</summary>
    public Task DoneAsync() => running ?? new TaskCompletionSource().Task;

    /// <summary>Begins a look, unless one is under way.</summary>
    public void Begin(Snapshot seen, DashboardReport report, CancellationToken ct)
    {
        begun = village.Now;
        HasNews(report);
        running ??= LookAsync(seen, ct);
    }

    /// <summary>Begins a look when agents have done something since the last one.</summary>
    public void BeginIfDue(Snapshot seen, DashboardReport report, CancellationToken ct)
    {
        if (running is null && village.Now - begun >= Pause && HasNews(report))
        {
            Begin(seen, report, ct);
        }
    }

    /// <summary>Takes what a look has found: why it found nothing, or nothing at all; null when none has ended.</summary>
    public async Task<string?> TakeDoneAsync()
    {
        if (running is not { IsCompleted: true } ended)
        {
            return null;
        }

        running = null;
        var (found, problem) = await ended;
        Known = found ?? Known;
        return problem ?? "";
    }

    private async Task<(ConflictMatrix? Found, string? Problem)> LookAsync(Snapshot seen, CancellationToken ct)
    {
        try
        {
            return (await PredictConflicts.RunAsync(village, seen, new Dictionary<string, string>(), new HashSet<string>(), ct), null);
        }
        catch (Exception failure) when (failure is VillageException or IOException)
        {
            return (null, $"{ConflictMatrix.Unknown}: {failure.Message}");
        }
    }

    private bool HasNews(DashboardReport report)
    {
        var news = false;
        foreach (var row in report.Workers.Where(row => row.Status is "ACTIVE" && row.Attempt is not null))
        {
            var log = new FileInfo(village.LogOf(TaskId.Parse(row.Task), row.Attempt!.Value));
            var size = log.Exists ? log.Length : 0;
            news |= sizes.GetValueOrDefault(row.Task, -1) != size;
            sizes[row.Task] = size;
        }

        return news;
    }
}
