using System.CommandLine;
using Village.Hosting;
using Village.Reports;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village locks</c>.</summary>
internal static class LocksCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var command = new VillageCommand("locks", "List the locks and what each is worth")
        {
            Examples = ["village locks", "village locks --json"],
            ExitCodes = ["2  there is no village here"],
        };
        command.SetAction(async (parse, ct) =>
        {
            var village = await app.OpenAsync(ct);
            var (seen, _) = await village.ObserveAsync(ct);
            var report = new LocksReport([.. seen.Leases.Select(lease => LeaseRow.Of(lease, seen))]);
            app.Ui.Answer(report, JsonContracts.Shapes.LocksReport, r => StatusCommand.Leases(app.Ui, village, r.Locks, "No locks"));
            return 0;
        });
        return command;
    }
}
