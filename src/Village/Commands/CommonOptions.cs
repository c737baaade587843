using System.CommandLine;
using System.Globalization;
using Village.Errors;
using Village.Events;
using Village.Hosting;
using Village.Tasks;

namespace Village.Commands;

/// <summary>Options and arguments that several commands share, and how their values are read.</summary>
internal static class CommonOptions
{
    /// <summary>One JSON document on stdout; every command has it.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document", Recursive = true };

    /// <summary>Keeps narration away; every command has it.</summary>
    public static Option<bool> Quiet() => new("--quiet", "-q") { Description = "No narration and no progress; the answer, warnings and errors remain", Recursive = true };

    /// <summary>The option that says whether there is colour.</summary>
    public static Option<string> Color()
    {
        var option = new Option<string>("--color") { Description = "auto (on a terminal, as NO_COLOR and CLICOLOR_FORCE say), always, or never", Recursive = true, HelpName = "when" };
        option.CompletionSources.Add("auto", "always", "never");
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token, ..] && token.Value is not ("auto" or "always" or "never"))
            {
                result.AddError($"--color does not take '{Printable.Line(token.Value)}', but auto, always or never");
            }
        });
        return option;
    }

    /// <summary>What <see cref="Color"/> was given; <c>auto</c> where the command line is wrong.</summary>
    public static string ColourOf(ParseResult parse) => parse.Errors is [] ? parse.GetValue<string>("--color") ?? "auto" : "auto";

    /// <summary>Narrates every call of a tool; every command has it.</summary>
    public static Option<bool> Verbose() => new("--verbose", "-v") { Description = "Show every call of git and tmux, and where a failure came from", Recursive = true };

    /// <summary>Stop after deciding.</summary>
    public static Option<bool> Plan(string what) => new("--plan", "--dry-run") { Description = what };

    /// <summary>A task.</summary>
    public static Argument<string> Task(string what = "The task's id, or a part of it that only this task has") => new("task") { Description = what };

    /// <summary>The same; Beads is asked only for what the log does not know.</summary>
    public static async Task<TaskId> FindAsync(VillageContext village, string text, CancellationToken ct)
    {
        var parsed = TaskId.Parse(text);
        if (!village.Events.Read().Tasks.ContainsKey(parsed.Value) && village.Leases.Find(parsed) is null)
        {
            await village.Tasks.LoadAsync(ct);
        }

        return Find(village, text);
    }

    /// <summary>
    /// The task that a person means: an exact id, or a part of one. Unknown ones are an error that names the nearest.
    /// </summary>
    public static TaskId Find(VillageContext village, string text)
    {
        // Wrong characters are a usage error even before anything is looked up.
        var parsed = TaskId.Parse(text);
        // The log first: what it knows can be told even when the task file cannot be read.
        if (village.Events.Read().Tasks.TryGetValue(parsed.Value, out var known))
        {
            return TaskId.Parse(known.Task);
        }

        if (village.Leases.Find(parsed) is not null)
        {
            return parsed;
        }

        if (village.Tasks.Find(parsed) is { } task)
        {
            return task.Id;
        }

        return TaskIds.Resolve(text, [.. village.Tasks.ReadAll().Select(t => t.Id)]) switch
        {
            TaskIdMatch.Found found => found.Id,
            TaskIdMatch.Ambiguous many => throw new VillageException(
                ErrorKind.UserInput, $"'{text}' could be {string.Join(" or ", many.Ids.Take(5))}", "type more of the id"),
            TaskIdMatch.NotFound { Nearest: { } near } => throw new VillageException(
                ErrorKind.NotFound, $"there is no task '{text}'", $"did you mean {near}? `village task list` shows all"),
            _ => throw new VillageException(ErrorKind.NotFound, $"there is no task '{text}'", "village task list"),
        };
    }

    /// <summary>An agent's name, parsed at the edge like a task id.</summary>
    public static string Agent(string text) => TaskId.TryParse(text, out _)
        ? text
        : throw new VillageException(ErrorKind.UserInput, $"'{Printable.Line(text)}' is not an agent's name", "names are letters, digits, '.', '_' and '-'");

    /// <summary>A whole number from 1, or the sentence that says what is wrong with it.</summary>
    public static int Count(string text, string what) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= 100_000
            ? n
            : throw new VillageException(ErrorKind.UserInput, $"{what}: '{Printable.Line(text)}' is not a whole number from 1", null);

    /// <summary>A time as people type it, UTC without a zone, or how long ago with a unit; or the sentence that says what is wrong with it.</summary>
    public static DateTimeOffset Time(App app, string text, string what, string hint) =>
        EventFilter.ParseTime(text)
        ?? (text.Any(char.IsAsciiLetter) && Configuration.Duration.Parse(text) is { } ago ? app.Host.Clock.GetUtcNow() - ago : throw new VillageException(
            ErrorKind.UserInput, $"{what}: '{Printable.Line(text)}' is not a time such as 2026-01-22, 2026-01-22T10:41 or 2026-01-22T10:41:12Z, nor how long ago such as 8h", hint));

    /// <summary>How long ago, for people: <c>3m12s ago</c>.</summary>
    public static string Ago(VillageContext village, DateTimeOffset? time) =>
        time is { } then ? $"{Configuration.Duration.Text(village.Now - then is var span && span < TimeSpan.Zero ? TimeSpan.Zero : span)} ago" : "";
}
