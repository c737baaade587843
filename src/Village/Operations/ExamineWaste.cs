using System.Diagnostics;
using Village.Adapters.Machine;
using Village.Adapters.Tmux;
using Village.Cleanup;
using Village.Diagnosis;
using Village.Hosting;
using Village.Tasks;

namespace Village.Operations;

/// <summary>Looks for what <c>cleanup</c> removes besides leases and workspaces. Writes nothing.</summary>
internal static class ExamineWaste
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>What is there. What may just be ending by itself is looked at again.</summary>
    public static async Task<Waste> LookAsync(VillageContext village, bool branches, CancellationToken ct)
    {
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(50, ct))
        {
            var waste = await LookAtWorkersAsync(village, ct);
            if (!waste.IsFleeting || watch.Elapsed > Patience)
            {
                return branches ? await LookAtBranchesAsync(village, waste, ct) : waste;
            }
        }
    }

    /// <summary>Processes and panes of claims that nobody has any more. A claim is there before they are, so it is looked for after them.</summary>
    public static async Task<Waste> LookAtWorkersAsync(VillageContext village, CancellationToken ct)
    {
        var processes = ProcessTable.Marked(village.StateDirectory, village.Host.ProcessId).Select(process => new MarkedProcess(process.Id, process.Nonce, process.Task)).ToList();
        var session = await village.Tmux.FindAsync(ct);
        var panes = session is not null && BringUp.ForeignSession(village, session) is null ? session.Panes.Where(pane => pane.Lease.Length > 0).ToList() : [];
        var programs = panes is [] ? [] : await village.Tmux.ProcessesAsync(village.Root, ct);
        var held = ExamineState.Leases(village, session).Where(found => found.MayLive).Select(found => found.Lease?.Nonce).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return new()
        {
            Processes = [.. processes.Where(process => !held.Contains(process.Nonce))],
            Panes = [.. panes.Where(pane => !held.Contains(pane.Lease)).Select(pane => new DeadPane(pane.Id, StrangerIn(pane, programs)))],
        };
    }

    // A pane may be used again by a person: then it is theirs.
    private static int? StrangerIn(Pane pane, IReadOnlyList<(string Pane, int Process)> programs)
    {
        var process = programs.Where(program => program.Pane == pane.Id).Select(program => program.Process).FirstOrDefault();
        return process is 0 || ProcessTable.Identity(process) is null || ProcessTable.NonceOfWorker(process) == pane.Lease ? null : process;
    }

    private static async Task<Waste> LookAtBranchesAsync(VillageContext village, Waste known, CancellationToken ct)
    {
        var prefix = village.Config.BranchPrefix;
        var bases = await Bases.ReadAsync(village, ct);
        var contained = await village.Scm.ContainedBranchesAsync(village.Root, prefix, bases.Head, ct);
        var checkouts = await village.Scm.ListCheckoutsAsync(village.Root, ct);
        return known with
        {
            Base = village.Config.BaseBranch ?? "HEAD",
            Branches =
            [
                .. from tip in bases.Tips
                   where tip.Key.StartsWith(prefix, StringComparison.Ordinal)
                   let task = tip.Key[prefix.Length..]
                   let own = TaskId.TryParse(task, out var id) ? village.WorkspaceOf(id) : null
                   orderby tip.Key
                   select new TaskBranch(
                       tip.Key, task, tip.Value, contained.Contains(tip.Key),
                       checkouts.FirstOrDefault(checkout => checkout.Branch == tip.Key && checkout.Path != own)?.Path),
            ],
        };
    }
}
