using System.CommandLine;
using System.CommandLine.Help;
using Village.Reports;
using Village.Tasks;

namespace Village.Commands.Completion;

/// <summary>What of the village may stand in a place.</summary>
internal enum Wanted
{
    /// <summary>Nothing of it.</summary>
    Nothing,

    /// <summary>A task.</summary>
    Task,

    /// <summary>A task that is not closed.</summary>
    OpenTask,

    /// <summary>A closed task.</summary>
    ClosedTask,

    /// <summary>A task that a worker has or had.</summary>
    WorkedTask,

    /// <summary>A label.</summary>
    Label,

    /// <summary>An agent.</summary>
    Agent,
}

/// <summary>A place in a command line: what the program itself offers there, and what of the village belongs there.</summary>
internal sealed record CompletionPlace(string Current, IReadOnlyList<Candidate> Fixed, Wanted Wanted)
{
    /// <summary>What every value begins with, when the word is <c>--option=value</c>.</summary>
    public string Head { get; init; } = "";

    /// <summary>Whether a word begins as the current one does, and can be shown.</summary>
    public bool Fits(string value) =>
        (value is ":files" || value.StartsWith(Current, StringComparison.OrdinalIgnoreCase)) && Printable.Line(value) == value;

    /// <summary>The place of the last word.</summary>
    public static CompletionPlace Of(Command root, IReadOnlyList<string> words)
    {
        var (command, path) = (root, "");
        var current = words is [.., var last] ? last : "";
        List<string> values = [];
        Option? open = null;
        var isOver = false;
        foreach (var word in words.SkipLast(1))
        {
            if (word is "--")
            {
                isOver = true;
            }
            else if (!isOver && word is ['-', _, ..])
            {
                var option = Find(command, root, word.Split('=')[0]);
                open = option is null || option.Arity.MaximumNumberOfValues is 0 || option.ValueType == typeof(bool) || word.Contains('=', StringComparison.Ordinal) ? null : option;
            }
            else if (open is not null)
            {
                open = open.AllowMultipleArgumentsPerToken ? open : null;
            }
            else if (values is [] && command.Subcommands.FirstOrDefault(below => below.Name == word) is { } next)
            {
                (command, path) = (next, $"{path} {word}".Trim());
            }
            else
            {
                values.Add(word);
            }
        }

        if (isOver)
        {
            return new(current, [], Wanted.Nothing);
        }

        if (current is ['-', ..] && current.Split('=', 2) is [var name, _] && Find(command, root, name) is { } equal)
        {
            var place = Value(current, path, equal.Name, 0);
            return place with { Head = $"{name}=", Fixed = [.. place.Fixed.Select(candidate => candidate with { Value = $"{name}={candidate.Value}" })] };
        }

        if (open is not null && current is not ['-', ..])
        {
            return Value(current, path, open.Name, 0);
        }

        if (current is ['-', ..])
        {
            return new(current, [.. Options(command, root).Select(option => new Candidate(option.Name, option.Description ?? ""))], Wanted.Nothing);
        }

        IEnumerable<Candidate> below = values is [] ? command.Subcommands.Where(c => !c.Hidden).Select(c => new Candidate(c.Name, c.Description ?? "")) : [];
        var argument = command.Arguments.ElementAtOrDefault(Math.Min(values.Count, command.Arguments.Count - 1));
        var rest = argument is null || (values.Count >= command.Arguments.Count && argument.Arity.MaximumNumberOfValues is 1)
            ? new(current, [], Wanted.Nothing)
            : Value(current, path, argument.Name, values.Count);
        return rest with { Fixed = [.. below, .. rest.Fixed] };
    }

    private static CompletionPlace Value(string current, string path, string name, int before)
    {
        string[] fixedValues = (path, name) switch
        {
            (_, "--color") => ["auto", "always", "never"],
            ("wait", "--for") => ["completed", "failed", "waiting"],
            ("usage", "--by") => [.. UsageReport.Kinds],
            ("events", "--status") => ["ok", "error", .. Enum.GetValues<TaskState>().Select(state => state.Name())],
            ("metrics", "--backend") => ["prometheus", "statsd", "custom"],
            (_, "--priority") => ["0", "1", "2", "3", "4"],
            (_, "--status") => [.. TaskWords.Statuses],
            ("task dep add", "--type") => [DependencyType.Blocks, DependencyType.ParentChild, "related", "discovered-from", DependencyType.WaitsFor, DependencyType.ConditionalBlocks],
            (_, "--type") => [.. TaskWords.Types],
            (_, "--dialect") => ["modern", "classic"],
            ("signal", "state") => ["working", "waiting", "done", "blocked"],
            ("completion", "shell") => [.. CompletionScripts.Shells],
            (_, "--file" or "--output" or "file") => [":files"],
            _ => [],
        };
        var wanted = (path, name) switch
        {
            (_, "--depends-on" or "--parent") => Wanted.OpenTask,
            (_, "--label" or "--remove-label") or ("task label add" or "task label remove", "label") => Wanted.Label,
            (_, "--agent" or "agent") => Wanted.Agent,
            ("task close" or "queue" or "resume", "task") => Wanted.OpenTask,
            ("task reopen", "task") => Wanted.ClosedTask,
            ("attach" or "unlock" or "logs" or "exec" or "changes" or "rollback" or "retry" or "undo" or "state" or "pause" or "resume-task" or "send", "task") => Wanted.WorkedTask,
            (_, "task" or "--task" or "depends-on") => Wanted.Task,
            _ => Wanted.Nothing,
        };
        return new(current, [.. fixedValues.Select(value => new Candidate(value))], wanted);
    }

    private static Option? Find(Command command, Command root, string name) =>
        Options(command, root).FirstOrDefault(option => option.Name == name || option.Aliases.Contains(name));

    private static IEnumerable<Option> Options(Command command, Command root) =>
        command.Options.Concat(root.Options.Where(option => (option.Recursive || option is HelpOption) && !command.Options.Contains(option))).Where(option => !option.Hidden);
}
