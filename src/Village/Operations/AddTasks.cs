using Village.Errors;
using Village.Hosting;
using Village.Tasks;

namespace Village.Operations;

/// <summary>Adds tasks: to the embedded store all of them or none; to Beads one after the other.</summary>
internal static class AddTasks
{
    /// <summary>
    /// Adds tasks and returns them in the order given. Parents come before their children. An id that was asked for is for one task
    /// only. <paramref name="resolve"/> is asked while the store is held, and makes whole ids of shortened ones.
    /// </summary>
    public static async Task<IReadOnlyList<TaskSpec>> AddAsync(
        VillageContext village, IReadOnlyList<NewTask> given, TaskId? id, Func<NewTask, NewTask> resolve, CancellationToken ct)
    {
        List<TaskSpec> added = [];
        using var held = village.Tasks.Hold();
        var ids = await village.Tasks.ChangeAsync(
            store =>
        {
            var drafts = given.Select(resolve).ToList();
            var ids = new NewIds(village, store);
            Dictionary<string, TaskId> keys = [];
            foreach (var draft in drafts)
            {
                var task = ids.Take(draft, id, draft.Parent is { } parent ? Existing(store, keys, parent, "be a child of") : null);
                if (draft.Key is { } key)
                {
                    keys[key] = task;
                }

                added.Add(Make(village, draft, task));
            }

            // Only now is every key known.
            for (var i = 0; i < added.Count; i++)
            {
                added[i] = added[i] with { Dependencies = Edges(village, store, keys, drafts[i]) };
            }

            IReadOnlyList<TaskSpec> all = [.. store.Tasks, .. added];
            if (drafts.Count > 1)
            {
                RefuseCircles(new(all, village.Now, new HashSet<TaskId>()), added);
            }

            // The event first, as with leases: when the command fails, the tasks are not there, and may be added again. Beads gives
            // tasks their ids itself, so there it comes last.
            if (village.Tasks.IsEmbedded)
            {
                Tell(village, added);
            }

            return store with { Tasks = all };
        },
            keepsIds: id is not null,
            ct);
        if (village.Tasks.IsEmbedded)
        {
            return added;
        }

        IReadOnlyList<TaskSpec> made = [.. added.Select(task => village.Tasks.Find(ids.GetValueOrDefault(task.Id, task.Id))!)];
        Tell(village, made);
        return made;
    }

    private static void Tell(VillageContext village, IReadOnlyList<TaskSpec> added) => village.Events.Append(added is [var one]
        ? new() { Ts = default, Cmd = "task add", Task = one.Id.Value, Result = "ok" }
        : new() { Ts = default, Cmd = "task add", Result = "ok", Message = $"{added.Count} tasks, {added[0].Id} to {added[^1].Id}" });

    private static TaskSpec Make(VillageContext village, NewTask draft, TaskId id) => new TaskSpec
    {
        Id = id,
        Title = draft.Title,
        Description = draft.Description,
        Acceptance = draft.Acceptance,
        Design = draft.Design,
        Notes = draft.Notes,
        Priority = draft.Priority,
        Type = draft.Type,
        Labels = draft.Labels,
        Assignee = draft.Assignee,
        DeferUntil = draft.DeferUntil,
        DueAt = draft.DueAt,
        CreatedAt = TaskBook.Stamp(village),
        UpdatedAt = TaskBook.Stamp(village),
        CreatedBy = TaskBook.Actor(village),
    }.WithEstimate(draft.Estimate);

    private static IReadOnlyList<TaskDependency> Edges(VillageContext village, TaskStore store, Dictionary<string, TaskId> keys, NewTask draft)
    {
        var first = draft.DependsOn.Select(text => (Id: Existing(store, keys, text, "depend on"), Type: DependencyType.Blocks));
        var parent = draft.Parent is { } text ? [(Existing(store, keys, text, "be a child of"), DependencyType.ParentChild)] : Array.Empty<(TaskId Id, string Type)>();
        return
        [
            .. from edge in first.Concat(parent).Distinct()
               select TaskBook.Edge(village, edge.Id, edge.Type),
        ];
    }

    private static TaskId Existing(TaskStore store, Dictionary<string, TaskId> keys, string text, string what)
    {
        if (keys.TryGetValue(text, out var known))
        {
            return known;
        }

        var id = TaskId.Parse(text);
        return store.Tasks.Any(task => task.Id == id)
            ? id
            : throw new VillageException(ErrorKind.NotFound, $"there is no task '{id}' to {what}", "village task list");
    }

    private static void RefuseCircles(TaskGraph graph, IReadOnlyList<TaskSpec> added)
    {
        if (graph.Cycles.FirstOrDefault(cycle => cycle.Intersect(added.Select(task => task.Id)).Any()) is { } cycle)
        {
            var titles = cycle.Select(id => graph.Find(id)!.Title).ToList();
            throw new VillageException(ErrorKind.Blocked, $"they would wait for each other: {string.Join(" → ", titles.Append(titles[0]))}", null);
        }
    }

    // An id that the log knows is never given again, even when its task is gone from the store.
    private sealed class NewIds(VillageContext village, TaskStore store)
    {
        private readonly HashSet<TaskId> taken =
        [
            .. store.Ids,
            .. village.Events.Read().Tasks.Keys.Select(id => TaskId.TryParse(id, out var known) ? known : (TaskId?)null).OfType<TaskId>(),
        ];

        public TaskId Take(NewTask draft, TaskId? wanted, TaskId? parent)
        {
            var prefix = village.Config.TaskPrefix;
            var id = wanted ?? (parent is { } above
                ? TaskIds.NextChild(above, taken)
                : TaskIds.Next(
                    prefix, draft.Title, draft.Description, TaskBook.Actor(village), village.Now, TaskIds.CountTopLevel(prefix, taken), taken.Contains));
            return taken.Add(id)
                ? id
                : throw new VillageException(ErrorKind.Blocked, $"there is or was a task '{id}' already", $"village task show {id}");
        }
    }
}
