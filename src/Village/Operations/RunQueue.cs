using Village.Adapters.Tmux;
using Village.Configuration;
using Village.Errors;
using Village.Hosting;
using Village.Leases;
using Village.Observation;
using Village.Reports;
using Village.Scheduling;
using Village.Tasks;

namespace Village.Operations;

/// <summary>Starts what may start, once or until nothing is left.</summary>
internal sealed class RunQueue(VillageContext village, VillageConfig config, QueueRequest request, Action<string> say, Action<string> progress)
{
    private readonly Dictionary<string, QueueResult> results = new(StringComparer.OrdinalIgnoreCase);
    private IReadOnlyList<Skip> skips = [];

    /// <summary>One round: snapshot, plan, claims, workers.</summary>
    public async Task<QueueReport> OnceAsync(CancellationToken ct)
    {
        await RoundAsync(request, ct);
        return Report();
    }

    /// <summary>
    /// Rounds until no worker of this village lives and nothing can start. Waits for changes in the state directory, so
    /// it costs nothing while agents work. Ctrl-C leaves the workers running.
    /// </summary>
    public async Task<QueueReport> DrainAsync(CancellationToken ct)
    {
        using var changes = new StateWatch(village.StateDirectory, village.Leases.Location);
        while (true)
        {
            var left = request.Count - results.Count;
            var seen = await RoundAsync(request with { Count = left }, ct);
            await FollowAsync(seen.Snapshot);
            if (seen.Snapshot.HeldCount is 0 && seen.Started is 0)
            {
                break;
            }

            await changes.NextAsync(TimeSpan.FromSeconds(2), ct);
        }

        await FollowAsync((await village.ObserveAsync(ct)).Snapshot);
        return Report();
    }

    private async Task<(Snapshot Snapshot, int Started)> RoundAsync(QueueRequest wanted, CancellationToken ct)
    {
        var (snapshot, found) = await village.ObserveAsync(ct);
        var session = found ?? throw BringUp.SessionMissing(village);
        BringUp.RequireOwnSession(village, session);
        Repair(snapshot);
        var plan = QueuePlan.For(snapshot, config, wanted);
        skips = plan.Skips;
        if (plan.Starts is [])
        {
            return (snapshot, 0);
        }

        var head = await BaseHeadAsync(ct);
        var tips = await village.Scm.BranchTipsAsync(village.Root, "village/", ct);
        var started = 0;
        foreach (var start in plan.Starts)
        {
            ct.ThrowIfCancellationRequested();
            started += await StartAsync(start, head, tips, session, ct) ? 1 : 0;
        }

        return (snapshot, started);
    }

    private async Task<bool> StartAsync(
        PlannedStart start, string head, IReadOnlyDictionary<string, string> tips, Session session, CancellationToken ct)
    {
        var task = start.Task;
        await ReopenFailedAsync(task);
        var wanted = new Start(
            new("queue", task, start.Agent, [TaskState.Queued, TaskState.Claimed, TaskState.InProgress, TaskState.Paused], request.MaxWorkers),
            head,
            [.. start.DependsOn.Select(id => tips.GetValueOrDefault(VillageContext.BranchOf(id))).OfType<string>()],
            KeepDirt: false);
        try
        {
            var (started, refusal) = await StartWorker.RunAsync(village, wanted, session, ct);
            if (started is null)
            {
                skips = [.. skips, refusal!];
                var lost = refusal!.Reason is SkipReason.WorkerLost or SkipReason.Workspace;
                if (lost)
                {
                    Remember(start, result => result with { Reason = refusal.Reason.Name(), Error = refusal.Message });
                }

                say($"{task}: not started: {refusal.Message}");
                return false;
            }

            say($"{task}: started, attempt {started.Lease.Attempt}, agent {started.Lease.Agent}, window {started.Lease.Window}");
            Remember(start, result => result with
            {
                Success = true,
                WorktreePath = started.Lease.Workspace,
                WindowName = started.Lease.Window,
                PaneId = started.Pane,
                Attempt = started.Lease.Attempt,
            });
            return true;
        }
        catch (VillageException failure)
        {
            say($"{task}: not started: {failure.Message}");
            Remember(start, result => result with { Reason = failure.KindName, Error = failure.Message });
            return false;
        }
    }

