using System.Diagnostics;
using Village.Diagnosis;
using Village.Errors;
using Village.Hosting;
using Village.Storage;

namespace Village.Operations;

/// <summary>
/// The whole look of <c>doctor</c>. What looks wrong is looked at a second time before it is told: under the guards, so that
/// nobody is between two writes, and what may just be ending for a few seconds more.
/// </summary>
internal sealed class Examine(BrokenVillage found, Action<string> progress)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly VillageContext village = found.Village;

    /// <summary>Every finding. Writes nothing.</summary>
    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken ct)
    {
        progress("looking at tools");
        var tmux = await village.Tmux.VersionAsync(ct);
        var ground = await ExamineGround.LookAsync(found, tmux, ct);
        var (work, state) = (new ExamineWork(found, hasTmux: tmux is not null), new ExamineState(village, progress));

        // Processes before leases, and leases before the log would be the wrong way round: whatever is seen has left its word in
        // what is read after it, unless it is over meanwhile.
        progress("looking at processes and workspaces");
        var (seen, session) = await work.LookAtProcessesAsync(new(), ct);
        seen = await work.LookAtWorkspacesAsync(seen, underGuard: false, ct);
        var facts = Judge(seen, state.Look(session, underGuard: false), ground);
        if (facts.Findings.Any(IsDoubtful) || (found.GitWorks && seen.Workspaces is null) || IsGuardHeld())
        {
            seen = await work.LookAtWorkspacesAsync(seen, underGuard: true, ct);
            facts = await LookAgainAsync(work, state, seen, ground, ct);
        }

        seen = await work.LookAtCommitsAsync(facts.Work, facts.State, ct);
        return DiagnosisRules.Apply(new(facts.State, seen, ExamineGround.LookAtPrograms(ground, village, facts.State)));
    }

    private static async Task<Judged> LookAgainAsync(ExamineWork work, ExamineState state, WorkFacts seen, GroundFacts ground, CancellationToken ct)
    {
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(Pause, ct))
        {
            (seen, var session) = await work.LookAtProcessesAsync(seen, ct);
            var judged = Judge(seen, state.Look(session, underGuard: true), ground);
            if (watch.Elapsed > Patience || !judged.Findings.Any(finding => finding.IsFleeting))
            {
                return judged;
            }

            if (judged.Findings.Any(finding => finding.Kind is FindingKind.StaleIndexLock))
            {
                seen = await work.LookAtWorkspacesAsync(seen, underGuard: false, ct);
            }
        }
    }

    // A guard that is never let go stops every writing command, and is the only difference then.
    private bool IsGuardHeld()
    {
        try
        {
            Guard.TakeExisting(village.Leases.GuardPath, TimeSpan.Zero)?.Dispose();
            return false;
        }
        catch (Exception busy) when (busy is VillageException or IOException)
        {
            return true;
        }
    }

    // Tools and configuration do not change between two looks.
    private static bool IsDoubtful(Finding finding) => finding.Kind < FindingKind.UnreadableConfig;

    private static Judged Judge(WorkFacts work, StateFacts state, GroundFacts ground) =>
        new(work, state, DiagnosisRules.Apply(new(state, work, ground)));

    private sealed record Judged(WorkFacts Work, StateFacts State, IReadOnlyList<Finding> Findings);
}
