using System.CommandLine;
using System.Globalization;
using System.Text;
using Village.Errors;
using Village.Hosting;
using Village.Operations;
using Village.Reports;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands.Tasks;

/// <summary>What the commands on tasks share: options, validation, and the change under the guard.</summary>
internal static class TaskOptions
{
    /// <summary>Titles are at most so many bytes, as Beads has it.</summary>
    public const int LongestTitle = 500;

    private static readonly string[] Types =
        ["bug", "feature", "task", "epic", "chore", "decision", "spike", "story", "milestone", "message", "molecule", "gate"];

    /// <summary>What is to be done.</summary>
    public static Option<string?> Description() => new("--description", "-d") { Description = "What is to be done; '-' reads it from standard input" };

    /// <summary>How to see that it is done.</summary>
    public static Option<string?> Acceptance() => new("--acceptance") { Description = "How to see that it is done" };

    /// <summary>How urgent.</summary>
    public static Option<string?> Priority() => new("--priority", "-p") { Description = "0 (critical) to 4 (backlog); 2 otherwise" };

    /// <summary>What kind.</summary>
    public static Option<string?> Type() => new("--type", "-t") { Description = "task, bug, feature, chore, epic, spike, …" };

    /// <summary>A priority from 0 to 4, also as <c>P1</c>.</summary>
    public static int ParsePriority(string text) =>
        int.TryParse(text.TrimStart('p', 'P'), NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n <= 4
            ? n
            : throw new VillageException(ErrorKind.UserInput, $"--priority: '{Printable.Line(text)}' is not 0, 1, 2, 3 or 4", null);

    /// <summary>A known type, or the sentence with the nearest one.</summary>
    public static string ParseType(string text) => Types.Contains(text.ToLowerInvariant(), StringComparer.Ordinal)
        ? text.ToLowerInvariant()
        : throw new VillageException(
            ErrorKind.UserInput, $"--type: there is no type '{Printable.Line(text)}'",
            Nearest.Of(text, Types) is { } near ? $"did you mean '{near}'?" : $"one of: {string.Join(", ", Types)}");

    /// <summary>A title of 1 to 500 bytes.</summary>
    public static string ParseTitle(string text)
    {
        var title = text.Trim();
        return title.Length is 0 ? throw new VillageException(ErrorKind.UserInput, "a task needs a title", "village task add \"what to do\"")
            : Encoding.UTF8.GetByteCount(title) > LongestTitle
                ? throw new VillageException(ErrorKind.UserInput, $"the title is longer than {LongestTitle} bytes", "put the rest into --description")
                : title;
    }

    /// <summary>A label without blanks around it.</summary>
    public static string ParseLabel(string text) => text.Trim() is { Length: > 0 } label
        ? label
        : throw new VillageException(ErrorKind.UserInput, "a label cannot be empty", null);

    /// <summary>The text of an option, or of standard input for <c>-</c>.</summary>
    public static string? TextOf(App app, string? value) => value is "-" ? app.Host.In.ReadToEnd() : value;

    /// <summary>Changes one task under the guard and answers with it.</summary>
    public static async Task<int> EditAsync(
        App app, string command, string text, Func<VillageContext, TaskSpec, TaskSpec> change, string done, CancellationToken ct)
    {
        TaskId.Parse(text);
        var village = await app.OpenAsync(ct);
        var id = CommonOptions.Find(village, text);
        TaskSpec? result = null;
        using (village.TakeGuard())
        {
            village.Tasks.Change(all =>
            {
                var known = all.FirstOrDefault(task => task.Id == id)
                    ?? throw new VillageException(ErrorKind.NotFound, $"'{id}' is not in the task store", "village task list");
                var changed = change(village, known);
                if (changed == known)
                {
                    result = known;
                    return all;
                }

                // The event first, as with leases: a command that could not write has changed no task.
                village.Events.Append(new() { Ts = default, Cmd = command, Task = id.Value, Result = "ok" });
                result = changed with { UpdatedAt = TaskBook.Stamp(village) };
                return [.. all.Select(task => task.Id == id ? result : task)];
            });
        }

        Answer(app, village, command, result!, () => app.Ui.Line($"{done} {id}"));
        return 0;
    }

    /// <summary>Answers with one task.</summary>
    public static void Answer(App app, VillageContext village, string command, TaskSpec task, Action text) => app.Ui.Answer(
        TaskReport.For(command, task, Row(village, task, Graph(village))), JsonContracts.Shapes.TaskReport, _ => text());

    /// <summary>The graph of the store, with the village's completed tasks counted as done.</summary>
    public static TaskGraph Graph(VillageContext village)
    {
        var done = village.Events.Read().Tasks.Values
            .Where(entry => entry.State is TaskState.Completed && TaskId.TryParse(entry.Task, out _))
            .Select(entry => TaskId.Parse(entry.Task))
            .ToHashSet();
        return new(village.Tasks.ReadAll(), village.Now, done);
    }

    /// <summary>The row of a task.</summary>
    public static TaskRow Row(VillageContext village, TaskSpec task, TaskGraph graph) => new()
    {
        Id = task.Id.Value,
        Title = task.Title,
        Status = task.Status,
        State = village.Events.Read().Of(task.Id).State.Name(),
        Ready = graph.WhyNot(task.Id) is null,
        Priority = task.Priority,
        Type = task.Type,
        Labels = task.Labels,
        BlockedBy = [.. graph.Blockers(task.Id).Select(id => id.Value)],
    };
}
