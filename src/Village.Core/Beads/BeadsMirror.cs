using System.Globalization;
using Village.Events;
using Village.Tasks;

namespace Village.Beads;

/// <summary>What a sync does with one task.</summary>
public enum MirrorAction
{
    /// <summary>Beads has it so already.</summary>
    None,

    /// <summary>Fields are written.</summary>
    Update,

    /// <summary>It is closed.</summary>
    Close,

    /// <summary>Only a comment is added.</summary>
    Comment,

    /// <summary>It is somebody else's in Beads, and is not touched.</summary>
    Foreign,

    /// <summary>Beads has gone on by itself, or refused; it is not overruled.</summary>
    Refused,

    /// <summary>A call of bd failed.</summary>
    Error,
}

/// <summary>What one task needs for Beads to say what Village knows.</summary>
/// <param name="Task">The task.</param>
/// <param name="State">Its state in Village.</param>
/// <param name="Before">Its status in Beads; empty when it is not there.</param>
/// <param name="After">Its status afterwards.</param>
/// <param name="Action">What is done.</param>
/// <param name="Message">Why nothing is, or what should be known; empty otherwise.</param>
/// <param name="Calls">The calls of bd, in order; <c>close</c> is the last.</param>
public sealed record MirrorStep(
    TaskId Task, TaskState State, string Before, string After, MirrorAction Action, string Message, IReadOnlyList<IReadOnlyList<string>> Calls);

/// <summary>
/// Village's states told to Beads. The truth is Village's log; Beads gets a small copy of it that may be lost at any time:
/// <code>
/// claimed, in_progress   in_progress, assignee, village_state
/// paused                 in_progress (so that nobody takes it), label village:paused
/// completed              closed, with the commit
/// failed, to be retried  open, nobody's, a comment
/// failed                 blocked (so that what waits for it waits on), nobody's, label village:failed, a comment
/// queued again           open, nobody's
/// </code>
/// A closed task is never opened, a stranger's never touched, and nothing is forced.
/// </summary>
/// <param name="actors">Who the workers of this village are in Beads.</param>
/// <param name="retries">How often a failed task starts again by itself.</param>
/// <param name="hasKeys">Whether this bd can set single keys of the metadata.</param>
public sealed class BeadsMirror(BeadsActors actors, int retries, bool hasKeys)
{
    private const string Paused = "village:paused";
    private const string Failed = "village:failed";
    private const int LongestError = 200;

    /// <summary>What a task needs; null when Village never had it.</summary>
    /// <param name="entry">What the log knows of it.</param>
    /// <param name="task">Its id.</param>
    /// <param name="issue">The task in Beads, or null.</param>
    public MirrorStep? For(TaskEntry entry, TaskId task, TaskSpec? issue)
    {
        if (entry.Generation is 0)
        {
            return null;
        }

        MirrorStep Say(MirrorAction action, string message) => new(task, entry.State, issue?.Status ?? "", issue?.Status ?? "", action, message, []);
        return issue is null ? Say(entry.State is TaskState.Queued ? MirrorAction.None : MirrorAction.Refused, "it is not in Beads any more")
            : issue.IsClosed && entry.State is TaskState.Completed ? Say(MirrorAction.None, "")
            : issue.IsClosed ? Say(entry.State is TaskState.Queued ? MirrorAction.None : MirrorAction.Refused, "it was closed in Beads meanwhile")
            : IsOurs(issue) && IsReopened(entry, issue) ? Say(MirrorAction.Refused, $"it was opened in Beads meanwhile; `village retry {task}` starts it again")
            : IsOurs(issue) ? Written(entry, task, issue)
            : entry.State is TaskState.Queued ? Say(MirrorAction.None, "")
            : Say(MirrorAction.Foreign, issue.Assignee is "" ? "nobody has it in Beads" : $"'{Printable.Line(issue.Assignee)}' has it in Beads");
    }

    // Told before that it has failed, and open again: somebody's word that it is to be tried once more.
    private bool IsReopened(TaskEntry entry, TaskSpec issue) =>
        IsFinal(entry) && issue is { Status: "open", Assignee: "" } && TaskMetadata.Value(issue, "village_state") is "FAILED";

    private bool IsFinal(TaskEntry entry) => entry.State is TaskState.Failed && entry.FailuresInARow > retries;

    // Whoever has it now counts; who had it is asked only when nobody has.
    private bool IsOurs(TaskSpec issue) =>
        actors.AreOurs(issue.Assignee is "" ? TaskMetadata.Value(issue, "village_run") ?? "" : issue.Assignee);

