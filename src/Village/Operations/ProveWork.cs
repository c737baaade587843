using Village.Adapters.Machine;
using Village.Adapters.Processes;
using Village.Configuration;
using Village.Errors;
using Village.Events;
using Village.Hosting;
using Village.Leases;
using Village.Tasks;

namespace Village.Operations;

/// <summary>What is known of an attempt: that it proved its work, or the typed reason why not.</summary>
/// <param name="Reason">One of <see cref="FailureReason"/>, or null when it passed.</param>
/// <param name="Message">In words.</param>
internal sealed record Verdict(string? Reason, string? Message)
{
    /// <summary>Nothing to object so far.</summary>
    public static Verdict Fine { get; } = new(null, null);

    /// <summary>Whether there is nothing to object.</summary>
    public bool Passed => Reason is null;

    /// <summary>The commit that holds the work.</summary>
    public string? Commit { get; init; }

    /// <summary>The commit that the work goes back to.</summary>
    public string? Base { get; init; }

    /// <summary>The tree that was checked.</summary>
    public string? Tree { get; init; }

    /// <summary>The check that passed, as configured.</summary>
    public string? Check { get; init; }

    /// <summary>The provider whose limit it is.</summary>
    public string? Provider { get; init; }

    /// <summary>When that ends.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Where the program failed, for the event only.</summary>
    public string? Stack { get; init; }

    /// <summary>An objection.</summary>
    public static Verdict No(string reason, string message) => new(reason, message);

    /// <summary>An objection because Village could not go on.</summary>
    public static Verdict No(string reason, Exception failure) =>
        new(reason, failure is VillageException known ? known.Advice : failure.Message) { Stack = failure.ToString() };

    /// <summary>What the end of the agent's process alone says.</summary>
    public static Verdict OfEnd(ProcessEnd end) => end switch
    {
        { ExitCode: 0 } => Fine,
        { ExitCode: not null } => No(FailureReason.AgentExit, $"the agent ended with {Words(end)}"),
        { Signal: not null } => No(FailureReason.Killed, $"the agent ended with {Words(end)}"),
        _ => No(FailureReason.Crashed, "how the agent ended is not known"),
    };

    /// <summary>The end of a process in words: <c>exit code 1</c>, <c>signal 9</c>.</summary>
    public static string Words(ProcessEnd end) => end.ExitCode is { } code ? $"exit code {code}" : $"signal {end.Signal}";

    /// <summary>The event that tells of it; who tells, and of what, is added later.</summary>
    public VillageEvent ToEvent(TimeSpan spent) => new()
    {
        Ts = default,
        Cmd = "worker",
        Reason = Reason,
        Message = Message,
        Stack = Stack,
        Commit = Commit,
        Base = Base,
        Tree = Tree,
        Check = Check,
        Provider = Provider,
        Until = Until,
        Seconds = spent.TotalSeconds,
    };
}

