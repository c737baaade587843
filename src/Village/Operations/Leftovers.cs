using Village.Adapters.Machine;
using Village.Hosting;
using Village.Tasks;

namespace Village.Operations;

/// <summary>Ends processes of a worker that is gone or was taken its lease, and says so in the log.</summary>
internal static class Leftovers
{
    /// <summary>Ends every process below this supervisor, and every other that carries its lease's nonce.</summary>
    public static async Task SweepBelowAsync(VillageContext village, string nonce)
    {
        var self = village.Host.ProcessId;
        await ProcessTable.SweepAsync(
            () => [.. ProcessTable.Descendants(self).Union(ProcessTable.Carrying(nonce, self))],
            () => ProcessTable.ReapStrays(self, except: null),
            CancellationToken.None);
    }

    /// <summary>Ends what <paramref name="find"/> names; returns what was ended, and what could not be.</summary>
    public static async Task<(IReadOnlyList<int> Ended, IReadOnlyList<int> Left)> EndAsync(
        VillageContext village, TaskId task, string cmd, Func<IReadOnlyList<int>> find, CancellationToken ct)
    {
        var found = find();
        if (found is [])
        {
            return ([], []);
        }

        var left = await ProcessTable.SweepAsync(find, () => { }, ct);
        var ended = found.Except(left).ToList();
        village.Events.Append(new()
        {
            Ts = default,
            Cmd = cmd,
            Task = task.Value,
            Result = left is [] ? "ok" : "error",
            Reason = "processes_ended",
            Message = ended is [] ? null : $"ended {string.Join(", ", ended)}",
            Error = left is [] ? null : $"these do not end: {string.Join(", ", left)}",
        });
        return (ended, left);
    }
}
