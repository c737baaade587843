using System.CommandLine;
using System.Globalization;
using Village.Errors;
using Village.Hosting;
using Village.Reports;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village usage</c>.</summary>
internal static class UsageCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var by = new Option<string>("--by") { Description = "task, agent or day", DefaultValueFactory = _ => "task" };
        var command = new VillageCommand("usage", "Show the tokens and the money that ended attempts have used, as far as their agents told")
        {
            Examples = ["village usage", "village usage --by agent", "village usage --by day --json"],
            ExitCodes = ["2  there is no village here"],
            Options = { by },
        };
        command.SetAction(async (parse, ct) =>
        {
            var kind = parse.GetRequiredValue(by);
            if (!UsageReport.Kinds.Contains(kind, StringComparer.Ordinal))
            {
                throw new VillageException(ErrorKind.UserInput, $"'{Printable.Line(kind)}' is nothing that usage is summed up by", $"one of: {string.Join(", ", UsageReport.Kinds)}");
            }

            var village = await app.OpenAsync(ct);
            app.Ui.Answer(UsageReport.For(village.Events.All(), kind), JsonContracts.Shapes.UsageReport, r => Text(app.Ui, r));
            return 0;
        });
        return command;
    }

    private static void Text(Ui ui, UsageReport report)
    {
        if (report.Rows is [])
        {
            ui.Line("No attempt has told what it used");
            return;
        }

        Table(ui, report.By.ToUpperInvariant(), [.. report.Rows, report.Total]);
    }

    /// <summary>What each of some names has used.</summary>
    public static void Table(Ui ui, string name, IReadOnlyList<UsageRow> rows) => ui.Table(
        [name, "ATTEMPTS", "INPUT", "OUTPUT", "CACHE READ", "CACHE WRITE", "COST"],
        rows.Select(IReadOnlyList<Cell> (row) =>
        [
            row.Name, Number(row.Attempts), Number(row.InputTokens), Number(row.OutputTokens), Number(row.CacheReadTokens), Number(row.CacheWriteTokens),
            row.CostUsd is { } usd ? string.Create(CultureInfo.InvariantCulture, $"${usd:0.00##}") : "-",
        ]));

    private static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
