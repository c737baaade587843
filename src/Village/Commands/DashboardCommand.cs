using System.CommandLine;
using Village.Commands.Dashboard;
using Village.Configuration;
using Village.Conflicts;
using Village.Dashboard;
using Village.Hosting;
using Village.Operations;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village dashboard</c>.</summary>
internal static class DashboardCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var watch = new Option<bool>("--watch") { Description = "Keep it current; on a terminal it always is" };
        var interval = new Option<string?>("--refresh-interval") { Description = "Seconds after which ages and load are drawn anew at the latest, instead of DASHBOARD_REFRESH_INTERVAL" };
        var command = new VillageCommand("dashboard", "Watch workers, queue, locks and load, and act on them with single keys; ? shows the keys")
        {
            Examples = ["village dashboard", "village dashboard --watch --refresh-interval 5", "village dashboard | head -20", "village dashboard --json"],
            ExitCodes = ["2  there is no village here"],
            Options = { watch, interval },
        };
        command.SetAction(async (parse, ct) =>
        {
            var village = await app.OpenAsync(ct);
            var config = parse.GetValue(interval) is { } given ? village.Config.With(Settings.DashboardRefresh, given, "--refresh-interval") : village.Config;
            if (app.Ui.Json || app.Host.Width is null)
            {
                await OnceAsync(app, village, ct);
                return 0;
            }

            village.Tasks.MayBeOld = TaskSource.UsualAge;
            using var loop = new DashboardLoop(app, village, config.DashboardRefresh, new(app.Host, village, VillageApp.RunAsync));
            try
            {
                await loop.RunAsync(ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                // That is how a person ends it.
            }

            return 0;
        });
        return command;
    }

    // A plain frame: as wide as it wants to be, with every row.
    private static async Task OnceAsync(App app, VillageContext village, CancellationToken ct)
    {
        const int Wide = 400;
        var (seen, _) = await village.ObserveAsync(ct);
        var report = DashboardReport.For(seen, village.Config.MaxWorkers, ConflictMatrix.Empty);
        app.Ui.Answer(report, JsonContracts.Shapes.DashboardReport, r =>
        {
            var frame = new DashboardFrame(new(Wide, null, Colour: app.Ui.Colour, village.Now, $"Village Dashboard  {Path.GetFileName(village.Root)}", SystemLoad.Read(app.Host.Processors), null, IsAlarm: false));
            foreach (var line in frame.Draw(r, new()))
            {
                app.Ui.Raw(line.TrimEnd() + "\n");
            }
        });
    }
}
