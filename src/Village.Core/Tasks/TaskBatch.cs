using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Village.Errors;

namespace Village.Tasks;

/// <summary>
/// Many tasks from one text. A list in Markdown: each item is a task, an item below another is its child, the text below an item
/// describes it, and what is ticked is left out. At the end of an item may stand a priority, labels, a type and what comes first:
/// <code>
/// - Fix the login page P1 #ui type:bug
///   It says 500 when the password has a quote.
///   - Write a test for it after:bd-a3f
/// - [x] Was done before
/// </code>
/// Or one JSON object a line; <c>key</c> is what other lines of the text call the task:
/// <code>
/// {"title":"Fix the login page","key":"login","priority":1,"type":"bug","labels":["ui"]}
/// {"title":"Tell the users","depends_on":["login"],"description":"By mail."}
/// </code>
/// </summary>
public static partial class TaskBatch
{
    /// <summary>The tasks in the order of the text, a parent before its children.</summary>
    public static IReadOnlyList<NewTask> Parse(string text)
    {
        var lines = text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
        var tasks = lines.FirstOrDefault(line => line.Trim() is not "")?.TrimStart().StartsWith('{') is true ? Json(lines) : Markdown(lines);
        return tasks is []
            ? throw new VillageException(ErrorKind.UserInput, "there is no task in the text", "one task a line: - Fix the login page")
            : tasks;
    }

    private static List<NewTask> Markdown(string[] lines)
    {
        List<NewTask> tasks = [];
        Stack<(int Indent, int Task)> open = new();
        foreach (var (number, line) in lines.Index())
        {
            if (Item().Match(line) is { Success: true } item)
            {
                var indent = Width(item.Groups["indent"].Value);
                while (open.TryPeek(out var above) && above.Indent >= indent)
                {
                    open.Pop();
                }

                var isDone = item.Groups["tick"].Value is "x" or "X";
                var parent = open.TryPeek(out var upper) ? upper.Task : -1;
                if (!isDone)
                {
                    tasks.Add(Of(number + 1, item.Groups["text"].Value) with
                    {
                        Key = Place(tasks.Count),
                        Parent = parent >= 0 ? tasks[parent].Key : null,
                    });
                }

                open.Push((indent, isDone ? -1 : tasks.Count - 1));
            }
            else if (open.TryPeek(out var above) && above.Task >= 0 && (line.Trim() is "" || Width(line) > above.Indent))
            {
                tasks[above.Task] = tasks[above.Task] with { Description = $"{tasks[above.Task].Description}{line.Trim()}\n" };
            }
        }

        return tasks.ConvertAll(task => task with { Description = task.Description.Trim() });
    }

    // No person can type it, so it is never taken for an id.
    private static string Place(int place) => string.Create(CultureInfo.InvariantCulture, $"\0{place}");

    private static int Width(string line)
    {
        var width = 0;
        foreach (var c in line.TakeWhile(c => c is ' ' or '\t'))
        {
            width += c is '\t' ? 4 - (width % 4) : 1;
        }

        return width;
    }

