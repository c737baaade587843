using System.Globalization;
using System.Text;
using Village.Configuration;
using Village.Errors;

namespace Village.Tasks;

/// <summary>The words that a person may say of a task, and the sentence for each that is none.</summary>
public static class TaskWords
{
    /// <summary>Titles are at most so many bytes, as Beads has it.</summary>
    public const int LongestTitle = 500;

    /// <summary>The types.</summary>
    public static IReadOnlyList<string> Types { get; } =
        ["bug", "feature", "task", "epic", "chore", "decision", "spike", "story", "milestone", "message", "molecule", "gate"];

    /// <summary>The statuses that a person may give; closed is a command of its own.</summary>
    public static IReadOnlyList<string> Statuses { get; } = ["open", "in_progress", "blocked", "deferred", "pinned", "hooked", "closed"];

    /// <summary>A priority from 0 to 4, also as <c>P1</c>.</summary>
    public static int Priority(string text) =>
        int.TryParse(text.StartsWith('p') || text.StartsWith('P') ? text[1..] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n <= 4
            ? n
            : throw new VillageException(ErrorKind.UserInput, $"--priority: '{Printable.Line(text)}' is not 0, 1, 2, 3 or 4", null);

    /// <summary>A number of minutes, as the store writes it.</summary>
    public static string Estimate(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
            ? minutes.ToString(CultureInfo.InvariantCulture)
            : throw new VillageException(ErrorKind.UserInput, $"--estimate: '{Printable.Line(text)}' is not a number of minutes from 0", null);

    /// <summary>A known type, also by the short names that Beads takes.</summary>
    public static string Type(string text) => One(
        "--type",
        text.ToLowerInvariant() switch
        {
            "feat" or "enhancement" => "feature",
            "dec" or "adr" => "decision",
            "investigation" or "timebox" => "spike",
            "user-story" => "story",
            "ms" => "milestone",
            var other => other,
        },
        Types);

    /// <summary>A known status.</summary>
    public static string Status(string text) => One("--status", text.ToLowerInvariant().Replace('-', '_'), Statuses);

    /// <summary>A title of 1 to 500 bytes.</summary>
    public static string Title(string text)
    {
        var title = text.Trim();
        return title.Length is 0 ? throw new VillageException(ErrorKind.UserInput, "a task needs a title", "village task add \"what to do\"")
            : Encoding.UTF8.GetByteCount(title) is var bytes && bytes > LongestTitle
                ? throw new VillageException(ErrorKind.UserInput, $"the title has {bytes} bytes, and may have {LongestTitle}", "put the rest into --description")
                : title;
    }

    /// <summary>A label without blanks around it.</summary>
    public static string Label(string text) => text.Trim() is { Length: > 0 } label
        ? label
        : throw new VillageException(ErrorKind.UserInput, "a label cannot be empty", null);

    /// <summary>
    /// A time, as the store writes it: <c>2026-12-24</c> (its beginning, in UTC), <c>2026-12-24T18:00:00Z</c>, <c>3d</c> from now,
    /// <c>tomorrow</c>; empty stays empty.
    /// </summary>
    public static string Time(string option, string text, DateTimeOffset now)
    {
        var word = text.Trim();
        var time = word is "" ? (DateTimeOffset?)DateTimeOffset.MinValue
            : word is "tomorrow" ? new DateTimeOffset(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero)
            : Duration.Parse(word.TrimStart('+')) is { } span && !char.IsAsciiDigit(word[^1]) ? now + span
            : TaskTime.Parse(word.Length is 10 ? word + "T00:00:00Z" : word);
        return time is not { } found
            ? throw new VillageException(ErrorKind.UserInput, $"{option}: '{Printable.Line(text)}' is not a time", "for example 2026-12-24, 2026-12-24T18:00:00Z, 3d or tomorrow")
            : word is "" ? "" : TaskTime.Text(found);
    }

    private static string One(string option, string word, IReadOnlyList<string> known) => known.Contains(word, StringComparer.Ordinal)
        ? word
        : throw new VillageException(
            ErrorKind.UserInput, $"{option}: there is no {option[2..]} '{Printable.Line(word)}'",
            Nearest.Of(word, known) is { } near ? $"did you mean '{near}'?" : $"one of: {string.Join(", ", known)}");
}