    // A failed task that RETRIES lets start again goes back to queued first: the log shows that it was tried again.
    private Task ReopenFailedAsync(TaskId task)
    {
        using var guard = village.TakeGuard();
        var entry = village.Events.Read().Of(task);
        if (entry.State is TaskState.Failed)
        {
            Reopening.Queue(village, task, entry, "queue", "automatic retry");
        }

        return Task.CompletedTask;
    }

    private void Remember(PlannedStart start, Func<QueueResult, QueueResult> change) => results[start.Task.Value] = change(
        new() { Task = start.Task.Value, Title = start.Title, Agent = start.Agent, Success = false });

    // What a crash left between two writes: a task that the log has as completed and the store not yet as closed.
    private void Repair(Snapshot seen)
    {
        if (seen.Tasks.All.Any(task => !task.IsClosed && seen.Ledger.Of(task.Id).State is TaskState.Completed))
        {
            using var guard = village.TakeGuard();
            TaskBook.CatchUp(village, village.Events.Read());
        }
    }

    // Tells how the tasks that this command started stand, and says so when one has ended.
    private Task FollowAsync(Snapshot seen)
    {
        foreach (var (id, result) in results.ToList().Where(pair => pair.Value.Success))
        {
            var entry = seen.Ledger.Of(TaskId.Parse(id));
            var last = entry.LastChange;
            var now = result with { State = entry.State.Name() };
            if (entry.State is TaskState.Completed or TaskState.Failed or TaskState.Paused)
            {
                now = now with
                {
                    Commit = last?.Commit, Check = last?.Check, Seconds = last?.Seconds, Reason = last?.Reason,
                    Error = entry.State is TaskState.Failed ? last?.Message : null,
                };
            }

            if (now.State != result.State && entry.State is TaskState.Completed or TaskState.Failed or TaskState.Paused)
            {
                say($"{id}: {now.State}{(now.Reason is null ? "" : $" ({now.Reason})")}{(last?.Message is null ? "" : $": {last.Message}")}");
            }

            results[id] = now;
        }

        var ready = skips.Count(skip => skip.Reason is SkipReason.ConcurrencyLimit);
        var blocked = skips.Count(skip => skip.Reason is SkipReason.Dependencies);
        var ended = results.Values.Count(result => result.State is "completed" or "failed" or "paused");
        progress($"{seen.HeldCount} working ({string.Join(", ", seen.Leases.Where(l => l.Status.IsHeld()).Select(l => l.Name).Take(6))}), {ended} ended, {ready} ready, {blocked} waiting");
        return Task.CompletedTask;
    }

    private async Task<string> BaseHeadAsync(CancellationToken ct)
    {
        var name = config.BaseBranch is { } branch ? $"refs/heads/{branch}" : "HEAD";
        return await village.Scm.CommitOfAsync(village.Root, name, ct) ?? throw (config.BaseBranch is { } missing
            ? new VillageException(ErrorKind.Config, $"BASE_BRANCH: there is no branch '{missing}'", "set it in .village/config to one of `git branch`")
            : new VillageException(ErrorKind.NotReady, "the repository has no commit yet", "git commit --allow-empty -m 'first commit'"));
    }

    private QueueReport Report() => new()
    {
        TasksStarted = results.Values.Count(result => result.Success),
        TasksFailed = results.Values.Count(result => !result.Success || result.State is not (null or "completed")),
        Results = [.. results.Values],
        BlockedTasks = [.. skips.Select(QueueReport.Row)],
        Message = results.Count is 0 ? "nothing to start" : null,
    };
}
