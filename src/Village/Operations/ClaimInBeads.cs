using Village.Beads;
using Village.Errors;
using Village.Hosting;
using Village.Scheduling;
using Village.Tasks;

namespace Village.Operations;

/// <summary>
/// Takes a task in Beads for a worker that has Village's lease already: look, claim, look again. With the embedded store there is
/// nothing to do.
/// </summary>
internal static class ClaimInBeads
{
    /// <summary>Null when the worker has the task now; otherwise why not, and then Beads was left or put back as it was.</summary>
    public static async Task<Skip?> RunAsync(VillageContext village, TaskId task, CancellationToken ct)
    {
        var source = village.Tasks;
        if (source.Beads is not { } beads)
        {
            return source.IsEmbedded ? null : new(task.Value, SkipReason.ClaimLost, source.Choice.Reason);
        }

        await beads.RequireWritableAsync(ct);
        var actor = source.Actors.Of(task);
        var before = await ShowAsync(village, task, ct);
        if (BeadsClaim.Objection(task.Value, before, actor) is { } objection)
        {
            return objection;
        }

        if (BeadsClaim.IsMine(before, actor))
        {
            return null;
        }

        var answer = await beads.WriteAsync(["update", "--claim", "--", task.Value], actor, ct);
        if (BeadsClaim.IsHalfDone(answer.Of(task) ?? before, actor))
        {
            await beads.WriteAsync(["update", "--status=in_progress", "--", task.Value], actor, ct);
        }

        // The claim looked at no blocker, and one may have been added since the plan was made.
        var after = await ShowAsync(village, task, ct);
        var refusal = BeadsClaim.Refusal(task.Value, after, actor, answer.Sentence);
        if (refusal is not null && BeadsClaim.IsMine(after, actor))
        {
            await PutBackAsync(village, task, ct);
        }

        return refusal;
    }

    // What is completed here may be open in Beads for a moment longer, or until the next sync; COMPLETED_COUNTS says whether that counts.
    private static async Task<BeadsIssue?> ShowAsync(VillageContext village, TaskId task, CancellationToken ct)
    {
        var ledger = village.Events.Read();
        return (await village.Tasks.Beads!.ShowAsync([task], ct)).Of(task) is { } issue
            ? issue with { OpenBlockers = [.. issue.OpenBlockers.Where(id => !village.Config.CompletedCounts || !TaskId.TryParse(id, out var other) || ledger.Of(other).State is not TaskState.Completed)] }
            : null;
    }

    /// <summary>Gives a task back that is still this worker's, and only then. What goes wrong is an event, and the next sync does it.</summary>
    public static async Task ReleaseAsync(VillageContext village, TaskId task, string cmd)
    {
        if (village.Tasks.Beads is null)
        {
            return;
        }

        try
        {
            await PutBackAsync(village, task, CancellationToken.None);
        }
        catch (Exception failure) when (failure is VillageException or IOException)
        {
            village.Events.Append(new() { Ts = default, Cmd = cmd, Task = task.Value, Result = "error", Reason = "beads", Message = (failure as VillageException)?.Advice ?? failure.Message });
        }
    }

    private static async Task PutBackAsync(VillageContext village, TaskId task, CancellationToken ct)
    {
        var (beads, actor) = (village.Tasks.Beads!, village.Tasks.Actors.Of(task));
        if (BeadsClaim.IsMine((await beads.ShowAsync([task], ct)).Of(task), actor))
        {
            await beads.WriteAsync(["update", "--status=open", "--assignee=", "--", task.Value], actor, ct);
        }
    }
}
