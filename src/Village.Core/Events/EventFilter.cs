using System.Text.RegularExpressions;
using Village.Tasks;

namespace Village.Events;

/// <summary>Which events are asked for. What is null does not narrow; all that is given must hold.</summary>
public sealed partial record EventFilter
{
    /// <summary>Events of this task.</summary>
    public TaskId? Task { get; init; }

    /// <summary>Events of this command, or of a group of commands: <c>task</c> means <c>task add</c> too.</summary>
    public string? Cmd { get; init; }

    /// <summary>Events with this result, or that bring a task into this state: <c>error</c>, <c>FAILED</c>.</summary>
    public string? Status { get; init; }

    /// <summary>Events of this agent.</summary>
    public string? Agent { get; init; }

    /// <summary>Events at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Events before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Whether an event is asked for.</summary>
    public bool Matches(VillageEvent e) =>
        (Task is not { } task || Same(task.Value, e.Task))
        && (Cmd is null || Same(Cmd, e.Cmd) || e.Cmd.StartsWith($"{Cmd} ", StringComparison.OrdinalIgnoreCase))
        && (Status is null || Same(Status, e.Result) || Same(Status, e.To?.Name()))
        && (Agent is null || Same(Agent, e.Agent))
        && (Since is not { } since || e.Ts >= since)
        && (Until is not { } until || e.Ts < until);

    /// <summary>
    /// A time as people type it, or null: <c>2026-01-22</c>, <c>2026-01-22 10:41</c>, <c>2026-01-22T10:41:12.5+01:00</c>. Without a
    /// zone it is UTC, as in the log.
    /// </summary>
    public static DateTimeOffset? ParseTime(string text)
    {
        var match = Shape().Match(text.Trim());
        string Part(string name, string otherwise) => match.Groups[name] is { Success: true, Value: var value } ? value : otherwise;
        return match.Success
            ? TaskTime.Parse($"{Part("day", "")}T{Part("minute", "00:00")}{Part("second", ":00")}{Part("zone", "Z").ToUpperInvariant()}")
            : null;
    }

    private static bool Same(string wanted, string? found) => wanted.Equals(found, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(
        @"^(?<day>\d{4}-\d\d-\d\d)([Tt ](?<minute>\d\d:\d\d)(?<second>:\d\d(\.\d+)?)?(?<zone>[Zz]|[+-]\d\d:\d\d)?)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Shape();
}
