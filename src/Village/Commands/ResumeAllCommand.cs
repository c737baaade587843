using Village.Errors;
using Village.Hosting;
using Village.Operations;
using Village.Reports;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village resume --all</c>: what a crash, a reboot or <c>down --force</c> broke off.</summary>
internal static class ResumeAllCommand
{
    /// <summary>Goes on with each of them, as far as there are slots.</summary>
    public static async Task<int> RunAsync(App app, bool fresh, bool dry, CancellationToken ct)
    {
        var village = await app.OpenWithTasksAsync(ct);
        if (!dry)
        {
            Repair.Run(village, "resume");
        }

        var (seen, _) = await village.ObserveAsync(ct);
        List<ResumedRow> rows = [];
        foreach (var id in ResumeTask.BrokenOff(seen))
        {
            ct.ThrowIfCancellationRequested();
            var agent = ResumeTask.AgentOf(village, id, wanted: null);
            var session = fresh ? null : ResumeTask.SessionOf(village, id, agent);
            var row = new ResumedRow(id.Value, agent, session, Started: false, null, null);
            if (!dry)
            {
                row = await StartAsync(village, row, id, ct);
                app.Ui.Say(row.Started ? $"{id}: goes on in window {row.Window}" : $"{id}: not started: {row.Problem}");
            }

            rows.Add(row);
        }

        app.Ui.Answer(new(rows), JsonContracts.Shapes.ResumeAllReport, r => Text(app.Ui, r, dry));
        return (int)(dry || rows.All(row => row.Started) ? ExitCode.Success : rows.Any(row => row.Started) ? ExitCode.Partial : ExitCode.Blocked);
    }

    private static async Task<ResumedRow> StartAsync(VillageContext village, ResumedRow row, TaskId id, CancellationToken ct)
    {
        try
        {
            var (opened, refusal) = await ResumeTask.RunAsync(village, id, row.Agent, row.Session, ct);
            using var worker = opened;
            return row with { Started = worker is not null, Window = worker?.Lease.Window, Problem = refusal?.Message };
        }
        catch (VillageException failure) when (failure.Kind is not ErrorKind.NotReady)
        {
            return row with { Problem = failure.Message };
        }
    }

    private static void Text(Ui ui, ResumeAllReport report, bool dry)
    {
        if (report.Tasks is [])
        {
            ui.Line("Nothing was broken off");
            return;
        }

        ui.Table(["TASK", "AGENT", "CONVERSATION", dry ? "WOULD GO ON" : "STARTED", "NOTE"], report.Tasks.Select(IReadOnlyList<Cell> (row) =>
            [row.Task, row.Agent, row.Session ?? "new", dry ? "yes" : row.Started ? "yes" : "no", row.Problem ?? row.Window ?? ""]));
    }
}
