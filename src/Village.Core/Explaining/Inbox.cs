using Village.Configuration;
using Village.Events;
using Village.Leases;
using Village.Observation;
using Village.Reports;
using Village.Tasks;

namespace Village.Explaining;

/// <summary>Finds what needs a person, by what is known without asking any tool more than <c>status</c> does.</summary>
public static class Inbox
{
    /// <summary>Oldest first; what has no time comes last.</summary>
    public static InboxReport Of(Snapshot seen, VillageConfig config) => new(
    [
        .. Agents(seen).Concat(Tasks(seen, config)).Concat(Remains(seen)).Concat(Money(seen, config))
            .OrderBy(row => row.Since ?? DateTimeOffset.MaxValue)
            .ThenBy(row => row.Task, StringComparer.Ordinal),
    ]);

    private static IEnumerable<InboxRow> Agents(Snapshot seen) =>
        from lease in seen.Leases
        where lease.Status.IsHeld()
        let task = lease.Lease!.Task
        let entry = seen.Ledger.Of(task)
        where entry.State is TaskState.InProgress && entry.LastNews?.Signal is "waiting" or "blocked"
        select Row(
            seen, task, entry.LastNews!.Ts, entry.LastNews.Signal!,
            $"agent '{lease.Lease!.Agent}' {(entry.LastNews.Signal is "waiting" ? "waits for you" : "cannot go on")}{(entry.LastNews.Message is { Length: > 0 } message ? $": {message}" : "")}",
            $"village attach {task}");

    private static IEnumerable<InboxRow> Tasks(Snapshot seen, VillageConfig config)
    {
        foreach (var spec in seen.Tasks.All.Where(spec => !spec.IsClosed))
        {
            var entry = seen.Ledger.Of(spec.Id);
            var since = entry.LastChange?.Ts;
            if (entry.State is TaskState.Failed && !entry.WasLimited && entry.FailuresInARow > config.Retries)
            {
                var why = entry.LastChange!.Message is { Length: > 0 } message ? $"{entry.LastChange.Reason}: {message}" : entry.LastChange.Reason;
                yield return Row(seen, spec.Id, since, "failed", $"attempt {entry.Attempt} failed ({why})", $"village logs {spec.Id}, then village retry {spec.Id}");
            }
            else if (entry.State is TaskState.Paused && seen.LeaseOf(spec.Id.Value)?.Status is not LeaseStatus.Stale)
            {
                var interrupted = entry.LastChange?.Reason is "interrupted";
                yield return Row(
                    seen, spec.Id, since, interrupted ? "interrupted" : "paused", interrupted ? "its worker was ended before it was done" : "it is paused",
                    $"village {(interrupted ? "resume" : "resume-task")} {spec.Id}");
            }
        }
    }

    private static IEnumerable<InboxRow> Remains(Snapshot seen)
    {
        foreach (var lease in seen.Leases.Where(lease => lease.Status is LeaseStatus.Stale or LeaseStatus.Corrupt))
        {
            yield return lease.Lease is { } stale
                ? Row(seen, stale.Task, stale.ClaimedAt, "stale_lock", $"its worker is gone; the next start takes it over, and its work is kept", $"village resume {stale.Task}")
                : new(null, "corrupt_lock", lease.Name, null, $"its lock file {lease.Problem}", $"village unlock {lease.Name} --force");
        }

        foreach (var name in seen.OrphanWorkspaces)
        {
            yield return new(null, "orphan_workspace", null, null, $"no task accounts for the workspace '{name}'", "village cleanup --plan");
        }
    }

    private static IEnumerable<InboxRow> Money(Snapshot seen, VillageConfig config)
    {
        foreach (var limit in seen.Limits.Values.Where(limit => limit.Until > seen.Now))
        {
            yield return new(null, "provider_limit", limit.Task, null, $"{limit.Provider} lets nobody work until {EventLine.Time(limit.Until)}", "village queue --drain --agent NAME, for agents of others");
        }

        foreach (var name in config.AgentNames)
        {
            if (config.Agent(name).BudgetUsd is { } budget && seen.Ledger.Spent.GetValueOrDefault(name) >= budget)
            {
                yield return new(null, "budget_spent", null, null, $"agent '{name}' has spent its budget_usd", "village usage --by agent");
            }
        }
    }

    private static InboxRow Row(Snapshot seen, TaskId task, DateTimeOffset? since, string kind, string message, string next) =>
        new(since, kind, task.Value, seen.Tasks.Find(task)?.Title, message, next);
}
