using System.Diagnostics;
using System.Globalization;
using System.Text;
using Village.Adapters.Tmux;
using Village.Errors;
using Village.Hosting;
using Village.Leases;
using Village.Platform;
using Village.Scheduling;
using Village.Tasks;

namespace Village.Operations;

/// <summary>A task to be started.</summary>
/// <param name="Request">The claim it needs.</param>
/// <param name="Base">The commit a new branch comes from.</param>
/// <param name="IsMerged">Whether that commit was made for it, and must be pinned.</param>
/// <param name="HasBranch">Whether it has a branch already.</param>
/// <param name="KeepDirt">Whether uncommitted work of an earlier attempt stays in the workspace.</param>
/// <param name="Clash">Why its branch or workspace cannot be made, or null.</param>
/// <param name="Premise">The task as it is now.</param>
/// <param name="Session">The agent's conversation to go on with, or null.</param>
internal sealed record Start(
    ClaimRequest Request, string Base, bool IsMerged, bool HasBranch, bool KeepDirt, string? Clash, Premise Premise, string? Session = null);

/// <summary>
/// Starts one worker in two steps: open (claim, workspace, pane) and confirm (its supervisor has taken the claim over), so
/// that a queue opens the next while the last comes up. What fails is undone; a kill between two acts leaves a claim that
/// reads STALE.
/// </summary>
internal sealed class StartWorker : IDisposable
{
    private static readonly TimeSpan ComeUp = TimeSpan.FromSeconds(10);
    private readonly VillageContext village;
    private readonly Start start;
    private readonly Claim claim;
    private NativeFile? environment;
    private bool isClaimedInBeads;

    private StartWorker(VillageContext village, Start start, Claim claim) => (this.village, this.start, this.claim) = (village, start, claim);

    /// <summary>The claim's lease.</summary>
    public Lease Lease => claim.Lease;

    /// <summary>The pane; empty until it is open.</summary>
    public string Pane { get; private set; } = "";

    /// <summary>Claims the task, prepares its workspace and opens its pane; or says why not, with everything undone.</summary>
    public static async Task<(StartWorker? Worker, Skip? Refusal)> OpenAsync(
        VillageContext village, Start start, Session session)
    {
        var (claim, refusal) = Claims.TryClaim(village, start.Request, session);
        if (claim is null)
        {
            return (null, refusal);
        }

        var worker = new StartWorker(village, start, claim);
        try
        {
            // Not cut short by Ctrl-C: a half-made workspace would be the price.
            refusal = await worker.OpenAsync(CancellationToken.None);
            if (refusal is null)
            {
                return (worker, null);
            }

            await worker.GiveUpAsync(refusal);
        }
        catch (Exception failure) when (failure is VillageException or IOException)
        {
            await worker.UndoAsync(failure);
            worker.Dispose();
            throw;
        }

        worker.Dispose();
        return (null, refusal);
    }

    /// <summary>Waits until the supervisor has taken the claim over; at most 10 s, then the start is given up and the reason returned.</summary>
    public async Task<Skip?> ConfirmAsync()
    {
        if (await ComesUpAsync())
        {
            return null;
        }

        await village.Tmux.KillPaneAsync(Pane, CancellationToken.None);
        var lost = new Skip(Lease.Task.Value, SkipReason.WorkerLost, $"its worker did not come up within {ComeUp.TotalSeconds:0} s");
        await GiveUpAsync(lost);
        return lost;
    }

    /// <summary>Lets go of the claimant's hold.</summary>
    public void Dispose()
    {
        environment?.Dispose();
        claim.Dispose();
    }

    private async Task<Skip?> OpenAsync(CancellationToken ct)
    {
        // After Village's own lease, and before anything is made.
        if (await ClaimInBeads.RunAsync(village, Lease.Task, ct) is { } lost)
        {
            return lost;
        }

        isClaimedInBeads = village.Tasks.Beads is not null;
        if (start.Clash is not null)
        {
            return new(Lease.Task.Value, SkipReason.Workspace, start.Clash);
        }

        if (start.IsMerged)
        {
            await village.Scm.PinAsync(village.Root, $"refs/village/base/{Lease.Task}", start.Base, ct);
        }

        var (ground, occupied) = await Workspaces.PrepareAsync(village, claim, start.Request.Cmd, start.Base, start.HasBranch, start.KeepDirt, ct);
        if (ground is null)
        {
            return occupied;
        }

        environment = HandOver();
        Pane = await village.Tmux.OpenWindowAsync(
            Lease.Window,
            Lease.Workspace!,
            new Dictionary<string, string> { ["VILLAGE_DIR"] = village.StateDirectory },
            [
                village.Host.Executable, "worker", Lease.Task.Value,
                "--lease", Lease.Nonce!,
                "--generation", Lease.Generation.ToString(CultureInfo.InvariantCulture),
                "--base", ground.Base,
                "--start", ground.Start,
                "--premise", start.Premise.Format(),
                .. start.Session is { } session ? ["--session", session] : Array.Empty<string>(),
                "--environment", string.Create(CultureInfo.InvariantCulture, $"/proc/{village.Host.ProcessId}/fd/{environment.Descriptor}"),
            ],
            ct);
        return null;
    }

    private async Task UndoAsync(Exception failure)
    {
        if (Pane.Length > 0)
        {
            await village.Tmux.KillPaneAsync(Pane, CancellationToken.None);
        }

        await ReleaseAsync();
        Claims.GiveUp(village, claim, start.Request.Cmd, "start_failed", (failure as VillageException)?.Advice ?? failure.Message, failure.ToString());
    }

    private async Task GiveUpAsync(Skip why)
    {
        await ReleaseAsync();
        Claims.GiveUp(village, claim, start.Request.Cmd, why.Reason.Name(), why.Message, stack: null);
    }

    // Beads first, while Village's lease still keeps others away.
    private Task ReleaseAsync() => isClaimedInBeads ? ClaimInBeads.ReleaseAsync(village, Lease.Task, start.Request.Cmd) : Task.CompletedTask;

    // Panes get the tmux server's environment, which may be weeks old. The caller's goes through memory: it may hold
    // secrets, so it is neither an argument nor a file.
    private NativeFile HandOver()
    {
        var file = NativeFile.InMemory("village-environment");
        file.Write(Encoding.UTF8.GetBytes(string.Concat(village.Host.Environment.Select(pair => $"{pair.Key}={pair.Value}\0"))));
        return file;
    }

    // The supervisor's first act changes the lease under the guard; a quick agent may even have ended by the time we look.
    // Ctrl-C does not cut this short: a worker that is coming up is either confirmed or given up.
    private async Task<bool> ComesUpAsync()
    {
        var watch = Stopwatch.StartNew();
        for (var pause = 1; watch.Elapsed < ComeUp; pause = Math.Min(pause * 2, 50))
        {
            if (village.Leases.Read(Lease.Task) is not { } lease || !Lease.Fence.Matches(lease) || lease.State is not TaskState.Claimed)
            {
                return true;
            }

            await Task.Delay(pause, CancellationToken.None);
        }

        return false;
    }
}
