using System.CommandLine;
using Village.Errors;
using Village.Hosting;
using Village.Html;
using Village.Operations;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village report</c>.</summary>
internal static class ReportCommand
{
    private const int LogTail = 64 << 10;
    private const string ToStdout = "-";

    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var since = new Option<string?>("--since") { Description = "Since when: 8h, 2d, or a time as 2026-01-22T22:00 (UTC without a zone). Otherwise the last 24 hours, or since the village came up within them" };
        var html = new Option<string?>("--html") { Description = "Write a page of HTML to this file, - for standard output; an earlier report is overwritten, no other file" };
        var noLogs = new Option<bool>("--no-logs") { Description = "Leave out what the agents of failed attempts have printed" };
        var command = new VillageCommand("report", "Tell of a run: its attempts, failures, conflicts and cost, as text or as a page to keep")
        {
            Examples = ["village report", "village report --since 8h --html report.html", "village report --since 2026-01-22T22:00 --json", "village report --html - --no-logs | gzip > report.html.gz"],
            ExitCodes = ["2  there is no village here", "3  the file is there, and is no report"],
            Options = { since, html, noLogs },
        };
        command.SetAction(async (parse, ct) =>
        {
            var target = parse.GetValue(html);
            if (target is not null && app.Ui.Json)
            {
                throw new VillageException(ErrorKind.UserInput, "the report is printed in one form at a time", "village report --help");
            }

            var begin = parse.GetValue(since) is { } text ? CommonOptions.Time(app, text, "--since", "for example: village report --since 8h") : (DateTimeOffset?)null;
            var village = await app.OpenAsync(ct);
            var report = await MakeReport.RunAsync(village, begin, (task, attempt) => parse.GetValue(noLogs) ? null : Log(village, task, attempt), ct);
            if (target is null)
            {
                app.Ui.Answer(report, JsonContracts.Shapes.RunReport, r => RunText.Write(app.Ui, r));
                return 0;
            }

            var page = ReportPage.Of(report, TimeZoneInfo.Local, app.Host.Version);
            if (target is ToStdout)
            {
                app.Ui.Raw(page);
                return 0;
            }

            MakeReport.Write(village, Path.GetFullPath(target, app.Host.WorkingDirectory), page);
            app.Ui.Line($"{RunText.Headline(report)}; the page is {Printable.Line(target)}");
            return 0;
        });
        return command;
    }

    // A log may be of any size, and only its end is shown.
    private static string? Log(VillageContext village, TaskId task, int attempt)
    {
        try
        {
            var path = village.LogOf(task, attempt);
            return FollowLog.Exists(path) ? new LogText(path, raw: false, new FileInfo(path).Length - LogTail).Next(isLast: true) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"(its log cannot be read: {failure.Message})";
        }
    }
}