    // A task that is let go is opened only when it was a worker that had it, or its failure: who has put it off, or marked it as
    // blocked, has done so on purpose.
    private static bool IsFromUs(TaskSpec issue) => issue.Status is "in_progress"
        || (issue.Status is "blocked" && (issue.Labels.Contains(Failed) || TaskMetadata.Value(issue, "village_state") is "FAILED"));

    private MirrorStep Written(TaskEntry entry, TaskId task, TaskSpec issue)
    {
        var last = entry.LastChange;
        var isFinal = IsFinal(entry);
        var isActive = entry.State is TaskState.Claimed or TaskState.InProgress or TaskState.Paused;
        var status = isActive ? "in_progress" : isFinal ? "blocked" : entry.State is TaskState.Completed || !IsFromUs(issue) ? issue.Status : "open";
        var assignee = isActive ? actors.Of(task) : entry.State is TaskState.Completed ? issue.Assignee : "";
        var wanted = new Dictionary<string, string?>
        {
            ["village_run"] = actors.Of(task),
            ["village_state"] = isActive || isFinal || entry.State is TaskState.Completed ? entry.State.Name().ToUpperInvariant() : null,
            ["village_attempts"] = entry.Attempt is 0 ? null : entry.Attempt.ToString(CultureInfo.InvariantCulture),
            ["village_commit"] = entry.State is TaskState.Completed ? last?.Commit : null,
            ["village_error"] = isFinal ? Cut(last?.Message ?? last?.Reason) : null,
        };
        List<string> words = ["update"];
        if (issue.Status != status)
        {
            words.Add($"--status={status}");
        }

        if (issue.Assignee != assignee)
        {
            words.Add($"--assignee={assignee}");
        }

        Label(words, issue, Paused, entry.State is TaskState.Paused);
        Label(words, issue, Failed, isFinal);
        words.AddRange(Metadata(issue, wanted));
        List<IReadOnlyList<string>> calls = words.Count > 1 ? [[.. words, "--", task.Value]] : [];
        var action = calls is [] ? MirrorAction.None : MirrorAction.Update;
        if (entry.State is TaskState.Failed && Comment(entry, task) is var comment && !TaskComments.Of(issue).Any(known => known.Text.Contains(Marker(entry, task), StringComparison.Ordinal)))
        {
            calls.Add(["comments", "add", "--", task.Value, comment]);
            action = action is MirrorAction.None ? MirrorAction.Comment : action;
        }

        if (entry.State is TaskState.Completed)
        {
            calls.Add(["close", $"--reason=Village: completed{(last?.Commit is { Length: > 0 } commit ? $" (commit {commit[..Math.Min(commit.Length, 12)]})" : "")}", "--", task.Value]);
            (action, status) = (MirrorAction.Close, "closed");
        }

        return new(task, entry.State, issue.Status, status, action, "", calls);
    }

    private static void Label(List<string> words, TaskSpec issue, string label, bool isWanted)
    {
        if (issue.Labels.Contains(label) != isWanted)
        {
            words.Add(isWanted ? $"--add-label={label}" : $"--remove-label={label}");
        }
    }

    private IEnumerable<string> Metadata(TaskSpec issue, Dictionary<string, string?> wanted)
    {
        var different = wanted.Where(pair => TaskMetadata.Value(issue, pair.Key) != pair.Value).ToList();
        if (different is [])
        {
            return [];
        }

        // Up to 0.56 the whole is replaced: what others have put there goes along.
        return hasKeys
            ? different.Select(pair => pair.Value is { } value ? $"--set-metadata={pair.Key}={value}" : $"--unset-metadata={pair.Key}")
            : [$"--metadata={different.Aggregate(issue, (task, pair) => pair.Value is { } value ? TaskMetadata.Set(task, pair.Key, value) : TaskMetadata.Unset(task, pair.Key)).Field("metadata") ?? "{}"}"];
    }

    private static string Comment(TaskEntry entry, TaskId task) =>
        $"Village: attempt {entry.Attempt.ToString(CultureInfo.InvariantCulture)} failed ({entry.LastChange?.Reason}): {entry.LastChange?.Message}\n\n{Marker(entry, task)}";

    // So that a failure is told once, however often it is synced.
    private static string Marker(TaskEntry entry, TaskId task) =>
        string.Create(CultureInfo.InvariantCulture, $"village-run: {task}/{entry.Generation}/{entry.Attempt}");

    // Never in the middle of a character: bd would write another for its half, and no sync would find what it wrote.
    private static string? Cut(string? text) => text is null ? null
        : Printable.Line(text) is var line && line.Length <= LongestError ? line
        : line[..(char.IsHighSurrogate(line[LongestError - 1]) ? LongestError - 1 : LongestError)];
}
