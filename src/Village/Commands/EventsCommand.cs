using System.CommandLine;
using Village.Configuration;
using Village.Errors;
using Village.Events;
using Village.Hosting;
using Village.Operations;
using Village.Tasks;

namespace Village.Commands;

/// <summary><c>village events</c>.</summary>
internal static class EventsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var task = new Option<string?>("--task") { Description = "Only events of this task" };
        var cmd = new Option<string?>("--cmd") { Description = "Only events of this command; `task` means `task add` too" };
        var status = new Option<string?>("--status") { Description = "Only events with this result or new state: ok, error, failed, completed, …" };
        var agent = new Option<string?>("--agent") { Description = "Only events of this agent" };
        var since = new Option<string?>("--since") { Description = "Only events at this time or later: 2026-01-22, 2026-01-22T10:41, 2026-01-22T10:41:12+01:00 (UTC without a zone), or so long ago: 90m, 8h" };
        var until = new Option<string?>("--until") { Description = "Only events before this time" };
        var last = new Option<string?>("--last") { Description = "Only events of this last stretch of time: 90s, 10m, 2h30m, 1d" };
        var limit = new Option<string?>("--limit") { Description = "Only the last N of them" };
        var repo = new Option<string?>("--repo") { Description = "Only events of this repository, by its directory; a village has no other" };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what happens, until Ctrl-C; with --json one event per line" };
        var command = new VillageCommand("events", "Show what happened, from .village/events.log")
        {
            Examples =
            [
                "village events --limit 20",
                "village events --status failed --last 1d",
                "village events --task bd-a3f8 --last 1h --json | jq '.events[].reason'",
                "village events --since 2026-01-22T10:41 --until 2026-01-23 --cmd queue",
                "village events -f --json | jq -c 'select(.to)'",
            ],
            Options = { task, cmd, status, agent, since, until, last, repo, limit, follow },
        };
        command.SetAction(async (parse, ct) =>
        {
            var from = parse.GetValue(since) is { } begin ? Time(app, begin, "--since") : (DateTimeOffset?)null;
            var back = parse.GetValue(last) is { } stretch ? app.Host.Clock.GetUtcNow() - Stretch(stretch) : (DateTimeOffset?)null;
            var filter = new EventFilter
            {
                Task = parse.GetValue(task) is { } id ? TaskId.Parse(id) : null,
                Cmd = parse.GetValue(cmd),
                Status = parse.GetValue(status),
                Agent = parse.GetValue(agent) is { } name ? CommonOptions.Agent(name) : null,
                Since = from is null || back > from ? back : from,
                Until = parse.GetValue(until) is { } end ? Time(app, end, "--until") : null,
            };
            var most = parse.GetValue(limit) is { } count ? CommonOptions.Count(count, "--limit") : int.MaxValue;
            var village = await app.OpenAsync(ct);
            RequireThis(village, parse.GetValue(repo));
            var search = village.Events.Search(filter);
            var listing = new EventListing(app.Ui, asLines: parse.GetValue(follow));
            using var changes = parse.GetValue(follow) ? new StateWatch(village.StateDirectory) : null;
            listing.Show(most is int.MaxValue ? search.Forward() : search.Last(most), () => search.Lines);
            while (changes is not null)
            {
                listing.ShowNew(search.Forward());
                app.Host.Out.Flush();
                await changes.NextAsync(TimeSpan.FromSeconds(1), ct);
            }

            return 0;
        });
        return command;
    }

    // A village has one repository; scripts that name it are understood.
    private static void RequireThis(VillageContext village, string? repository)
    {
        if (repository is not null && repository != Path.GetFileName(village.Root) && Path.GetFullPath(repository, village.Host.WorkingDirectory) != village.Root)
        {
            throw new VillageException(
                ErrorKind.NotFound, $"--repo: this village is that of '{Printable.Line(Path.GetFileName(village.Root))}', not of '{Printable.Line(repository)}'", "cd into the other repository");
        }
    }

    private static DateTimeOffset Time(App app, string text, string what) => CommonOptions.Time(app, text, what, "for the last hour: village events --last 1h");

    private static TimeSpan Stretch(string text) => Duration.Parse(text) ?? throw new VillageException(
        ErrorKind.UserInput, $"--last: '{Printable.Line(text)}' is not a time such as 90s, 10m or 2h30m", "from a time of day on: village events --since 2026-01-22T10:41");
}
