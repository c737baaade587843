using System.Globalization;
using Village.Configuration;
using Village.Conflicts;
using Village.Events;
using Village.Leases;
using Village.Observation;
using Village.Tasks;

namespace Village.Scheduling;

/// <summary>A task that might start, and all that the rules look at.</summary>
/// <param name="Task">The task.</param>
/// <param name="Agent">The agent it would go to.</param>
/// <param name="Seen">The world.</param>
/// <param name="Config">The configuration.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="Admitted">How many start before it.</param>
/// <param name="SlotsFree">How many may start in all.</param>
/// <param name="IsReady">Whether the task store has nothing against it.</param>
public sealed record Candidate(
    TaskSpec Task, string Agent, Snapshot Seen, VillageConfig Config, QueueRequest Request, int Admitted, int SlotsFree, bool IsReady)
{
    /// <summary>The tasks that start before it.</summary>
    public IReadOnlySet<string> Starting { get; init; } = new HashSet<string>();

    /// <summary>What the log knows of it.</summary>
    public TaskEntry Entry => Seen.Ledger.Of(Task.Id);

    /// <summary>Its lease, or null.</summary>
    public LeaseView? Lease => Seen.LeaseOf(Task.Id.Value);
}

/// <summary>Says why a task may not start now, or null. Each rule is one pure function; their order is the order of blame.</summary>
/// <param name="candidate">The task.</param>
public delegate Skip? AdmissionRule(Candidate candidate);

/// <summary>The rules of <c>queue</c>, in one list (design, section 9).</summary>
public static class AdmissionRules
{
    /// <summary>All of them, in order.</summary>
    public static IReadOnlyList<AdmissionRule> All { get; } =
    [
        NotHeld, Parses, NotCompleted, NotPaused, NotFailed, IsReady, IsForAgent, AgentIsUsable, ProviderIsOpen, WithinBudget, NotJustStarted, NotTriedInVain, WithinLimit, WithinCount, WithoutConflict,
    ];

    /// <summary>The first objection, or null when there is none.</summary>
    public static Skip? FirstObjection(Candidate candidate) =>
        All.Select(rule => rule(candidate)).FirstOrDefault(skip => skip is not null);

    private static Skip? NotHeld(Candidate c) => c.Lease?.Status.IsHeld() is true
        ? Say(c, SkipReason.ActiveLease, $"{c.Lease.Lease!.Agent} has it in window {c.Lease.Lease.Window}")
        : null;

    private static Skip? Parses(Candidate c) => c.Lease?.Status is LeaseStatus.Corrupt
        ? Say(c, SkipReason.CorruptLease, $"its lock file {c.Lease.Problem}; `village unlock {c.Task.Id} --force` removes it")
        : null;

    private static Skip? NotCompleted(Candidate c) => c.Entry.State is TaskState.Completed
        ? Say(c, SkipReason.Completed, $"it is completed; `village retry {c.Task.Id} --force` runs it again")
        : null;

    // A lease that reads STALE was not parked by anybody: its worker died while it was paused.
    private static Skip? NotPaused(Candidate c) => c.Entry.State is TaskState.Paused && c.Lease?.Status is not LeaseStatus.Stale
        ? Say(c, SkipReason.Paused, $"it was {(c.Entry.LastChange?.Reason is "interrupted" ? "interrupted" : "paused")}; `village resume {c.Task.Id}` goes on with it")
        : null;

    private static Skip? NotFailed(Candidate c)
    {
        if (c.Entry.State is not TaskState.Failed)
        {
            return null;
        }

        var (failures, last) = (c.Entry.FailuresInARow, c.Entry.LastChange!); // It is the change to failed.
        if (c.Entry.WasLimited)
        {
            // Nothing was wrong with the work: it goes on when the limit is over.
            return null;
        }

        if (failures > c.Config.Retries)
        {
            return Say(c, SkipReason.Failed, $"it failed ({last.Reason}); `village retry {c.Task.Id}` runs it again");
        }

        var left = TimeSpan.FromMinutes(Math.Pow(2, Math.Min(failures, 12) - 1)) - Since(c, last.Ts);
        return left > TimeSpan.Zero
            ? Say(c, SkipReason.FailedBackoff, $"it failed ({last.Reason}) and starts again in {Duration.Text(left)}")
            : null;
    }

