using System.CommandLine;
using System.Globalization;
using Village.Hosting;
using Village.Reports;
using Village.Terminal;

namespace Village.Commands.Tasks;

/// <summary><c>village task stats</c>.</summary>
internal static class TaskStatsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var command = new VillageCommand("stats", "Count the tasks") { Examples = ["village task stats", "village task stats --json"] };
        command.SetAction(async (_, ct) =>
        {
            var village = await app.OpenWithTasksAsync(ct);
            app.Ui.Answer(TaskStatsReport.For(TaskOptions.Graph(village), village.Now), JsonContracts.Shapes.TaskStatsReport, report => Text(app.Ui, report));
            return 0;
        });
        return command;
    }

    private static void Text(Ui ui, TaskStatsReport report)
    {
        ui.Line($"{report.Total} tasks: {Listed(report.ByStatus, "")}");
        ui.Line($"{report.Ready} ready, {report.Blocked} waiting for others, {report.Deferred} deferred");
        if (report.ByType is not [])
        {
            ui.Line($"not closed: {Listed(report.ByType, "")}; {Listed(report.ByPriority, "P")}");
        }

        if (report.AverageLeadTimeHours is { } hours)
        {
            ui.Line(string.Create(CultureInfo.InvariantCulture, $"closed after {hours:0.0} hours on average"));
        }

        foreach (var epic in report.EpicsToClose)
        {
            ui.Line($"all children of the epic {epic} are closed: village task close {epic}");
        }
    }

    private static string Listed(IReadOnlyList<CountRow> counts, string prefix) =>
        counts is [] ? "none" : string.Join(", ", counts.Select(count => $"{count.Count} {prefix}{count.Name.Replace('_', ' ')}"));
}
