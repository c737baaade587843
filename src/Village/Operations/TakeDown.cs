using System.Diagnostics;
using Village.Adapters.Machine;
using Village.Errors;
using Village.Hosting;
using Village.Leases;
using Village.Platform;
using Village.Reports;

namespace Village.Operations;

/// <summary>Ends the session. Live workers are parked first, and only by force.</summary>
internal static class TakeDown
{
    private static readonly TimeSpan ParkingTime = TimeSpan.FromSeconds(15);

    /// <summary>Ends it; an absent session is as good as an ended one.</summary>
    public static async Task<DownReport> RunAsync(VillageContext village, bool force, CancellationToken ct)
    {
        var (seen, session) = await village.ObserveAsync(ct);
        var live = seen.Leases.Where(lease => lease.Status is LeaseStatus.Active).Select(lease => lease.Lease!).ToList();
        if (live is not [] && !force)
        {
            throw new VillageException(
                ErrorKind.Blocked,
                $"{live.Count} worker{(live.Count is 1 ? " is" : "s are")} active: {string.Join(", ", live.Select(lease => lease.Task))}",
                "wait for them, or park them: village down --force");
        }

        foreach (var id in live.Select(lease => ProcessTable.Living(lease.Worker)).OfType<int>())
        {
            _ = Libc.Kill(id, Libc.SigTerm);
            _ = Libc.Kill(id, Libc.SigCont);
        }

        for (var watch = Stopwatch.StartNew(); live.Any(lease => village.StatusOf(lease, session).IsHeld()) && watch.Elapsed < ParkingTime;)
        {
            await Task.Delay(20, ct);
        }

        var stuck = live.Where(lease => village.Leases.Read(lease.Task) is { } now && lease.Fence.Matches(now) && village.StatusOf(now, session).IsHeld()).ToList();
        if (stuck is not [])
        {
            throw new VillageException(
                ErrorKind.Transient, $"{string.Join(", ", stuck.Select(lease => lease.Task))} did not stop within {ParkingTime.TotalSeconds:0} s",
                string.Join(" && ", stuck.Select(lease => $"village unlock {lease.Task} --force")));
        }

        if (session is not null)
        {
            BringUp.RequireOwnSession(village, session);
        }

        var stopped = session is not null && await village.Tmux.KillSessionAsync(ct);
        if (stopped || live is not [])
        {
            var parked = live is [] ? null : $"parked {string.Join(", ", live.Select(lease => lease.Task))}";
            village.Events.Append(new() { Ts = default, Cmd = "down", Result = "ok", Message = parked });
        }

        return new(village.Tmux.Name, stopped, [.. live.Select(lease => lease.Task.Value)]);
    }
}
