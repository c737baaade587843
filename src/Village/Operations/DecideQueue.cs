using Village.Adapters.Tmux;
using Village.Configuration;
using Village.Conflicts;
using Village.Errors;
using Village.Hosting;
using Village.Observation;
using Village.Scheduling;
using Village.Tasks;

namespace Village.Operations;

/// <summary>What the queue would do now, and all that doing it needs.</summary>
/// <param name="Seen">The world.</param>
/// <param name="Session">The tmux session, or null.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Starts">What each start needs, by task.</param>
/// <param name="Conflicts">How the work of what starts merges with all other work, as far as it was tried.</param>
/// <param name="Problem">Why that could not be tried, or null.</param>
internal sealed record QueueDecision(
    Snapshot Seen, Session? Session, QueuePlan Plan, IReadOnlyDictionary<TaskId, Start> Starts, ConflictMatrix Conflicts, string? Problem)
{
    /// <summary>The conflicts to tell of: of what starts, or all when they were asked for.</summary>
    public IReadOnlyList<WorkPair> Told(bool all) =>
    [
        .. Conflicts.Pairs.Where(pair => all || (pair.IsConflict && Plan.Starts.Any(start => pair.PartnerOf(start.Task.Value) is not null))),
    ];

    /// <summary>
    /// Observes and plans. Where dependencies of a task do not merge, it is skipped and the plan made again, so another task
    /// gets its place. With <paramref name="readOnly"/> trial merges leave nothing in the repository. A task that has work
    /// already is tried against all other work; without such a task this costs nothing.
    /// </summary>
    public static async Task<QueueDecision> MakeAsync(
        VillageContext village, VillageConfig config, QueueRequest request, bool readOnly, CancellationToken ct)
    {
        var (seen, session) = await village.ObserveAsync(ct);
        var known = request.Known.ToDictionary(StringComparer.OrdinalIgnoreCase);
        var bases = new Dictionary<TaskId, Start>();
        Bases? ground = null;
        string? scratch = null;
        var (conflicts, problem) = (request.Conflicts, (string?)null);
        HashSet<TaskId> compared = [];
        var tried = false;
        try
        {
            while (true)
            {
                var plan = QueuePlan.For(seen, config, request with { Known = known, Conflicts = conflicts });
                if (plan.Starts is not [])
                {
                    ground ??= await Bases.ReadAsync(village, ct);
                }

                foreach (var start in plan.Starts.Where(start => !bases.ContainsKey(start.Task)))
                {
                    scratch ??= readOnly && start.DependsOn is not [] ? Directory.CreateTempSubdirectory("village-").FullName : null;
                    var (commit, obstacle) = await ground!.OfAsync(village, start.Task, start.DependsOn, scratch, ct);
                    if (commit is null)
                    {
                        known[start.Task.Value] = new(start.Task.Value, SkipReason.DependencyMerge, obstacle!);
                        continue;
                    }

                    bases[start.Task] = new(
                        new("queue", start.Task, start.Agent, [TaskState.Queued, start.Entry.State], request.MaxWorkers),
                        commit,
                        IsMerged: commit != ground.Head,
                        ground.HasBranch(village, start.Task),
                        KeepDirt: start.Entry.WasLimited,
                        ground.ClashOf(village, start.Task),
                        readOnly ? Premise.Unknown : Premise.Of(seen.Tasks.Find(start.Task)!, isReady: true),
                        start.Entry.WasLimited ? ResumeTask.SessionOf(village, start.Task, start.Agent) : null);
                }

                if (!plan.Starts.All(start => bases.ContainsKey(start.Task)))
                {
                    continue;
                }

                var open = plan.Starts.Select(start => start.Task)
                    .Where(task => config.DetectsConflicts && (bases[task].HasBranch || seen.Workspaces.Contains(task.Value)) && !compared.Contains(task))
                    .ToList();
                if (problem is not null || (open is [] && (tried || !request.ShowConflicts)))
                {
                    return new(seen, session, plan, bases, conflicts, problem);
                }

                tried = true;
                compared.UnionWith(open);
                (conflicts, problem) = await TryAsync(village, seen, [.. plan.Starts.Select(start => start.Task)], ground, request.ShowConflicts, ct);
            }
        }
        finally
        {
            if (scratch is not null)
            {
                Directory.Delete(scratch, recursive: true);
            }
        }
    }

    // Work that cannot be tried is no reason not to start.
    private static async Task<(ConflictMatrix Conflicts, string? Problem)> TryAsync(
        VillageContext village, Snapshot seen, IReadOnlyList<TaskId> starts, Bases? ground, bool all, CancellationToken ct)
    {
        var tips = starts.Where(task => ground?.HasBranch(village, task) is true).ToDictionary(task => task.Value, task => ground!.Tips[village.BranchOf(task)], StringComparer.Ordinal);
        try
        {
            return (await PredictConflicts.RunAsync(village, seen, tips, all ? new HashSet<string>() : starts.Select(task => task.Value).ToHashSet(StringComparer.Ordinal), ct), null);
        }
        catch (Exception failure) when (failure is VillageException or IOException or UnauthorizedAccessException)
        {
            return (new([], []), failure.Message);
        }
    }
}
