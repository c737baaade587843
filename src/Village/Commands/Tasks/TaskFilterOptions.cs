using System.CommandLine;
using Village.Hosting;
using Village.Tasks;

namespace Village.Commands.Tasks;

/// <summary>The options that narrow a list of tasks.</summary>
internal sealed class TaskFilterOptions
{
    private readonly Option<string[]> label = new("--label", "-l") { Description = "Only tasks with this label; given again, with all of them", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string[]> type = new("--type", "-t") { Description = "Only this type; given again, any of them", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string[]> priority = new("--priority", "-p") { Description = "Only this priority; given again, any of them", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> agent = new("--agent") { Description = "Only tasks whose label chooses this agent; '' for those without such a label" };
    private readonly Option<string?> assignee = new("--assignee") { Description = "Only tasks of this assignee; '' for those without" };
    private readonly Option<string?> parent = new("--parent") { Description = "Only what is below this task" };
    private readonly Option<string?> search = new("--search", "-s") { Description = "Only tasks with these words in title, description or notes" };
    private readonly Option<string?> limit = new("--limit", "-n") { Description = "At most so many" };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[label, type, priority, agent, assignee, parent, search, limit])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Refuses what makes no sense, before anything is opened.</summary>
    public TaskFilter Parse(ParseResult parse)
    {
        Limit(parse);
        if (parse.GetValue(parent) is { } text)
        {
            TaskId.Parse(text);
        }

        return new()
        {
            Labels = parse.GetValue(label) ?? [],
            Types = [.. (parse.GetValue(type) ?? []).Select(TaskWords.Type)],
            Priorities = [.. (parse.GetValue(priority) ?? []).Select(TaskWords.Priority)],
            Agent = parse.GetValue(agent),
            Assignee = parse.GetValue(assignee),
            Text = parse.GetValue(search),
        };
    }

    /// <summary>The tasks that pass, in the order of lists.</summary>
    public IEnumerable<TaskSpec> Of(ParseResult parse, VillageContext village, TaskFilter filter, IReadOnlyList<TaskSpec> tasks, Func<TaskSpec, bool> also)
    {
        var below = parse.GetValue(parent) is { } text ? CommonOptions.Find(village, text) : (TaskId?)null;
        return (filter with { Parent = below }).Of(tasks, also);
    }

    /// <summary>How many at most.</summary>
    public int Limit(ParseResult parse) => parse.GetValue(limit) is { } text ? CommonOptions.Count(text, "--limit") : int.MaxValue;
}
