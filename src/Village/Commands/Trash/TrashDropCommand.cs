using System.CommandLine;
using Village.Configuration;
using Village.Errors;
using Village.Hosting;
using Village.Operations;
using Village.Reports;
using Village.Terminal;

namespace Village.Commands.Trash;

/// <summary><c>village trash drop</c>.</summary>
internal static class TrashDropCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var names = new Argument<string[]>("name") { Description = "Names from the list", Arity = ArgumentArity.ZeroOrMore };
        var older = new Option<string?>("--older-than") { Description = "All that is older than this, for example 30d" };
        var all = new Option<bool>("--all") { Description = "Everything" };
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var command = new VillageCommand("drop", "Give up what is kept; asks first")
        {
            Examples = ["village trash drop bd-a3f8/1-1", "village trash drop --older-than 30d --yes"],
            ExitCodes = ["1  there is no such thing in the trash", "3  nobody said yes"],
            Arguments = { names },
            Options = { older, all, yes },
        };
        command.SetAction(async (parse, ct) =>
        {
            var age = parse.GetValue(older) is not { } text ? (TimeSpan?)null
                : Duration.Parse(text) ?? throw new VillageException(ErrorKind.UserInput, $"--older-than: '{Printable.Line(text)}' is not a time", "for example: --older-than 30d");
            var named = parse.GetValue(names) ?? [];
            if ((named.Length > 0 ? 1 : 0) + (age is null ? 0 : 1) + (parse.GetValue(all) ? 1 : 0) is not 1)
            {
                throw new VillageException(ErrorKind.UserInput, "what to drop is said by names, by --older-than or by --all", "village trash list");
            }

            var village = await app.OpenAsync(ct);
            List<TrashRow> rows = [];
            foreach (var name in named.Distinct())
            {
                rows.Add(await TrashCan.FindAsync(village, name, ct));
            }

            if (named is [])
            {
                rows.AddRange((await TrashCan.ListAsync(village, null, ct)).Where(row => age is null || village.Now - row.At > age));
            }

            if (rows is not [] && !parse.GetValue(yes))
            {
                Ask(app, rows);
            }

            app.Ui.Answer(await TrashCan.DropAsync(village, rows, ct), JsonContracts.Shapes.TrashDropReport, r => Text(app.Ui, r, rows));
            return 0;
        });
        return command;
    }

    private static void Ask(App app, IReadOnlyList<TrashRow> rows)
    {
        var what = $"{rows.Count} thing{(rows.Count is 1 ? "" : "s")} from the trash ({TrashListCommand.Size(rows.Sum(row => row.Bytes))})";
        if (!app.Host.InIsTerminal || app.Ui.Json)
        {
            throw new VillageException(ErrorKind.Blocked, $"dropping {what} must be confirmed", "add --yes, if that is meant");
        }

        var kept = rows.Count(row => row.Kept is not null);
        app.Ui.Say($"Drop {what}{(kept > 0 ? $"? Ignored files of {kept} of them are deleted for good" : "")}? [y/N]");
        if (app.Host.In.ReadLine()?.Trim() is not ("y" or "Y" or "yes"))
        {
            throw new VillageException(ErrorKind.Blocked, "nothing was dropped");
        }
    }

    private static void Text(Ui ui, TrashDropReport report, IReadOnlyList<TrashRow> rows)
    {
        foreach (var row in report.Dropped)
        {
            ui.Line($"Dropped {row.Name}; until git collects it: {row.Restore}");
        }

        if (rows is [])
        {
            ui.Line("Nothing to drop");
        }
    }
}
