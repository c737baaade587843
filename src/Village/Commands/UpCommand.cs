using System.CommandLine;
using Village.Hosting;
using Village.Operations;
using Village.Reports;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village up</c>.</summary>
internal static class UpCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var plan = CommonOptions.Plan("Show what is missing, and make nothing");
        var bare = new Option<bool>("--no-dashboard") { Description = "Open no dashboard window" };
        var command = new VillageCommand("up", "Make this repository a village: directories, configuration, tmux session. Safe to repeat")
        {
            Examples = ["village up", "village up --plan", "village up --no-dashboard"],
            ExitCodes = ["2  no repository, no commit, no tmux, or the session belongs to another repository"],
            Options = { plan, bare },
        };
        command.SetAction(async (parse, ct) =>
        {
            var village = await app.LocateAsync(ct);
            var dashboard = !parse.GetValue(bare);
            var planned = parse.GetValue(plan);
            var report = planned ? await BringUp.PlanAsync(village, dashboard, ct) : await BringUp.ApplyAsync(village, dashboard, ct);
            app.Ui.Answer(report, JsonContracts.Shapes.UpReport, r => Text(app.Ui, r, planned));
            return 0;
        });
        return command;
    }

    private static void Text(Ui ui, UpReport report, bool planned)
    {
        foreach (var thing in report.Created)
        {
            ui.Line($"{(planned ? "Would make" : "Made")} {thing}");
        }

        ui.Line(report.Created is [] ? "The village is up; nothing was missing" : planned ? "Nothing was made" : "The village is up");
        if (!planned)
        {
            ui.Line("Next: village task add \"what to do\", then village queue 1");
        }
    }
}
