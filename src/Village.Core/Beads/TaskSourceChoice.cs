namespace Village.Beads;

/// <summary>Where tasks are kept.</summary>
public enum TaskSourceKind
{
    /// <summary>In Village's own file.</summary>
    Embedded,

    /// <summary>In Beads, which is driven through <c>bd</c>.</summary>
    Beads,

    /// <summary>In Beads, of which only its exported file can be read: there is no <c>bd</c>.</summary>
    BeadsFile,
}

/// <summary>What there is of the two stores.</summary>
/// <param name="Setting">TASKS, in lower case: <c>auto</c>, <c>beads</c> or <c>embedded</c>.</param>
/// <param name="HasOwnTasks">Whether <c>.village/tasks.jsonl</c> has anything in it.</param>
/// <param name="Place">The directory of Beads, as a person would name it, or null.</param>
/// <param name="HasDatabase">Whether a database of Beads is in it.</param>
/// <param name="HasFile">Whether <c>issues.jsonl</c> is in it.</param>
/// <param name="HasBd">Whether <c>bd</c> is on PATH.</param>
public sealed record TaskSourceFacts(string Setting, bool HasOwnTasks, string? Place, bool HasDatabase, bool HasFile, bool HasBd);

/// <summary>Which store is in use, and why (design, section 5). A store with tasks in it is never left without a word.</summary>
/// <param name="Kind">The store.</param>
/// <param name="Reason">Why, in words that follow "because".</param>
public sealed record TaskSourceChoice(TaskSourceKind Kind, string Reason)
{
    /// <summary>What helps to use the other store, as a command to type; or null.</summary>
    public string? Hint { get; private init; }

    /// <summary>Chooses.</summary>
    public static TaskSourceChoice For(TaskSourceFacts facts) => facts switch
    {
        { Setting: "embedded" } => new(TaskSourceKind.Embedded, "TASKS is embedded"),
        { Setting: "beads", HasBd: true } => new(TaskSourceKind.Beads, "TASKS is beads"),
        { Setting: "beads", HasFile: true } => ReadOnly("TASKS is beads, but bd is not on PATH", facts),
        { Setting: "beads" } => new(TaskSourceKind.Beads, "TASKS is beads"),
        { HasOwnTasks: true, HasDatabase: true } => new(TaskSourceKind.Embedded, $"there are tasks in .village/tasks.jsonl; those in {facts.Place} are left alone") { Hint = "village task move --to beads" },
        { HasOwnTasks: true } => new(TaskSourceKind.Embedded, "there are tasks in .village/tasks.jsonl"),
        { HasDatabase: true, HasBd: true } => new(TaskSourceKind.Beads, $"{facts.Place} has a database, and bd is on PATH"),
        { HasDatabase: true, HasFile: true } => ReadOnly($"{facts.Place} has a database, but bd is not on PATH", facts),
        { HasDatabase: true } => new(TaskSourceKind.Embedded, $"{facts.Place} has a database, but bd is not on PATH"),
        { HasFile: true } => new(TaskSourceKind.Embedded, $"{facts.Place} has tasks, but no database") { Hint = $"village task import {facts.Place}/issues.jsonl" },
        _ => new(TaskSourceKind.Embedded, "no Beads is in use here"),
    };

    private static TaskSourceChoice ReadOnly(string why, TaskSourceFacts facts) =>
        new(TaskSourceKind.BeadsFile, $"{why}: {facts.Place}/issues.jsonl is read, which may be old, and nothing can be started");
}
