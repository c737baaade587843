using System.CommandLine;
using Village.Hosting;
using Village.Operations;
using Village.Reports;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands.Tasks;

/// <summary>Changes the tasks that a person names, all of them or none, and answers with them.</summary>
internal static class TaskChange
{
    /// <summary>One task or several.</summary>
    public static Argument<string[]> Tasks() => new("task")
    {
        Description = "The task's id, or a part of it that only this task has; of several all are changed or none",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>The tasks that are meant, each once.</summary>
    public static IReadOnlyList<TaskId> Find(VillageContext village, IReadOnlyList<string> texts) =>
        [.. texts.Select(text => CommonOptions.Find(village, text)).Distinct()];

    /// <summary>
    /// Changes tasks under the guard. <paramref name="change"/> is given each of them, and the ids of all; when it throws, nothing has
    /// changed.
    /// </summary>
    public static async Task<int> RunAsync(
        App app, string command, IReadOnlyList<string> texts, Func<VillageContext, TaskSpec, IReadOnlySet<TaskId>, TaskSpec> change, string done, CancellationToken ct)
    {
        foreach (var text in texts)
        {
            TaskId.Parse(text);
        }

        var village = await app.OpenAsync(ct);
        IReadOnlyList<TaskId> ids = [];
        Dictionary<TaskId, TaskSpec> results = [];
        using (village.Tasks.Hold())
        {
            await village.Tasks.ChangeAsync(
                store =>
                {
                    ids = Find(village, texts);
                    var together = ids.ToHashSet();
                    var known = store.Tasks.Where(task => together.Contains(task.Id)).ToDictionary(task => task.Id);
                    HashSet<TaskId> changed = [];
                    foreach (var id in ids)
                    {
                        var before = known.TryGetValue(id, out var task) ? task : throw TaskOptions.Unknown(id);
                        results[id] = change(village, before, together);
                        if (results[id] != before)
                        {
                            results[id] = results[id] with { UpdatedAt = TaskBook.Stamp(village) };
                            changed.Add(id);
                        }
                    }

                    // The events first, as with leases: a command that could not write has changed no task.
                    foreach (var id in ids.Where(changed.Contains))
                    {
                        village.Events.Append(new() { Ts = default, Cmd = command, Task = id.Value, Result = "ok" });
                    }

                    return changed.Count is 0 ? store : store with { Tasks = [.. store.Tasks.Select(task => changed.Contains(task.Id) ? results[task.Id] : task)] };
                },
                keepsIds: true,
                ct);
        }

        Answer(app, village, command, [.. ids.Select(id => village.Tasks.Find(id) ?? results[id])], done);
        return 0;
    }

    private static void Answer(App app, VillageContext village, string command, IReadOnlyList<TaskSpec> tasks, string done)
    {
        if (tasks is [var one])
        {
            TaskOptions.Answer(app, village, command, one, () => app.Ui.Line($"{done} {one.Id}"));
        }
        else if (app.Ui.Json)
        {
            var rows = tasks.Select(TaskOptions.Rows(village, TaskOptions.Graph(village)));
            app.Ui.Answer(TaskListReport.For(command, [.. rows]), JsonContracts.Shapes.TaskListReport, _ => { });
        }
        else
        {
            foreach (var task in tasks)
            {
                app.Ui.Line($"{done} {task.Id}");
            }
        }
    }
}
