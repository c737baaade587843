using Village.Errors;
using Village.Events;
using Village.Hosting;
using Village.Leases;
using Village.Reports;
using Village.Tasks;
using Village.Undo;

namespace Village.Operations;

/// <summary>
/// Takes the last destructive step back. Each act but the last can be done twice, and the event that says that the step is
/// undone comes at the end; so after a kill the same command finishes it.
/// </summary>
internal static class UndoLast
{
    /// <summary>
    /// Undoes the last step of a task, or of all; an empty report when there is none. With <paramref name="skip"/> it is only passed
    /// over: what it took stays in the trash, and the step before is the last from now on.
    /// </summary>
    public static async Task<UndoReport> RunAsync(VillageContext village, TaskId? task, bool skip, CancellationToken ct)
    {
        FinishLeases(village);
        var events = village.Events.All().ToList();
        var step = Steps.Last(Steps.Of(events), task, await GroundAsync(village, ct));
        if (step is null)
        {
            return new(null, null, null, null, null, null);
        }

        if (skip)
        {
            village.Events.Append(About(step) with { Reason = "skipped", Result = "ok" });
            return new(step.Task.Value, "skipped", step.Words, step.Event.Ts, null, village.Events.Read().Of(step.Task).State.Name());
        }

        RollBack.RequireIdle(village, step.Task);
        var saved = step.Kind switch
        {
            StepKind.Lease => BringLeaseBack(village, step),
            StepKind.Branch => await BringBranchBackAsync(village, step, ct),
            _ => await BringWorkBackAsync(village, step, LastRestored(events, step.Task), ct),
        };
        if (step.Kind is not StepKind.Lease)
        {
            village.Events.Append(About(step) with { Reason = Name(step.Kind), Result = "ok" });
        }

        return new(step.Task.Value, Name(step.Kind), step.Words, step.Event.Ts, saved, village.Events.Read().Of(step.Task).State.Name());
    }

    private static string Name(StepKind kind) => kind.ToString().ToLowerInvariant();

    private static VillageEvent About(Step step) => new() { Ts = default, Cmd = "undo", Task = step.Task.Value, Undid = step.Id };

