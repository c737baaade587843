using System.Security.Cryptography;
using System.Text;
using Village.Configuration;
using Village.Tasks;

namespace Village.Scheduling;

/// <summary>
/// What a start was decided on: the task as it was then. Between the decision and the agent lie a claim, a workspace and a set-up,
/// and people and other programs change tasks meanwhile.
/// </summary>
/// <param name="WasReady">Whether the task store had nothing against it. A person may start a task that waits; that stays so.</param>
/// <param name="Marks">A mark of each thing that an agent is told, in order; none when they are not known.</param>
public sealed record Premise(bool WasReady, IReadOnlyList<string> Marks)
{
    private static readonly IReadOnlyList<(string Name, Func<TaskSpec, string> Text)> Told =
    [
        ("title", task => task.Title),
        ("description", task => task.Description),
        ("acceptance criteria", task => task.Acceptance),
        ("design", task => task.Design),
        ("notes", task => task.Notes),
        ("dependencies", task => string.Join('\n', task.Dependencies.Where(edge => edge.IsBlocking).Select(edge => edge.DependsOn))),
        ("agent", task => task.AgentLabel ?? ""),
    ];

    /// <summary>The premise of which nothing is known, and of a start that will not be made.</summary>
    public static Premise Unknown { get; } = new(false, []);

    /// <summary>The premise of a start that is decided now.</summary>
    public static Premise Of(TaskSpec task, bool isReady) => new(isReady, [.. Told.Select(part => Mark(part.Text(task)))]);

    /// <summary>The premise in a text that <see cref="Format"/> made. Any other text is the premise of which nothing is known.</summary>
    public static Premise Parse(string? text) => text?.Split(':') is [var word, var marks] && marks.Split('.') is var found && found.Length == Told.Count
        ? new(word is "ready", found)
        : Unknown;

    /// <summary>It as one word without spaces: <c>ready:1f0e….9b74…</c>.</summary>
    public string Format() => $"{(WasReady ? "ready" : "asked")}:{string.Join('.', Marks)}";

    /// <summary>
    /// Why the start no longer stands, or null: the task is gone or closed, goes to another agent, or waits and did not before.
    /// </summary>
    /// <param name="id">The task.</param>
    /// <param name="agent">The agent that is about to start.</param>
    /// <param name="now">The tasks as they are now.</param>
    /// <param name="config">The configuration.</param>
    public Skip? Objection(TaskId id, string agent, TaskGraph now, VillageConfig config)
    {
        if (now.Find(id) is not { } task)
        {
            return new(id.Value, SkipReason.TaskGone, "it is not in the task store any more");
        }

        if (task.IsClosed)
        {
            return new(id.Value, SkipReason.TaskClosed, "it was closed before its agent started");
        }

        if (Changes(task).Contains("agent") && QueuePlan.AgentOf(task, config) is var wanted && !wanted.Equals(agent, StringComparison.OrdinalIgnoreCase))
        {
            return new(id.Value, SkipReason.WrongAgent, $"now it is for the agent '{wanted}'");
        }

        return WasReady && now.WhyNot(id) is { } why ? new(id.Value, why.SkipReason, $"now it {why.Text}") { BlockedBy = why.Blockers } : null;
    }

    /// <summary>What of all that an agent is told has changed since, by name.</summary>
    public IReadOnlyList<string> Changes(TaskSpec now) =>
        Marks is [] ? [] : [.. Told.Where((part, i) => Mark(part.Text(now)) != Marks[i]).Select(part => part.Name)];

    private static string Mark(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
}