    private static NewTask Of(int line, string text) => Named(line, () =>
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        var task = new NewTask("");
        while (words is [_, .., var last] && Take(task, last) is { } more)
        {
            task = more;
            words.RemoveAt(words.Count - 1);
        }

        return task with { Title = TaskWords.Title(string.Join(' ', words)) };
    });

    private static NewTask? Take(NewTask task, string word) => word switch
    {
        ['P' or 'p', >= '0' and <= '4'] => task with { Priority = word[1] - '0' },
        ['#', _, ..] => task with { Labels = [.. task.Labels, word[1..]] },
        _ when word.StartsWith("agent:", StringComparison.Ordinal) && word.Length > 6 => task with { Labels = [.. task.Labels, word] },
        _ when word.StartsWith("type:", StringComparison.Ordinal) => task with { Type = TaskWords.Type(word[5..]) },
        _ when word.StartsWith("after:", StringComparison.Ordinal) && TaskId.TryParse(word[6..], out _) => task with { DependsOn = [.. task.DependsOn, word[6..]] },
        _ => null,
    };

    private static List<NewTask> Json(string[] lines)
    {
        List<NewTask> tasks = [];
        foreach (var (number, line) in lines.Index().Where(line => line.Item.Trim() is not ""))
        {
            tasks.Add(Named(number + 1, () => Object(line)));
        }

        return tasks.Where(task => task.Key is not null).GroupBy(task => task.Key).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw new VillageException(ErrorKind.UserInput, $"two lines have the key '{Printable.Line(twice.Key!)}'", null)
            : tasks;
    }

    private static NewTask Object(string line)
    {
        using var json = Read(line);
        var task = new NewTask("");
        foreach (var member in json.RootElement.EnumerateObject())
        {
            var value = member.Value;
            task = member.Name switch
            {
                "title" => task with { Title = Text(member) },
                "description" => task with { Description = Text(member) },
                "acceptance" or "acceptance_criteria" => task with { Acceptance = Text(member) },
                "design" => task with { Design = Text(member) },
                "notes" => task with { Notes = Text(member) },
                "assignee" => task with { Assignee = Text(member) },
                "priority" => task with { Priority = TaskWords.Priority(value.ValueKind is JsonValueKind.Number ? value.GetRawText() : Text(member)) },
                "type" or "issue_type" => task with { Type = TaskWords.Type(Text(member)) },
                "labels" => task with { Labels = [.. Texts(member).Select(TaskWords.Label)] },
                "depends_on" => task with { DependsOn = Texts(member) },
                "parent" => task with { Parent = Text(member) },
                "key" => task with { Key = Text(member) },
                "id" => throw new VillageException(ErrorKind.UserInput, "a new task gets its id here", "name it with 'key', or take tasks with ids over: village task import FILE"),
                var other => throw new VillageException(
                    ErrorKind.UserInput, $"there is no field '{Printable.Line(other)}'",
                    "title, description, acceptance, design, notes, assignee, priority, type, labels, depends_on, parent, key"),
            };
        }

        return task with { Title = TaskWords.Title(task.Title) };
    }

    private static JsonDocument Read(string line)
    {
        try
        {
            var json = JsonDocument.Parse(line);
            return json.RootElement.ValueKind is JsonValueKind.Object ? json : throw new JsonException();
        }
        catch (JsonException)
        {
            throw new VillageException(ErrorKind.UserInput, "it is not a JSON object", "{\"title\":\"Fix the login page\"}");
        }
    }

    private static string Text(JsonProperty member)
    {
        try
        {
            return member.Value.ValueKind is JsonValueKind.String ? member.Value.GetString()! : throw new InvalidOperationException();
        }
        catch (InvalidOperationException)
        {
            throw new VillageException(ErrorKind.UserInput, $"'{member.Name}' is no text", null);
        }
    }

    private static IReadOnlyList<string> Texts(JsonProperty member) =>
        member.Value.ValueKind is JsonValueKind.Array && member.Value.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String)
            ? [.. member.Value.EnumerateArray().Select(item => item.GetString()!)]
            : throw new VillageException(ErrorKind.UserInput, $"'{member.Name}' is no list of texts", null);

    private static NewTask Named(int line, Func<NewTask> read)
    {
        try
        {
            return read();
        }
        catch (VillageException failure)
        {
            throw new VillageException(failure.Kind, $"line {line}: {failure.Message}", failure.Hint);
        }
    }

    // "- text", "* text", "+ text", "1. text", "2) text", and each with "[ ]" or "[x]".
    [GeneratedRegex(@"^(?<indent>[ \t]*)(?:[-*+]|[0-9]{1,9}[.)])[ \t]+(?:\[(?<tick>[ xX])\][ \t]+)?(?<text>.*\S.*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Item();
}
