using Village.Adapters.Tmux;
using Village.Configuration;
using Village.Conflicts;
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
    private readonly HashSet<string> adopted = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Skip> refused = new(StringComparer.OrdinalIgnoreCase);
    private IReadOnlyList<Skip> skips = [];
    private ConflictMatrix blocking = ConflictMatrix.Empty;
    private readonly HashSet<string> told = [];
    private readonly Dictionary<string, WorkPair> conflicts = new(StringComparer.Ordinal);

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
        Adopt((await village.ObserveAsync(ct)).Snapshot);
        village.Tasks.MayBeOld = TaskSource.UsualAge;
        while (true)
        {
            var (seen, events, started) = await RoundAsync(request with { Count = request.Count - (results.Count - adopted.Count) }, ct);
            if (seen.HeldCount is 0 && started is 0)
            {
                // An end that was read may not be on the disk yet; whoever wrote it holds the guard until it is.
                village.TakeGuard().Dispose();
                if (village.Events.Read().Count == events)
                {
                    // The last workers may still be telling; whoever reads this report will look at Beads next.
                    village.Untold.UnionWith(results.Keys.Select(TaskId.Parse));
                    await SyncBeads.TellAsync(village, CancellationToken.None);
                    return Report();
                }

                // A worker that ended after the look at the log and before the look at its lease: how it ended is in the log by now.
                continue;
            }

            await changes.NextAsync(TimeSpan.FromSeconds(2), ct);
        }
    }

    private async Task<(Snapshot Seen, long Events, int Started)> RoundAsync(QueueRequest wanted, CancellationToken ct)
    {
        var decision = await QueueDecision.MakeAsync(village, config, wanted with { Known = refused, Conflicts = blocking }, readOnly: false, ct);
        TellConflicts(decision);
        var events = decision.Seen.Ledger.Count;
        var session = decision.Session ?? throw BringUp.SessionMissing(village);
        BringUp.RequireOwnSession(village, session);
        Repair.Run(village, "queue");
        skips = decision.Plan.Skips;
        Follow(decision.Seen);
        foreach (var warning in MakeContract.Foresee(village, decision.Plan.Starts.Select(start => start.Agent)).Where(told.Add))
        {
            say($"warning: {warning}");
        }

        List<(PlannedStart Planned, StartWorker Worker)> opened = [];
        try
        {
            foreach (var planned in decision.Plan.Starts)
            {
                ct.ThrowIfCancellationRequested();
                if (await OpenAsync(planned, decision.Starts[planned.Task], session) is { } worker)
                {
                    opened.Add((planned, worker));
                }
            }
        }
        finally
        {
            foreach (var (planned, worker) in opened)
            {
                await ConfirmAsync(planned, worker);
                worker.Dispose();
            }

            await SyncBeads.TellAsync(village, CancellationToken.None);
        }

        return (decision.Seen, events, opened.Count);
    }

    // What keeps a task from starting holds until its partner has ended; everything else is tried anew.
    private void TellConflicts(QueueDecision decision)
    {
        blocking = decision.Plan.Skips.Any(skip => skip.Reason is SkipReason.Conflict) ? decision.Conflicts : ConflictMatrix.Empty;
        if (decision.Problem is not null)
        {
            say($"warning: {ConflictMatrix.Unknown}: {decision.Problem}");
        }

        foreach (var pair in decision.Told(request.ShowConflicts).Where(pair => conflicts.TryAdd($"{pair.One.Task} {pair.Other.Task}", pair) && pair.IsConflict))
        {
            say($"warning: {pair.Sentence}");
        }
    }

    private async Task<StartWorker?> OpenAsync(PlannedStart planned, Start start, Session session)
    {
        try
        {
            ReopenFailed(planned);
            var (worker, refusal) = await StartWorker.OpenAsync(village, start, session);
            if (refusal is not null)
            {
                Refuse(planned, refusal, isFailure: refusal.Reason is SkipReason.Workspace);
            }

            return worker;
        }
        catch (VillageException failure)
        {
            Refuse(planned, new(planned.Task.Value, SkipReason.StartFailed, failure.Advice), isFailure: true);
            return null;
        }
    }

    private async Task ConfirmAsync(PlannedStart planned, StartWorker worker)
    {
        if (await worker.ConfirmAsync() is { } lost)
        {
            Refuse(planned, lost, isFailure: true);
            return;
        }

        // From here on its worker tells.
        var lease = worker.Lease;
        village.Untold.Remove(lease.Task);
        say($"{lease.Task}: started, attempt {lease.Attempt}, agent {lease.Agent}, window {lease.Window}");
        results[lease.Task.Value] = new()
        {
            Task = lease.Task.Value,
            Title = planned.Title,
            Agent = lease.Agent,
            Success = true,
            ReliesOn = [.. planned.ReliesOn.Select(id => id.Value)],
            WorktreePath = lease.Workspace,
            WindowName = lease.Window,
            PaneId = worker.Pane,
            Attempt = lease.Attempt,
        };
    }

    private void Refuse(PlannedStart planned, Skip why, bool isFailure)
    {
        say($"{why.Task}: not started: {why.Message}");
        if (why.Reason is not (SkipReason.ActiveLease or SkipReason.WrongState or SkipReason.ConcurrencyLimit or SkipReason.NoPort))
        {
            // Those only say that another was quicker; the next round sees what has come of it.
            refused[why.Task] = why;
        }

        skips = [.. skips, why];
        if (isFailure)
        {
            results[why.Task] = new()
            {
                Task = why.Task,
                Title = planned.Title,
                Agent = planned.Agent,
                Success = false,
                Reason = why.Reason.Name(),
                Error = why.Message,
            };
        }
    }

    // A failed task that RETRIES lets start again goes back to queued first: the log shows that it was tried again. One that
    // has failed since the plan is not the one that was planned.
    private void ReopenFailed(PlannedStart planned)
    {
        if (planned.Entry.State is not TaskState.Failed)
        {
            return;
        }

        using var guard = village.TakeGuard();
        var entry = village.Events.Read().Of(planned.Task);
        if (entry.State is TaskState.Failed && entry.Generation == planned.Entry.Generation)
        {
            Claims.Reopen(village, planned.Task, entry, "queue", "automatic_retry");
        }
    }

    // Workers that others started are waited for too, so how they end belongs to the answer.
    private void Adopt(Snapshot seen)
    {
        foreach (var lease in seen.Leases.Where(lease => lease.Status.IsHeld()).Select(lease => lease.Lease!))
        {
            adopted.Add(lease.Task.Value);
            results[lease.Task.Value] = new()
            {
                Task = lease.Task.Value,
                Title = seen.Tasks.Find(lease.Task)?.Title,
                Agent = lease.Agent,
                Success = true,
                WorktreePath = lease.Workspace,
                WindowName = lease.Window,
                PaneId = lease.Pane,
                Attempt = lease.Attempt,
            };
        }
    }

    // Tells how the tasks that this command started stand, and says so when one has ended.
    private void Follow(Snapshot seen)
    {
        foreach (var (id, result) in results.ToList().Where(pair => pair.Value.Success))
        {
            var entry = seen.Ledger.Of(TaskId.Parse(id));
            var given = entry.GivenBack is { } back && back.Attempt == result.Attempt ? back : null;
            var ended = entry.State is TaskState.Completed or TaskState.Failed or TaskState.Paused ? entry.LastChange : given;
            var now = result with
            {
                State = entry.State.Name(),
                Commit = ended?.Commit,
                Check = ended?.Check,
                Seconds = ended?.Seconds,
                Reason = ended?.Reason,
                Error = entry.State is TaskState.Failed || given is not null ? ended?.Message : null,
            };
            if (ended is not null && now.State != result.State)
            {
                say($"{id}: {(given is null ? now.State : "given back")}{(ended.Reason is null ? "" : $" ({ended.Reason})")}{(ended.Message is null ? "" : $": {ended.Message}")}");
            }

            results[id] = now;
        }

        var working = seen.Leases.Where(lease => lease.Status.IsHeld()).Select(lease => lease.Name).ToList();
        var over = results.Values.Count(result => result.State is "completed" or "failed" or "paused");
        var ready = skips.Count(skip => skip.Reason is SkipReason.ConcurrencyLimit);
        var waiting = skips.Count(skip => skip.Reason is SkipReason.Dependencies);
        progress($"{over} ended, {working.Count} working{(working is [] ? "" : $" ({string.Join(", ", working.Take(6))})")}, {ready} ready, {waiting} waiting");
    }

    private QueueReport Report() => new()
    {
        TasksStarted = results.Values.Count(result => result.Success && !adopted.Contains(result.Task)),
        TasksFailed = results.Values.Count(result => !result.IsGivenBack && (!result.Success || result.State is not (null or "completed"))),
        Results = [.. results.Values],
        BlockedTasks = [.. skips.Select(QueueReport.Row)],
        Conflicts = [.. conflicts.Values.Select(PairRow.Of)],
        Message = results.Count is 0 ? "nothing to start" : null,
    };
}
