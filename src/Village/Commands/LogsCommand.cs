using System.CommandLine;
using Village.Errors;
using Village.Hosting;
using Village.Operations;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village logs</c>.</summary>
internal static class LogsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var task = CommonOptions.Task();
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until the attempt has ended" };
        var attempt = new Option<string?>("--attempt") { Description = "An earlier attempt; the last one otherwise" };
        var raw = new Option<bool>("--raw") { Description = "As the terminal got it, escape sequences included" };
        var command = new VillageCommand("logs", "Show what the pane of a task showed")
        {
            Examples = ["village logs bd-a3f8", "village logs bd-a3f8 -f", "village logs bd-a3f8 --attempt 1"],
            ExitCodes = ["1  there is no such task or no log of it"],
            Arguments = { task },
            Options = { follow, attempt, raw },
        };
        command.SetAction(async (parse, ct) =>
        {
            var text = parse.GetRequiredValue(task);
            TaskId.Parse(text);
            var wanted = parse.GetValue(attempt) is { } n ? CommonOptions.Count(n, "--attempt") : (int?)null;
            var village = await app.OpenAsync(ct);
            var id = await CommonOptions.FindAsync(village, text, ct);
            var number = wanted ?? village.Events.Read().Of(id).Attempt;
            var path = village.LogOf(id, number);
            if (!FollowLog.Exists(path))
            {
                throw new VillageException(ErrorKind.NotFound, $"there is no log of '{id}'{(number > 0 ? $", attempt {number}" : "")}", $"village state {id}");
            }

            var log = new LogText(path, parse.GetValue(raw));
            if (app.Ui.Json)
            {
                app.Ui.Answer(new(id.Value, number, path, log.Next(isLast: true)), JsonContracts.Shapes.LogReport, _ => { });
                return 0;
            }

            await ShowAsync(app, village, id, path, log, parse.GetValue(follow), ct);
            return 0;
        });
        return command;
    }

    private static async Task ShowAsync(App app, VillageContext village, TaskId id, string path, LogText log, bool follow, CancellationToken ct)
    {
        using var changes = new StateWatch(Path.GetDirectoryName(path)!, village.Leases.Location);
        for (var goesOn = true; goesOn;)
        {
            // Asked before reading: what was written before is then read for sure.
            goesOn = follow && FollowLog.GoesOn(village, id, path);
            app.Ui.Raw(log.Next(isLast: !goesOn));
            app.Host.Out.Flush();
            if (goesOn)
            {
                await changes.NextAsync(TimeSpan.FromSeconds(1), ct);
            }
        }
    }
}
