using System.Text.Json;
using Village.Tasks;

namespace Village.Beads;

/// <summary>Says whether two stores have one task alike, as far as Beads can keep it.</summary>
public static class BeadsComparison
{
    // What Beads makes anew, or counts itself.
    private static readonly string[] Made = ["comments", "metadata", "owner", "content_hash", "started_at", "source_repo", "compaction_level", "original_size"];

    /// <summary>
    /// The names of the fields that differ, empty when none does. Beads of the Dolt era keeps whole seconds, gives comments new ids,
    /// drops edges to what is not there, and forgets who made an edge.
    /// </summary>
    /// <param name="mine">The task as it was.</param>
    /// <param name="theirs">The task as it has arrived, or null.</param>
    /// <param name="isThere">Whether a task of that id exists where it has arrived.</param>
    public static IReadOnlyList<string> Differences(TaskSpec mine, TaskSpec? theirs, Func<string, bool> isThere)
    {
        if (theirs is null)
        {
            return ["all of it"];
        }

        List<string> differences = [];
        void Check(string name, bool isAlike)
        {
            if (!isAlike)
            {
                differences.Add(name);
            }
        }

        Check("title", mine.Title == theirs.Title);
        Check("description", mine.Description == theirs.Description);
        Check("acceptance", mine.Acceptance == theirs.Acceptance);
        Check("design", mine.Design == theirs.Design);
        Check("notes", mine.Notes == theirs.Notes);
        Check("status", mine.Status == theirs.Status);
        Check("priority", mine.Priority == theirs.Priority);
        Check("type", mine.Type == theirs.Type);
        Check("assignee", mine.Assignee == theirs.Assignee);
        Check("labels", mine.Labels.SequenceEqual(theirs.Labels));
        Check("dependencies", Edges(mine, isThere).SetEquals(Edges(theirs, isThere)));
        Check("comments", Comments(mine).SetEquals(Comments(theirs)));
        Check("metadata", SameJson(mine.Field("metadata"), theirs.Field("metadata")));
        Check("created_at", Same(mine.CreatedAt, theirs.CreatedAt));
        Check("closed_at", Same(mine.ClosedAt, theirs.ClosedAt));
        Check("due_at", Same(mine.DueAt, theirs.DueAt));
        Check("defer_until", Same(mine.DeferUntil, theirs.DeferUntil));
        Check("close_reason", mine.CloseReason == theirs.CloseReason);
        differences.AddRange(
            from field in mine.Other
            where TaskFields.IsKnown(field.Key) && !Made.Contains(field.Key) && !SameJson(field.Value, theirs.Field(field.Key))
            select field.Key);
        return differences;
    }

    /// <summary>Edges that Beads would drop, and fields that it does not know: what a person should hear of before.</summary>
    public static IReadOnlyList<string> Losses(TaskSpec task, Func<string, bool> isThere) =>
    [
        .. task.Dependencies.Where(edge => !isThere(edge.DependsOn)).Select(edge => $"{task.Id} depends on {Printable.Line(edge.DependsOn)}, which is not there; Beads may drop that"),
        .. task.Dependencies.Where(edge => edge.WaitsForAny).Select(edge => $"{task.Id} waits for one child of {Printable.Line(edge.DependsOn)}; Beads may make that all of them"),
        .. task.Other.Where(field => !TaskFields.IsKnown(field.Key)).Select(field => $"{task.Id} has a field '{Printable.Line(field.Key)}', which Beads does not know"),
    ];

    private static HashSet<(string, string)> Edges(TaskSpec task, Func<string, bool> isThere) =>
        [.. task.Dependencies.Where(edge => isThere(edge.DependsOn)).Select(edge => (edge.DependsOn.ToUpperInvariant(), edge.Type))];

    private static HashSet<(string, string)> Comments(TaskSpec task) =>
        [.. TaskComments.Of(task).Select(comment => (comment.Author, comment.Text))];

    private static bool Same(string a, string b) => Seconds(a) == Seconds(b);

    private static long? Seconds(string text) => TaskTime.Parse(text)?.UtcTicks / TimeSpan.TicksPerSecond;

    private static bool SameJson(string? a, string? b)
    {
        if (a == b)
        {
            return true;
        }

        try
        {
            // Not JsonNode, which throws at a key that is there twice.
            using var mine = JsonDocument.Parse(a ?? "{}", new() { MaxDepth = 1000 });
            using var theirs = JsonDocument.Parse(b ?? "{}", new() { MaxDepth = 1000 });
            return JsonElement.DeepEquals(mine.RootElement, theirs.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
