using System.Text.Json;

namespace Village.Tasks;

/// <summary>A remark on a task.</summary>
/// <param name="Id">Its id: a number up to Beads 0.60, a UUID since.</param>
/// <param name="Author">Who made it.</param>
/// <param name="Text">The remark.</param>
/// <param name="CreatedAt">When it was made, as it was written.</param>
public sealed record TaskComment(string Id, string Author, string Text, string CreatedAt);

/// <summary>
/// The remarks in a task's field <c>comments</c>, whose text is kept as it is:
/// <code>
/// [{"id":"01a202ec-b3ff-7d03-b0c5-951fd39e3d3e","issue_id":"bd-a3f8","author":"Ann","text":"Seen","created_at":"2026-11-22T11:03:16Z"}]
/// </code>
/// </summary>
public static class TaskComments
{
    private const string Field = "comments";

    /// <summary>The remarks of a task, oldest first.</summary>
    public static IReadOnlyList<TaskComment> Of(TaskSpec task) => [.. Read(task.Field(Field)).Select(entry => entry.Comment)];

    /// <summary>The task with one remark more.</summary>
    public static TaskSpec Add(TaskSpec task, TaskComment comment)
    {
        var json = $"{{\"id\":{TaskLine.Quote(comment.Id)},\"issue_id\":{TaskLine.Quote(task.Id.Value)},\"author\":{TaskLine.Quote(comment.Author)},"
            + $"\"text\":{TaskLine.Quote(comment.Text)},\"created_at\":{TaskLine.Quote(comment.CreatedAt)}}}";
        return task.WithField(Field, Joined([.. Read(task.Field(Field)), new(json, comment)]));
    }

    /// <summary>The task with the remarks of another copy that it does not have; ids may differ, for Beads gives new ones.</summary>
    public static TaskSpec Union(TaskSpec task, TaskSpec other)
    {
        if (other.Field(Field) is not { } theirs || theirs == task.Field(Field))
        {
            return task;
        }

        if (task.Field(Field) is null)
        {
            return task.WithField(Field, theirs);
        }

        var mine = Read(task.Field(Field));
        var known = mine.Select(entry => Key(entry.Comment)).ToHashSet();
        List<Entry> more = [.. Read(theirs).Where(entry => known.Add(Key(entry.Comment)))];
        return more is [] ? task : task.WithField(Field, Joined([.. mine, .. more]));
    }

    /// <summary>
    /// The task with numbers for the ids of its remarks, as Beads up to 0.60 demands them. The number comes from the id, so that
    /// it is the same in every export.
    /// </summary>
    public static TaskSpec Numbered(TaskSpec task, Func<string, long> number)
    {
        var entries = Read(task.Field(Field));
        return entries.Any(entry => entry.HasTextId)
            ? task.WithField(Field, $"[{string.Join(',', entries.Select(entry => entry.HasTextId ? WithId(entry, number(entry.Comment.Id)) : entry.Json))}]")
            : task;
    }

    private static string WithId(Entry entry, long number)
    {
        using var document = JsonDocument.Parse(entry.Json);
        var members = document.RootElement.EnumerateObject()
            .Select(member => $"{TaskLine.Quote(member.Name)}:{(member.Name is "id" ? $"{number}" : member.Value.GetRawText())}");
        return $"{{{string.Join(',', members)}}}";
    }

    private static string Joined(IReadOnlyList<Entry> entries) =>
        $"[{string.Join(',', entries.OrderBy(entry => TaskTime.Parse(entry.Comment.CreatedAt)).Select(entry => entry.Json))}]";

    // What came back from Beads of the Dolt era has whole seconds.
    private static (string, string, long) Key(TaskComment comment) =>
        (comment.Author, comment.Text, (TaskTime.Parse(comment.CreatedAt)?.UtcTicks ?? 0) / TimeSpan.TicksPerSecond);

    private static IReadOnlyList<Entry> Read(string? json)
    {
        if (json is null)
        {
            return [];
        }

        using var document = JsonDocument.Parse(json, new() { MaxDepth = 1000 });
        return document.RootElement.ValueKind is JsonValueKind.Array
            ?
            [
                .. from item in document.RootElement.EnumerateArray()
                   where item.ValueKind is JsonValueKind.Object
                   select new Entry(item.GetRawText(), new(Text(item, "id"), Text(item, "author"), Text(item, "text"), Text(item, "created_at")))
                   {
                       HasTextId = item.TryGetProperty("id", out var id) && id.ValueKind is not JsonValueKind.Number,
                   },
            ]
            : [];
    }

    private static string Text(JsonElement item, string name)
    {
        if (!item.TryGetProperty(name, out var value))
        {
            return "";
        }

        try
        {
            return value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText();
        }
        catch (InvalidOperationException)
        {
            return value.GetRawText(); // Half of a surrogate pair, escaped: kept, but no text.
        }
    }

    private sealed record Entry(string Json, TaskComment Comment)
    {
        public bool HasTextId { get; init; }
    }
}
