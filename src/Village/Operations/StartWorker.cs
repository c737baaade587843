using System.Diagnostics;
using System.Globalization;
using System.Text;
using Village.Adapters.Tmux;
using Village.Hosting;
using Village.Leases;
using Village.Platform;
using Village.Scheduling;
using Village.Tasks;

namespace Village.Operations;

/// <summary>A task to be started.</summary>
/// <param name="Request">The claim it needs.</param>
/// <param name="Head">The head of the base branch.</param>
/// <param name="DependencyTips">The branches of what it depends on.</param>
/// <param name="KeepDirt">Whether uncommitted work of an earlier attempt stays in the workspace.</param>
internal sealed record Start(ClaimRequest Request, string Head, IReadOnlyList<string> DependencyTips, bool KeepDirt);

/// <summary>A worker that came up.</summary>
/// <param name="Lease">Its lease.</param>
/// <param name="Pane">Its pane.</param>
internal sealed record Started(Lease Lease, string Pane);

/// <summary>
/// Starts one worker: claim, workspace, pane, confirmation. Every step is undone if a later one fails, and a kill between
/// two of them leaves a claim that reads STALE.
/// </summary>
internal static class StartWorker
{
    private static readonly TimeSpan ComeUp = TimeSpan.FromSeconds(10);

    /// <summary>The worker, or why there is none.</summary>
    public static async Task<(Started? Started, Skip? Refusal)> RunAsync(
        VillageContext village, Start start, Session session, CancellationToken ct)
    {
        var task = start.Request.Task;
        var (granted, refusal) = Claims.TryClaim(village, start.Request, session);
        if (granted is null)
        {
            return (null, refusal);
        }

        using var claim = granted;
        string? pane = null;
        try
        {
            var (from, problem) = await Workspaces.BaseAsync(village, start.Head, start.DependencyTips, task, scratch: null, ct);
            if (from is null)
            {
                return (null, GiveUp(village, claim, start, new(task.Value, SkipReason.DependencyMerge, problem!)));
            }

            if (start.DependencyTips is not [])
            {
                await village.Scm.PinAsync(village.Root, $"refs/village/base/{task}", from, ct);
            }

            var (ground, occupied) = await Workspaces.PrepareAsync(village, claim, from, start.KeepDirt, ct);
            if (ground is null)
            {
                return (null, GiveUp(village, claim, start, occupied!));
            }

            using var environment = HandOver(village);
            pane = await OpenPaneAsync(village, claim.Lease, ground, environment, ct);
            return await ComesUpAsync(village, claim, ct)
                ? (new(claim.Lease, pane), null)
                : (null, await LostAsync(village, claim, start, pane, ct));
        }
        catch (Exception failure) when (failure is not OperationCanceledException || pane is null)
        {
            if (pane is not null)
            {
                await village.Tmux.KillPaneAsync(pane, CancellationToken.None);
            }

            Claims.GiveUp(village, claim, start.Request.Cmd, "start_failed", failure.Message);
            throw;
        }
    }

    private static Skip GiveUp(VillageContext village, Claim claim, Start start, Skip why)
    {
        Claims.GiveUp(village, claim, start.Request.Cmd, why.Reason.Name(), why.Message);
        return why;
    }

    private static async Task<Skip> LostAsync(VillageContext village, Claim claim, Start start, string pane, CancellationToken ct)
    {
        await village.Tmux.KillPaneAsync(pane, ct);
        return GiveUp(village, claim, start, new(
            claim.Lease.Task.Value, SkipReason.WorkerLost, $"its worker did not come up within {ComeUp.TotalSeconds:0} s"));
    }

    private static Task<string> OpenPaneAsync(
        VillageContext village, Lease lease, Ground ground, NativeFile environment, CancellationToken ct) =>
        village.Tmux.OpenWindowAsync(
            lease.Window,
            lease.Workspace!,
            new Dictionary<string, string> { ["VILLAGE_DIR"] = village.StateDirectory },
            [
                village.Host.Executable, "worker", lease.Task.Value,
                "--lease", lease.Nonce!,
                "--generation", lease.Generation.ToString(CultureInfo.InvariantCulture),
                "--base", ground.Base,
                "--start", ground.Start,
                "--environment", string.Create(CultureInfo.InvariantCulture, $"/proc/{village.Host.ProcessId}/fd/{environment.Descriptor}"),
            ],
            ct);

    // Panes get the tmux server's environment, which may be weeks old. The caller's goes through memory: it may hold
    // secrets, so it is neither an argument nor a file.
    private static NativeFile HandOver(VillageContext village)
    {
        var file = NativeFile.InMemory("village-environment");
        file.Write(Encoding.UTF8.GetBytes(string.Concat(village.Host.Environment.Select(pair => $"{pair.Key}={pair.Value}\0"))));
        return file;
    }

    // The supervisor's first act changes the lease under the guard; a quick agent may even have ended by the time we look.
    private static async Task<bool> ComesUpAsync(VillageContext village, Claim claim, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        for (var pause = 1; watch.Elapsed < ComeUp; pause = Math.Min(pause * 2, 50))
        {
            if (village.Leases.Read(claim.Lease.Task) is not { } lease || !claim.Lease.Fence.Matches(lease) || lease.State is not TaskState.Claimed)
            {
                return true;
            }

            await Task.Delay(pause, ct);
        }

        return false;
    }
}
