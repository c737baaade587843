using System.CommandLine;
using Village.Hosting;
using Village.Reports;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village config</c>.</summary>
internal static class ConfigCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var origin = new Option<bool>("--show-origin") { Description = "Also where each value comes from" };
        var list = new VillageCommand("list", "List every setting in force")
        {
            Examples = ["village config list", "village config list --show-origin"],
            ExitCodes = ["1  a value in the configuration is wrong"],
            Options = { origin },
        };
        list.SetAction(async (parse, ct) =>
        {
            var village = await app.LocateAsync(ct);
            var report = new ConfigReport([.. village.Config.Values.Select(v => new ConfigRow(v.Name, v.Text, v.Origin))]);
            var where = parse.GetValue(origin);
            app.Ui.Answer(report, JsonContracts.Shapes.ConfigReport, r => app.Ui.Table(
                where ? ["SETTING", "VALUE", "ORIGIN"] : ["SETTING", "VALUE"],
                r.Settings.Select(IReadOnlyList<Cell> (row) => where ? [row.Name, row.Value, row.Origin] : [row.Name, row.Value])));
            return 0;
        });
        return new VillageCommand("config", "Look at the configuration")
        {
            Examples = ["village config list --show-origin"],
            Subcommands = { list },
        };
    }
}
