using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Village.Tasks;

/// <summary>
/// A task's field <c>metadata</c>, <c>{"village_state":"FAILED","attempts":2}</c>: keys of other programs, in Beads' rules. What is
/// not changed keeps its text.
/// </summary>
public static partial class TaskMetadata
{
    private const string Field = "metadata";

    /// <summary>Whether Beads takes a text for a key.</summary>
    public static bool IsKey(string key) => Key().IsMatch(key);

    /// <summary>The keys of a task.</summary>
    public static IReadOnlyList<string> Keys(TaskSpec task) => [.. Members(task.Field(Field)).Select(member => member.Key)];

    /// <summary>The value of a key: a text as it is, everything else as JSON; null when the task has no such key.</summary>
    public static string? Value(TaskSpec task, string key)
    {
        if (Members(task.Field(Field)).Find(member => member.Key == key).Value is not { } json)
        {
            return null;
        }

        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind is JsonValueKind.String ? document.RootElement.GetString() : json;
    }

    /// <summary>The task with one key set. <c>true</c>, <c>false</c>, <c>null</c> and numbers are typed, everything else is text.</summary>
    public static TaskSpec Set(TaskSpec task, string key, string value) =>
        task.WithField(Field, Joined(Members(task.Field(Field)), [new(key, Typed(value))]));

    /// <summary>The task without a key.</summary>
    public static TaskSpec Unset(TaskSpec task, string key)
    {
        var left = Members(task.Field(Field)).Where(member => member.Key != key).ToList();
        return task.WithField(Field, left is [] ? null : Joined(left, []));
    }

    /// <summary>The task with the keys of a newer copy; a copy without any takes none away, for an import of Beads loses them.</summary>
    public static TaskSpec Union(TaskSpec task, TaskSpec newer)
    {
        if (newer.Field(Field) is not { } theirs || theirs == task.Field(Field))
        {
            return task;
        }

        var (mine, more) = (Members(task.Field(Field)), Members(theirs));
        var isWhole = mine.All(member => more.Any(other => other.Key == member.Key));
        return task.WithField(Field, isWhole ? theirs : Joined(mine, more));
    }

    private static string Joined(IReadOnlyList<KeyValuePair<string, string>> mine, IReadOnlyList<KeyValuePair<string, string>> newer)
    {
        var fresh = newer.ToDictionary();
        var members = mine.Select(member => fresh.Remove(member.Key, out var value) ? new(member.Key, value) : member).ToList();
        members.AddRange(newer.Where(member => fresh.ContainsKey(member.Key)));
        return $"{{{string.Join(',', members.Select(member => $"{TaskLine.Quote(member.Key)}:{member.Value}"))}}}";
    }

    private static List<KeyValuePair<string, string>> Members(string? json)
    {
        if (json is null)
        {
            return [];
        }

        using var document = JsonDocument.Parse(json, new() { MaxDepth = 1000 });
        Dictionary<string, string> members = [];
        if (document.RootElement.ValueKind is JsonValueKind.Object)
        {
            foreach (var member in document.RootElement.EnumerateObject())
            {
                members[member.Name] = member.Value.GetRawText();
            }
        }

        return [.. members];
    }

    private static string Typed(string value) =>
        value is "true" or "false" or "null" || Number().IsMatch(value)
            && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            ? value
            : TaskLine.Quote(value);

    [GeneratedRegex(@"^[a-zA-Z_][a-zA-Z0-9_.]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Key();

    // The numbers of JSON, which are fewer than those of programming languages.
    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