    private static async Task<UndoGround> GroundAsync(VillageContext village, CancellationToken ct)
    {
        var trash = await village.Scm.TrashAsync(village.Root, ct);
        var kept = Directory.Exists(KeptFiles.Location(village))
            ? Directory.EnumerateDirectories(KeptFiles.Location(village)).SelectMany(Directory.EnumerateDirectories).Select(path => Path.GetRelativePath(village.StateDirectory, path))
            : [];
        var workspaces = Directory.Exists(village.WorktreesDirectory)
            ? Directory.EnumerateDirectories(village.WorktreesDirectory).Where(path => !village.Scm.IsVacant(path)).Select(path => Path.GetFileName(path))
            : [];
        return new(
            trash.Select(item => item.Name).ToHashSet(StringComparer.Ordinal),
            kept.ToHashSet(StringComparer.Ordinal),
            workspaces.ToHashSet(StringComparer.Ordinal),
            await village.Scm.BranchTipsAsync(village.Root, village.Config.BranchPrefix, ct),
            village.Leases.ReadAll().Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal))
        {
            BranchPrefix = village.Config.BranchPrefix,
        };
    }

    // The event comes first, as with every change of a lease; a kill between the two is made up for here.
    private static void FinishLeases(VillageContext village)
    {
        using var guard = village.TakeGuard();
        foreach (var e in Steps.LeasesOnTheWay(village.Events.All()))
        {
            if (village.Leases.Find(TaskId.Parse(e.Task!)) is null)
            {
                village.Leases.WriteText(TaskId.Parse(e.Task!), e.Lease!);
            }
        }
    }

    private static string? BringLeaseBack(VillageContext village, Step step)
    {
        using var guard = village.TakeGuard();
        var entry = village.Events.Read().Of(step.Task);
        if (village.Leases.Find(step.Task) is not null || (step.Event.Generation ?? entry.Generation) != entry.Generation)
        {
            throw new VillageException(ErrorKind.Blocked, $"'{step.Task}' was claimed again", $"village state {step.Task}");
        }

        var (e, text) = LeaseProtocol.BringBack(step.Task, entry, step.Event.Lease!, step.Before);
        village.Events.Append(e with { Undid = step.Id });
        village.Leases.WriteText(step.Task, text);
        return null;
    }

    private static async Task<string?> BringBranchBackAsync(VillageContext village, Step step, CancellationToken ct)
    {
        using var guard = village.TakeRepositoryGuard();
        await village.Scm.CreateBranchAsync(village.Root, step.Event.Branch ?? village.BranchOf(step.Task), step.Event.Commit!, ct);
        return null;
    }

    private static async Task<string?> BringWorkBackAsync(VillageContext village, Step step, VillageEvent? lastRestored, CancellationToken ct)
    {
        var (path, branch, e) = (village.WorkspaceOf(step.Task), village.BranchOf(step.Task), step.Event);
        if (e.Trash is not null && await village.Scm.WhyNotRestoredAsync(village.Root, e.Trash, e.Branch, ct) is { } moved)
        {
            throw new VillageException(
                ErrorKind.Blocked, $"the work of '{step.Task}' does not fit any more: {moved}", village.Config.UsesJujutsu ? $"village trash show {e.Trash} --patch" : $"village exec {step.Task} -- git cherry-pick --no-commit -m 1 {e.Trash}");
        }

        if (village.Scm.IsVacant(path))
        {
            using var guard = village.TakeRepositoryGuard();
            var tip = await village.Scm.BranchTipAsync(village.Root, branch, ct);
            await village.Scm.AddWorkspaceAsync(village.Root, path, branch, branchExists: tip is not null, tip ?? e.Commit!, ct);
        }

        using var work = RollBack.TakeIdle(village, step.Task, path);
        if (await village.Scm.MendAsync(path, step.Task.Value, e.Attempt ?? 0, ct) is { } aside)
        {
            RollBack.Tell(village, step.Task, village.Events.Read().Of(step.Task).Generation, e.Attempt ?? 0, "stale_workspace", aside);
        }

        if (await village.Scm.IsEmptyAsync(path, ct))
        {
            await village.Scm.FillAsync(path, branch, ct);
        }

        await RefuseOverwritingAsync(village, path, e, ct);
        var saved = await PutAsideAsync(village, step, path, branch, lastRestored, ct);
        if (e.Trash is not null)
        {
            await village.Scm.RestoreAsync(path, e.Trash, e.Branch, ct);
        }

        if (e.Kept is not null)
        {
            KeptFiles.GiveBack(village, e.Kept, path);
        }

        return saved;
    }

    // What stands in the workspace now goes to the trash, unless an undo has put it there and the trash still has it.
    private static async Task<string?> PutAsideAsync(
        VillageContext village, Step step, string path, string branch, VillageEvent? lastRestored, CancellationToken ct)
    {
        var standing = await village.Scm.StandsOnAsync(path, ct);
        var saved = await village.Scm.SaveAsync(path, branch, step.Task.Value, village.Events.Read().Of(step.Task).Attempt, always: false, ct);
        if (saved is null)
        {
            return null;
        }

        village.Scm.Sync(path);
        var isKnown = lastRestored?.Branch == standing && lastRestored is { Trash: { } former } && await village.Scm.IsSameWorkAsync(village.Root, saved, former, ct);
        if (!isKnown)
        {
            village.Events.Append(About(step) with { Reason = "put_aside", Result = "ok", Trash = saved, Branch = standing });
        }

        await village.Scm.ResetAsync(path, branch, saved, ct);
        if (isKnown && (await village.Scm.TrashAsync(village.Root, ct)).FirstOrDefault(item => item.Name == saved) is { } twin)
        {
            await village.Scm.DropAsync(village.Root, saved, twin.Commit, ct);
        }

        return isKnown ? null : saved;
    }

    private static async Task RefuseOverwritingAsync(VillageContext village, string path, VillageEvent e, CancellationToken ct)
    {
        var ignored = await village.Scm.IgnoredPathsAsync(path, ct);
        var wanted = e.Trash is null || ignored is [] ? [] : await village.Scm.FilesOfAsync(village.Root, e.Trash, ct);
        var inTheWay = wanted.Where(file => ignored.Any(other => file == other || (other.EndsWith('/') && file.StartsWith(other, StringComparison.Ordinal) && File.Exists(Path.Combine(path, file)))))
            .Concat(e.Kept is null ? [] : KeptFiles.InTheWay(village, e.Kept, path)).ToList();
        if (inTheWay is [var first, ..])
        {
            throw new VillageException(
                ErrorKind.Blocked, $"'{Printable.Line(first)}' in the workspace of '{Path.GetFileName(path)}' would be overwritten{(inTheWay.Count > 1 ? $", and {inTheWay.Count - 1} more" : "")}",
                "move it away, then try again");
        }
    }

    // The last step of a task that was undone: what stands in the workspace may be just what it had taken.
    private static VillageEvent? LastRestored(IReadOnlyList<VillageEvent> events, TaskId task)
    {
        var undone = events.LastOrDefault(e => e is { Cmd: "undo", Undid: not null, Trash: null, Lease: null } && task.Value.Equals(e.Task, StringComparison.OrdinalIgnoreCase))?.Undid;
        return undone is null ? null : events.LastOrDefault(e => e.Trash is not null && Steps.IdOf(e) == undone);
    }
}