/// <summary>
/// Completed is a claim until proved (design, section 5): work committed on the task's branch, a difference that this
/// attempt made, the check passed on that tree and left it unchanged. Runs under the work lock.
/// </summary>
internal sealed class ProveWork(
    VillageContext village, Lease lease, WorkerJob job, string title, AgentConfig agent, VillageEvent? report, Action<string> say)
{
    private readonly string workspace = lease.Workspace!;

    /// <summary>The evidence, or the first thing that is missing.</summary>
    public async Task<Verdict> RunAsync(IReadOnlyDictionary<string, string> environment, CancellationToken ct)
    {
        if (await village.Scm.StraysAsync(workspace, lease.Branch!, ct) is { } problem)
        {
            return Verdict.No(FailureReason.Uncommitted, $"the workspace {problem}");
        }

        if (await CommitAsync(ct) is { Passed: false } refused)
        {
            return refused;
        }

        await village.Scm.AdvanceAsync(workspace, lease.Branch!, ct);
        var commit = (await village.Scm.HeadAsync(workspace, ct))!;
        var tree = await village.Scm.TreeOfAsync(workspace, commit, ct);
        var changed = tree != await village.Scm.TreeOfAsync(workspace, job.Start, ct);
        if (!changed && report is not { Signal: "done", Reason: FailureReason.NoChanges })
        {
            return Verdict.No(FailureReason.NoChanges, "the agent ended well and changed nothing; `village signal done --no-changes` says that is right");
        }

        if (await CheckAsync(environment, commit, ct) is { } failed)
        {
            return failed;
        }

        // The event will say that this commit is there: so it must be, with whatever the agent made it.
        village.Scm.Sync(workspace);
        var files = changed ? await village.Scm.CountChangedAsync(workspace, job.Start, commit, ct) : 0;
        return new(null, changed ? $"{files} file{(files is 1 ? "" : "s")} changed" : report?.Message ?? "no changes were needed")
        {
            Commit = commit,
            Base = await village.Scm.ForkPointAsync(workspace, job.Base, commit, ct),
            Tree = tree,
            Check = agent.Check.Length > 0 ? agent.Check : null,
        };
    }

    private async Task<Verdict> CommitAsync(CancellationToken ct)
    {
        var dirty = await village.Scm.DirtyPathsAsync(workspace, untracked: true, ct);
        if (dirty is [])
        {
            return Verdict.Fine;
        }

        if (!village.Config.CommitLeftovers)
        {
            return Verdict.No(FailureReason.Uncommitted, $"{dirty.Count} file{(dirty.Count is 1 ? " was" : "s were")} left uncommitted and COMMIT is off");
        }

        var subject = Printable.Line(title.ReplaceLineEndings(" ").Trim());
        var result = await village.Scm.CommitAllAsync(workspace, $"{lease.Task}: {subject}", ct);
        if (result.Trouble?.LockFile?.EndsWith("/index.lock", StringComparison.Ordinal) is true && ProcessTable.Inside(workspace, village.Host.ProcessId) is [])
        {
            // The agent's processes are gone and nobody else is in here: a git that was killed left the lock.
            await village.Scm.MendAsync(workspace, lease.Task.Value, lease.Attempt, ct);
            AttemptNote.Write(village, lease, "dead_lock", $"removed {result.Trouble.LockFile}");
            result = await village.Scm.CommitAllAsync(workspace, $"{lease.Task}: {subject}", ct);
        }

        say(result.Succeeded ? $"{lease.Task}: committed what the agent left" : $"{lease.Task}: {result.Complaint}");
        return result.Succeeded ? Verdict.Fine : Verdict.No(FailureReason.CommitFailed, result.Complaint);
    }

    private async Task<Verdict?> CheckAsync(IReadOnlyDictionary<string, string> environment, string commit, CancellationToken ct)
    {
        if (CommandWords.Split(agent.Check) is not { Count: > 0 } words)
        {
            return null;
        }

        say($"{lease.Task}: check: {agent.Check}");
        var (process, problem) = await AgentProcess.StartAsync(words, workspace, "/dev/null", output: 1, environment, ct);
        if (process is null)
        {
            return Verdict.No(FailureReason.ChecksFailed, $"the check could not be started: {problem}");
        }

        var limit = village.Config.CheckTimeout;
        var inTime = await Task.WhenAny(process.End, limit > TimeSpan.Zero ? Task.Delay(limit, ct) : Task.Delay(Timeout.Infinite, ct)) == process.End;
        await Leftovers.SweepBelowAsync(village, job.Fence.Nonce);
        if (!inTime)
        {
            return Verdict.No(FailureReason.ChecksFailed, $"the check ran longer than {Duration.Text(limit)}");
        }

        var end = await process.End;
        var changed = await village.Scm.DirtyPathsAsync(workspace, untracked: false, ct);
        return end is not { ExitCode: 0 } ? Verdict.No(FailureReason.ChecksFailed, $"the check ended with {Verdict.Words(end)}")
            : changed is not [] ? Verdict.No(FailureReason.ChecksFailed, $"the check changed what it checked: {string.Join(", ", changed.Take(5).Select(Printable.Line))}")
            : await village.Scm.HeadAsync(workspace, ct) != commit ? Verdict.No(FailureReason.ChecksFailed, "the check moved the branch")
            : null;
    }
}