    private static Skip? IsReady(Candidate c)
    {
        if (c.IsReady)
        {
            return null;
        }

        var why = c.Seen.Tasks.WhyNot(c.Task.Id);
        return Say(c, why?.SkipReason ?? SkipReason.Dependencies, $"it {why?.Text ?? "is not ready"}") with { BlockedBy = why?.Blockers ?? [] };
    }

    private static Skip? IsForAgent(Candidate c) =>
        c.Request.Agent is { } wanted && !wanted.Equals(c.Agent, StringComparison.OrdinalIgnoreCase)
            ? Say(c, SkipReason.WrongAgent, $"it is for the agent '{c.Agent}'")
            : null;

    private static Skip? AgentIsUsable(Candidate c) => c.Config.AgentProblem(c.Agent) is { } problem
        ? Say(c, SkipReason.AgentConfig, problem)
        : null;

    private static Skip? ProviderIsOpen(Candidate c) => c.Seen.Limits.GetValueOrDefault(c.Config.Agent(c.Agent).Provider) is { } limit && limit.Until > c.Seen.Now
        ? Say(c, SkipReason.ProviderLimit, $"{limit.Provider} lets nobody work for another {Duration.Text(limit.Until - c.Seen.Now)}, until {EventLine.Time(limit.Until)}")
        : null;

    private static Skip? WithinBudget(Candidate c) => c.Config.Agent(c.Agent).BudgetUsd is { } budget && c.Seen.Ledger.Spent.GetValueOrDefault(c.Agent) is var spent && spent >= budget
        ? Say(c, SkipReason.BudgetSpent, string.Create(CultureInfo.InvariantCulture, $"agent '{c.Agent}' has cost ${spent:0.00} of ${budget:0.00}; raise budget_usd= under [agent.{c.Agent}] to go on"))
        : null;

    // A start that was given up, and a retry, come after the last start: they count as a person's word. A failed task waits as
    // long as its back-off says, not longer.
    private static Skip? NotJustStarted(Candidate c) =>
        !c.Request.Force && c.Entry.State is not (TaskState.Queued or TaskState.Failed) && c.Entry.LastStart is { } start && Since(c, start) < c.Config.QueueTtl
            ? Say(c, SkipReason.RecentlyStarted, $"it was started {Duration.Text(Since(c, start))} ago; --force starts it all the same")
            : null;

    // A clock that was set back leaves events of the future in the log; the queue must not wait until they have come.
    private static TimeSpan Since(Candidate c, DateTimeOffset then) => (c.Seen.Now - then).Duration();

    private static Skip? NotTriedInVain(Candidate c) => c.Request.Known.GetValueOrDefault(c.Task.Id.Value);

    private static Skip? WithinLimit(Candidate c) => c.Admitted >= c.SlotsFree
        ? Say(c, SkipReason.ConcurrencyLimit, $"{c.Seen.HeldCount + c.Admitted} of {c.Request.MaxWorkers} workers are taken")
        : null;

    private static Skip? WithinCount(Candidate c) => c.Request.Count is { } count && c.Admitted >= count
        ? Say(c, SkipReason.CountLimit, $"{count} {(count is 1 ? "was" : "were")} asked for")
        : null;

    // Only work in progress is waited for: what is finished but not merged yet conflicts just as much later.
    private static Skip? WithoutConflict(Candidate c) =>
        c.Config.BlockOnConflict && !c.Request.Force
        && c.Request.Conflicts.Of(c.Task.Id.Value, other => c.Starting.Contains(other) || c.Seen.LeaseOf(other)?.Status.IsHeld() is true).ToList() is [var first, ..]
            ? Say(c, SkipReason.Conflict, $"its work so far does not merge with that of {first.Partner}: {ConflictMatrix.Listed(first.Files)}; --force starts it all the same")
            : null;

    private static Skip Say(Candidate c, SkipReason reason, string message) => new(c.Task.Id.Value, reason, message);
}
