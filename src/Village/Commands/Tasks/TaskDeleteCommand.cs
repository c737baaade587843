using System.CommandLine;
using Village.Errors;
using Village.Hosting;
using Village.Operations;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands.Tasks;

/// <summary><c>village task delete</c>.</summary>
internal static class TaskDeleteCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var id = CommonOptions.Task();
        var reason = new Option<string?>("--reason", "-r") { Description = "Why" };
        var force = new Option<bool>("--force") { Description = "Also when others depend on it: they no longer do then, and may become ready" };
        var command = new VillageCommand("delete", "Take a task out of sight; its line is kept in the file, and its id is never given again")
        {
            Examples = ["village task delete bd-a3f", "village task delete bd-a3f --reason \"was there twice\" --force"],
            ExitCodes = ["1  there is no such task", "3  a worker has it, or others depend on it"],
            Arguments = { id },
            Options = { reason, force },
        };
        command.SetAction(async (parse, ct) =>
        {
            var text = parse.GetRequiredValue(id);
            TaskId.Parse(text);
            var village = await app.OpenAsync(ct);
            var (found, freed) = await DeleteAsync(village, text, parse.GetValue(reason) ?? "", parse.GetValue(force), ct);
            app.Ui.Answer(new(found.Value, [.. freed.Select(other => other.Value)]), JsonContracts.Shapes.TaskDeleteReport, _ =>
                app.Ui.Line($"Deleted {found}{(freed is [] ? "" : $"; no longer wait for it: {string.Join(", ", freed)}")}"));
            return 0;
        });
        return command;
    }

    private static async Task<(TaskId Task, IReadOnlyList<TaskId> Freed)> DeleteAsync(VillageContext village, string text, string reason, bool force, CancellationToken ct)
    {
        TaskId id = default;
        IReadOnlyList<TaskId> freed = [];
        using var held = village.Tasks.Hold();
        await village.Tasks.ChangeAsync(
            store =>
            {
                id = CommonOptions.Find(village, text);
                var task = store.Tasks.FirstOrDefault(task => task.Id == id) ?? throw TaskOptions.Unknown(id);
                TaskBook.RefuseHeld(village, id);
                freed = TaskGraves.Dependents(store.Tasks, id);
                if (freed is not [] && !force)
                {
                    throw new VillageException(
                        ErrorKind.Blocked,
                        $"{string.Join(", ", freed.Take(5))}{(freed.Count > 5 ? $" and {freed.Count - 5} more" : "")} {(freed.Count is 1 ? "depends" : "depend")} on '{id}'",
                        $"village task close {id}, or village task delete {id} --force to let them go");
                }

                // The event first, as with leases.
                village.Events.Append(new() { Ts = default, Cmd = "task delete", Task = id.Value, Result = "ok", Message = reason is "" ? null : reason });
                return TaskGraves.Delete(store, task, TaskBook.Actor(village), reason, TaskBook.Stamp(village));
            },
            keepsIds: true,
            ct);
        return (id, freed);
    }
}
