using System.CommandLine;
using Spectre.Console;
using Village.Explaining;
using Village.Hosting;
using Village.Reports;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village inbox</c>.</summary>
internal static class InboxCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var command = new VillageCommand("inbox", "List what needs a person, oldest first, with the command to type")
        {
            Examples = ["village inbox", "village inbox --json | jq '.rows | length'"],
            ExitCodes = ["2  there is no village here"],
        };
        command.SetAction(async (_, ct) =>
        {
            var village = await app.OpenAsync(ct);
            var (seen, _) = await village.ObserveAsync(ct);
            app.Ui.Answer(Inbox.Of(seen, village.Config), JsonContracts.Shapes.InboxReport, r => Text(app.Ui, village, r));
            return 0;
        });
        return command;
    }

    private static void Text(Ui ui, VillageContext village, InboxReport report)
    {
        if (report.Rows is [])
        {
            ui.Line("Nothing needs you");
            return;
        }

        ui.Table(["SINCE", "WHAT", "TASK", "WHY", "NEXT"], report.Rows.Select(IReadOnlyList<Cell> (row) =>
        [
            row.Since is null ? "-" : CommonOptions.Ago(village, row.Since),
            new(row.Kind, row.Kind is "waiting" or "blocked" or "failed" ? Color.Yellow : null),
            row.Task ?? "-",
            row.Title is null ? row.Message : $"{row.Message}: {row.Title}",
            row.Next,
        ]));
    }
}
