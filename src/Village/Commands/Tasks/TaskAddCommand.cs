using System.CommandLine;
using Village.Errors;
using Village.Hosting;
using Village.Operations;
using Village.Reports;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands.Tasks;

/// <summary><c>village task add</c>.</summary>
internal static class TaskAddCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var title = new Argument<string?>("title") { Description = "One line that says what to do; '-' reads many tasks from standard input", Arity = ArgumentArity.ZeroOrOne };
        var file = new Option<string?>("--file", "-f") { Description = "Add every task of a file: a Markdown list, or one JSON object a line" };
        var (description, acceptance, design, notes) = (TaskOptions.Description(), TaskOptions.Acceptance(), TaskOptions.Design(), TaskOptions.Notes());
        var (priority, type, assignee, due, defer) = (TaskOptions.Priority(), TaskOptions.Type(), TaskOptions.Assignee(), TaskOptions.Due(), TaskOptions.Defer());
        var estimate = TaskOptions.Estimate();
        var label = new Option<string[]>("--label", "-l") { Description = "A label; agent:NAME chooses the agent. May be given again", AllowMultipleArgumentsPerToken = true };
        var depends = new Option<string[]>("--depends-on") { Description = "A task that must be done first. May be given again", AllowMultipleArgumentsPerToken = true };
        var parent = new Option<string?>("--parent") { Description = "The task it belongs to; its id will be PARENT.N" };
        var id = new Option<string?>("--id") { Description = "The id, instead of a new one" };
        var force = new Option<bool>("--force") { Description = "Take an --id with another prefix than TASK_PREFIX" };
        Option[] ofOne = [description, acceptance, design, notes, priority, type, label, assignee, due, defer, estimate, depends, parent, id, force];
        var command = new VillageCommand("add", "Add a task, or many at once; prints the ids")
        {
            Examples =
            [
                "village task add \"Fix the login page\" --priority 1 --type bug",
                "village task add \"Write the docs\" --depends-on bd-a3f --label agent:writer",
                "village task add \"From a file\" --description - < notes.md",
                "village task add \"A part of it\" --parent bd-a3f --defer tomorrow",
                "village task add - < plan.md",
                "village task add --file plan.jsonl",
            ],
            ExitCodes = ["1  a task it depends on does not exist", "3  there is or was a task with that --id; tasks would wait for each other"],
            Arguments = { title },
            Options = { file },
        };
        foreach (var option in ofOne)
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parse, ct) =>
        {
            if (Many(app, parse, parse.GetValue(title), parse.GetValue(file), ofOne) is { } drafts)
            {
                return await AddManyAsync(app, drafts, ct);
            }

            var now = app.Host.Clock.GetUtcNow();
            var draft = new NewTask(TaskWords.Title(parse.GetValue(title) ?? ""))
            {
                Description = TaskOptions.TextOf(app, parse.GetValue(description)) ?? "",
                Acceptance = parse.GetValue(acceptance) ?? "",
                Design = parse.GetValue(design) ?? "",
                Notes = parse.GetValue(notes) ?? "",
                Priority = parse.GetValue(priority) is { } p ? TaskWords.Priority(p) : 2,
                Type = parse.GetValue(type) is { } t ? TaskWords.Type(t) : "task",
                Labels = [.. (parse.GetValue(label) ?? []).Select(TaskWords.Label)],
                Assignee = parse.GetValue(assignee)?.Trim() ?? "",
                DueAt = TaskWords.Time("--due", parse.GetValue(due) ?? "", now),
                DeferUntil = TaskWords.Time("--defer", parse.GetValue(defer) ?? "", now),
                Estimate = parse.GetValue(estimate) is { } minutes ? TaskWords.Estimate(minutes) : null,
                DependsOn = [.. (parse.GetValue(depends) ?? []).Select(text => TaskId.Parse(text).Value)],
                Parent = parse.GetValue(parent) is { } above ? TaskId.Parse(above).Value : null,
            };
            var wanted = parse.GetValue(id) is { } word ? TaskId.Parse(word) : (TaskId?)null;
            var village = await app.OpenAsync(ct);
            if (wanted is { } own && !parse.GetValue(force) && !own.Value.StartsWith(village.Config.TaskPrefix + "-", StringComparison.OrdinalIgnoreCase))
            {
                throw new VillageException(ErrorKind.UserInput, $"'{own}' does not begin with '{village.Config.TaskPrefix}-'", "--force takes it all the same");
            }

            var task = (await AddTasks.AddAsync(village, [draft], wanted, given => Found(village, given, []), ct))[0];
            TaskOptions.Answer(app, village, "task add", task, () => app.Ui.Line(task.Id.Value));
            return 0;
        });
        return command;
    }

    // Null when it is one task; the options that say more of one make no sense for many.
    private static IReadOnlyList<NewTask>? Many(App app, ParseResult parse, string? title, string? file, Option[] ofOne)
    {
        if (file is null && title is not "-")
        {
            return null;
        }

        if (file is not null && title is not null)
        {
            throw new VillageException(ErrorKind.UserInput, "a title and --file do not go together", "village task add --help");
        }

        return Array.Find(ofOne, option => parse.GetResult(option) is { Implicit: false }) is { } extra
            ? throw new VillageException(ErrorKind.UserInput, $"{extra.Name} is for one task; in a list each says its own", "- Fix the login page P1 #ui type:bug after:bd-a3f")
            : TaskBatch.Parse(file is null ? app.Host.In.ReadToEnd() : System.Text.Encoding.UTF8.GetString(ExchangeTasks.Read(Path.GetFullPath(file, app.Host.WorkingDirectory), "a list on standard input: village task add -").Span));
    }

    private static async Task<int> AddManyAsync(App app, IReadOnlyList<NewTask> drafts, CancellationToken ct)
    {
        var village = await app.OpenAsync(ct);
        var keys = drafts.Select(draft => draft.Key).OfType<string>().ToHashSet();
        var added = await AddTasks.AddAsync(village, drafts, id: null, draft => Found(village, draft, keys), ct);
        var row = TaskOptions.Rows(village, TaskOptions.Graph(village));
        app.Ui.Answer(TaskListReport.For("task add", [.. added.Select(row)]), JsonContracts.Shapes.TaskListReport, _ =>
        {
            foreach (var task in added)
            {
                app.Ui.Line($"{task.Id}  {task.Title}");
            }
        });
        return 0;
    }

    // Ids may be shortened here too; keys of the batch are no ids.
    private static NewTask Found(VillageContext village, NewTask draft, HashSet<string> keys)
    {
        string Full(string text) => keys.Contains(text) ? text : CommonOptions.Find(village, text).Value;
        return draft with { DependsOn = [.. draft.DependsOn.Select(Full)], Parent = draft.Parent is { } parent ? Full(parent) : null };
    }
}
