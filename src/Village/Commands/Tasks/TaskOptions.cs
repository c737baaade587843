using System.CommandLine;
using Village.Errors;
using Village.Hosting;
using Village.Reports;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands.Tasks;

/// <summary>What the commands on tasks share: options, and the change under the guard.</summary>
internal static class TaskOptions
{
    /// <summary>What is to be done.</summary>
    public static Option<string?> Description() => new("--description", "-d") { Description = "What is to be done; '-' reads it from standard input" };

    /// <summary>How to see that it is done.</summary>
    public static Option<string?> Acceptance() => new("--acceptance") { Description = "How to see that it is done" };

    /// <summary>How it is meant to be done.</summary>
    public static Option<string?> Design() => new("--design") { Description = "How it is meant to be done" };

    /// <summary>What is known.</summary>
    public static Option<string?> Notes() => new("--notes") { Description = "What is known of it so far" };

    /// <summary>How urgent.</summary>
    public static Option<string?> Priority() => new("--priority", "-p") { Description = "0 (critical) to 4 (backlog); 2 otherwise" };

    /// <summary>What kind.</summary>
    public static Option<string?> Type() => new("--type", "-t") { Description = "task, bug, feature, chore, epic, spike, …" };

    /// <summary>Who is to do it.</summary>
    public static Option<string?> Assignee() => new("--assignee") { Description = "Who is to do it; agents are chosen by the label agent:NAME" };

    /// <summary>How long it may take.</summary>
    public static Option<string?> Estimate() => new("--estimate") { Description = "How many minutes it may take" };

    /// <summary>When it should be done.</summary>
    public static Option<string?> Due() => new("--due") { Description = "When it should be done: 2026-12-24, 3d, tomorrow" };

    /// <summary>Until when it is left alone.</summary>
    public static Option<string?> Defer() => new("--defer") { Description = "Not to be started before: 2026-12-24, 3d, tomorrow" };

    /// <summary>The text of an option, or of standard input for <c>-</c>.</summary>
    public static string? TextOf(App app, string? value) => value is "-" ? app.Host.In.ReadToEnd() : value;

    /// <summary>Changes one task under the guard and answers with it.</summary>
    public static Task<int> EditAsync(
        App app, string command, string text, Func<VillageContext, TaskSpec, TaskSpec> change, string done, CancellationToken ct) =>
        TaskChange.RunAsync(app, command, [text], (village, task, _) => change(village, task), done, ct);

    /// <summary>The failure for an id that the log knows and the store does not.</summary>
    public static VillageException Unknown(TaskId id) => new(ErrorKind.NotFound, $"'{id}' is not in the task store", "village task list");

    /// <summary>Answers with one task.</summary>
    public static void Answer(App app, VillageContext village, string command, TaskSpec task, Action text)
    {
        // What only the JSON says is not worked out for a person.
        if (!app.Ui.Json)
        {
            text();
            return;
        }

        var graph = Graph(village);
        app.Ui.Answer(TaskReport.For(command, task, Rows(village, graph)(task), graph), JsonContracts.Shapes.TaskReport, _ => text());
    }

    /// <summary>The graph of the store, with the village's completed tasks counted as done.</summary>
    public static TaskGraph Graph(VillageContext village) => village.GraphOf(village.Events.Read());

    /// <summary>Makes rows of tasks, as the log and the graph are now.</summary>
    public static Func<TaskSpec, TaskRow> Rows(VillageContext village, TaskGraph graph)
    {
        var ledger = village.Events.Read();
        return task => new()
        {
            Id = task.Id.Value,
            Title = task.Title,
            Status = task.Status,
            State = ledger.Of(task.Id).State.Name(),
            Ready = graph.IsReady(task.Id),
            Priority = task.Priority,
            Type = task.Type,
            Labels = task.Labels,
            BlockedBy = [.. graph.Blockers(task.Id).Select(id => id.Value)],
        };
    }
}
