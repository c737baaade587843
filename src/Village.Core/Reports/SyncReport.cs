using System.Text.Json;
using Village.Beads;
using Village.Tasks;

namespace Village.Reports;

/// <summary>What a sync did with one task.</summary>
/// <param name="Task">The task.</param>
/// <param name="VillageState">Its state in Village.</param>
/// <param name="BeadsBefore">Its status in Beads before; empty when it is not there.</param>
/// <param name="BeadsAfter">Its status in Beads now, or as it would be.</param>
/// <param name="Action">none, update, close, comment, foreign, refused or error.</param>
/// <param name="Message">Why nothing was done, or empty.</param>
public sealed record SyncRow(string Task, string VillageState, string BeadsBefore, string BeadsAfter, string Action, string Message)
{
    /// <summary>The row of a step.</summary>
    public static SyncRow Of(MirrorStep step) => new(step.Task.Value, step.State.Name(), step.Before, step.After, Name(step.Action), step.Message);

    /// <summary>The name of an action.</summary>
    public static string Name(MirrorAction action) => JsonNamingPolicy.SnakeCaseLower.ConvertName(action.ToString());
}

/// <summary>The answer of <c>sync --to-beads</c>.</summary>
/// <param name="DryRun">Whether nothing was written.</param>
/// <param name="Written">How many tasks were, or would be, written.</param>
/// <param name="Tasks">Every task that Village ever had, by id.</param>
public sealed record SyncReport(bool DryRun, int Written, IReadOnlyList<SyncRow> Tasks) : Report("sync")
{
    /// <summary>The report of rows.</summary>
    public static SyncReport Of(bool isPlan, IReadOnlyList<SyncRow> rows) =>
        new(isPlan, rows.Count(row => row.Action is "update" or "close" or "comment"), rows);

    /// <summary>Whether a call of bd failed.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool HasErrors => Tasks.Any(row => row.Action is "error");
}
