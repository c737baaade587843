using System.CommandLine;
using Village.Errors;
using Village.Hosting;
using Village.Operations;
using Village.Reports;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands.Tasks;

/// <summary><c>village task delete</c>.</summary>
internal static class TaskDeleteCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var ids = TaskChange.Tasks();
        var reason = new Option<string?>("--reason", "-r") { Description = "Why" };
        var force = new Option<bool>("--force") { Description = "Also when others depend on it: they no longer do then, and may become ready" };
        var command = new VillageCommand("delete", "Take tasks out of sight; their lines are kept in the file, and their ids are never given again")
        {
            Examples = ["village task delete bd-a3f", "village task delete bd-a3f bd-b7c --reason \"was there twice\" --force"],
            ExitCodes = ["1  there is no such task", "3  a worker has it, or others depend on it"],
            Arguments = { ids },
            Options = { reason, force },
        };
        command.SetAction(async (parse, ct) =>
        {
            var texts = parse.GetRequiredValue(ids);
            foreach (var text in texts)
            {
                TaskId.Parse(text);
            }

            var village = await app.OpenAsync(ct);
            Answer(app.Ui, await DeleteAsync(village, texts, parse.GetValue(reason) ?? "", parse.GetValue(force), ct));
            return 0;
        });
        return command;
    }

    private static void Answer(Ui ui, IReadOnlyList<DeletedRow> rows)
    {
        if (ui.Json && rows is [var one])
        {
            ui.Answer(new(one.Deleted, one.DependenciesRemoved), JsonContracts.Shapes.TaskDeleteReport, _ => { });
            return;
        }

        ui.Answer(new(rows), JsonContracts.Shapes.TasksDeleteReport, report =>
        {
            foreach (var row in report.Tasks)
            {
                ui.Line($"Deleted {row.Deleted}{(row.DependenciesRemoved is [] ? "" : $"; no longer wait for it: {string.Join(", ", row.DependenciesRemoved)}")}");
            }
        });
    }

    private static async Task<IReadOnlyList<DeletedRow>> DeleteAsync(VillageContext village, IReadOnlyList<string> texts, string reason, bool force, CancellationToken ct)
    {
        List<DeletedRow> rows = [];
        using var held = village.Tasks.Hold();
        TaskStore Delete(TaskStore before)
        {
            var ids = TaskChange.Find(village, texts);
            var store = before;
            foreach (var id in ids)
            {
                // As it was: the line that is kept names what it depended on, even if that is deleted with it.
                var task = before.Tasks.FirstOrDefault(task => task.Id == id) ?? throw TaskOptions.Unknown(id);
                TaskBook.RefuseHeld(village, id);
                IReadOnlyList<TaskId> freed = [.. TaskGraves.Dependents(store.Tasks, id).Except(ids)];
                if (freed is not [] && !force)
                {
                    throw new VillageException(
                        ErrorKind.Blocked,
                        $"{string.Join(", ", freed.Take(5))}{(freed.Count > 5 ? $" and {freed.Count - 5} more" : "")} {(freed.Count is 1 ? "depends" : "depend")} on '{id}'",
                        $"village task close {id}, or village task delete {string.Join(' ', ids)} --force to let them go");
                }

                rows.Add(new(id.Value, [.. freed.Select(other => other.Value)]));
                store = TaskGraves.Delete(store, task, TaskBook.Actor(village), reason, TaskBook.Stamp(village));
            }

            // The events first, as with leases.
            foreach (var id in ids)
            {
                village.Events.Append(new() { Ts = default, Cmd = "task delete", Task = id.Value, Result = "ok", Message = reason is "" ? null : reason });
            }

            return store;
        }

        await village.Tasks.ChangeAsync(Delete, keepsIds: true, ct);
        return rows;
    }
}
