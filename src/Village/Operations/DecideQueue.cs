using Village.Adapters.Tmux;
using Village.Configuration;
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
internal sealed record QueueDecision(Snapshot Seen, Session? Session, QueuePlan Plan, IReadOnlyDictionary<TaskId, Start> Starts)
{
    /// <summary>
    /// Observes and plans. Where dependencies of a task do not merge, it is skipped and the plan made again, so another task
    /// gets its place. With <paramref name="readOnly"/> trial merges leave nothing in the repository.
    /// </summary>
    public static async Task<QueueDecision> MakeAsync(
        VillageContext village, VillageConfig config, QueueRequest request, bool readOnly, CancellationToken ct)
    {
        var (seen, session) = await village.ObserveAsync(ct);
        var known = request.Known.ToDictionary(StringComparer.OrdinalIgnoreCase);
        var bases = new Dictionary<TaskId, Start>();
        Bases? ground = null;
        string? scratch = null;
        try
        {
            while (true)
            {
                var plan = QueuePlan.For(seen, config, request with { Known = known });
                if (plan.Starts is not [])
                {
                    ground ??= await Bases.ReadAsync(village, ct);
                }

                foreach (var start in plan.Starts.Where(start => !bases.ContainsKey(start.Task)))
                {
                    scratch ??= readOnly && start.DependsOn is not [] ? Directory.CreateTempSubdirectory("village-").FullName : null;
                    var (commit, problem) = await ground!.OfAsync(village, start.Task, start.DependsOn, scratch, ct);
                    if (commit is null)
                    {
                        known[start.Task.Value] = new(start.Task.Value, SkipReason.DependencyMerge, problem!);
                        continue;
                    }

                    bases[start.Task] = new(
                        new("queue", start.Task, start.Agent, [TaskState.Queued, start.Entry.State], request.MaxWorkers),
                        commit,
                        IsMerged: commit != ground.Head,
                        ground.HasBranch(village, start.Task),
                        KeepDirt: false,
                        ground.ClashOf(village, start.Task));
                }

                if (plan.Starts.All(start => bases.ContainsKey(start.Task)))
                {
                    return new(seen, session, plan, bases);
                }
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
}
