using System.CommandLine;
using Village.Hosting;
using Village.Reports;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village dashboard</c>: the status, drawn again and again.</summary>
internal static class DashboardCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var command = new VillageCommand("dashboard", "Show the status and keep it current; Ctrl-C ends it")
        {
            Examples = ["village dashboard"],
        };
        command.SetAction(async (parse, ct) =>
        {
            try
            {
                return await ShowAsync(app, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                // That is how a person ends it.
                return 0;
            }
        });
        return command;
    }

    private static async Task<int> ShowAsync(App app, CancellationToken ct)
    {
        var village = await app.OpenAsync(ct);
        village.Tasks.MayBeOld = TaskSource.UsualAge;
        while (true)
        {
            var (seen, _) = await village.ObserveAsync(ct);
            var report = StatusReport.For(seen, village.Config.MaxWorkers, village.Config.WorktreesDir);
            if (app.Ui.Json)
            {
                app.Ui.Answer(report with { Command = "dashboard" }, JsonContracts.Shapes.StatusReport, _ => { });
                return 0;
            }

            var live = app.Host.Width is not null;
            app.Ui.Raw(live ? "\x1b[H\x1b[2J" : "");
            StatusCommand.Text(app.Ui, village, report, workers: false, locks: false, orphans: false);
            app.Host.Out.Flush();
            if (!live)
            {
                return 0;
            }

            await Task.Delay(village.Config.DashboardRefresh, ct);
        }
    }
}
