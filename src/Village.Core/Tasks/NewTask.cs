namespace Village.Tasks;

/// <summary>A task that is to be added: all that its id does not depend on.</summary>
public sealed record NewTask(string Title)
{
    /// <summary>What is to be done, at length.</summary>
    public string Description { get; init; } = "";

    /// <summary>How to see that it is done.</summary>
    public string Acceptance { get; init; } = "";

    /// <summary>How it is meant to be done.</summary>
    public string Design { get; init; } = "";

    /// <summary>What is known already.</summary>
    public string Notes { get; init; } = "";

    /// <summary>From 0 (now) to 4 (some day).</summary>
    public int Priority { get; init; } = 2;

    /// <summary>One of <see cref="TaskWords.Types"/>.</summary>
    public string Type { get; init; } = "task";

    /// <summary>The labels.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Who is to do it, or empty.</summary>
    public string Assignee { get; init; } = "";

    /// <summary>Until when it is to be left alone, or empty.</summary>
    public string DeferUntil { get; init; } = "";

    /// <summary>When it should be done, or empty.</summary>
    public string DueAt { get; init; } = "";

    /// <summary>How many minutes it may take, or null.</summary>
    public string? Estimate { get; init; }

    /// <summary>What others of the same batch call it, or null.</summary>
    public string? Key { get; init; }

    /// <summary>What must be done first: keys of the batch, or ids.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>What it belongs to: a key of the batch, or an id, or null.</summary>
    public string? Parent { get; init; }
}
