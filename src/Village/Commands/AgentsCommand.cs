using System.CommandLine;
using Village.Hosting;
using Village.Operations;
using Village.Reports;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village agents</c>.</summary>
internal static class AgentsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var quick = new Option<bool>("--no-versions") { Description = "Ask no program for its version" };
        var command = new VillageCommand("agents", "Show which agents are configured, which are installed, and what is missing")
        {
            Examples = ["village agents", "village agents --no-versions", "village agents --json"],
            ExitCodes = ["2  this is no repository"],
            Options = { quick },
        };
        command.SetAction(async (parse, ct) =>
        {
            var village = await app.LocateAsync(ct);
            var report = await LookAtAgents.RunAsync(village, !parse.GetValue(quick), ct);
            app.Ui.Answer(report, JsonContracts.Shapes.AgentsReport, r => Text(app.Ui, r));
            return 0;
        });
        return command;
    }

    private static void Text(Ui ui, AgentsReport report)
    {
        ui.Table(
            ["AGENT", "TYPE", "MODE", "PROGRAM", "VERSION"],
            report.Agents.Select(IReadOnlyList<Cell> (row) =>
                [row.Name == report.Default ? $"{row.Name} (default)" : row.Name, row.Type, row.Mode ?? "-", Where(row), row.Version ?? "-"]));
        ui.Line("");
        ui.Table(
            ["TYPE", "PROGRAM", "VERSION", "TRIED WITH"],
            report.Kinds.Select(IReadOnlyList<Cell> (row) => [row.Type, Where(row), row.Version ?? "-", row.Tried ?? "-"]));

        // That a kind is not installed is no problem of anybody who does not use it.
        var shown = report.Agents.Concat(report.Kinds.Where(kind => kind.Path is not null && !report.Agents.Any(agent => agent.Type == kind.Type))).ToList();
        if (shown.Any(row => row.Problems is not []))
        {
            ui.Line("");
        }

        foreach (var (row, problem) in shown.SelectMany(row => row.Problems.Select(problem => (row, problem))))
        {
            ui.Line($"{Printable.Line(row.Name)}: {Printable.Line(problem.Message)}");
            if (problem.Hint is not null)
            {
                ui.Line($"    {Printable.Line(problem.Hint)}");
            }
        }
    }

    private static string Where(AgentRow row) => row.Path ?? (row.Program is not { } program ? "-" : ExamineGround.IsCertain(program) ? "missing" : program);
}
