using System.CommandLine;
using Village.Errors;
using Village.Hosting;
using Village.Operations;
using Village.Reports;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village doctor</c>.</summary>
internal static class DoctorCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var fix = new Option<bool>("--fix") { Description = "Also mend what can be mended without a person; no work is lost" };
        var command = new VillageCommand("doctor", "Compare everything with the event log and name what differs; silent when all is well")
        {
            Examples = ["village doctor", "village doctor --fix", "village doctor --json"],
            ExitCodes = ["1  it found errors", "4  with --fix: some errors are for a person to mend"],
            Options = { fix },
        };
        command.SetAction(async (parse, ct) =>
        {
            var found = await app.OpenBrokenAsync(ct);
            var mends = parse.GetValue(fix);
            var report = mends ? await Doctor.FixAsync(found, app.Ui.Progress, ct) : await Doctor.ExamineAsync(found, app.Ui.Progress, ct);
            app.Ui.Answer(report, JsonContracts.Shapes.DoctorReport, r => Text(app.Ui, r, mends));
            return (int)Code(report, mends);
        });
        return command;
    }

    private static ExitCode Code(DoctorReport report, bool mends) =>
        !report.Findings.Any(row => row.IsError && row.Fixed is not true) ? ExitCode.Success
        : mends ? ExitCode.Partial
        : ExitCode.Failure;

    private static void Text(Ui ui, DoctorReport report, bool mends)
    {
        foreach (var row in report.Findings)
        {
            var word = row.Fixed is true ? "mended" : row.Severity;
            ui.Line($"{word}: {Printable.Line(row.Message)} [{row.Kind}]");
            if (row.Problem is not null && row.Fixed is not true)
            {
                ui.Line($"    not mended: {Printable.Line(row.Problem)}");
            }
            else if (row.Fix is not null && !mends)
            {
                ui.Line($"    --fix would {row.Fix}");
            }
        }

        var open = report.Findings.Where(row => row.Fixed is not true).ToList();
        if (!mends && open.Count(row => row.Fix is not null) is var mendable and > 0)
        {
            ui.Line("");
            ui.Line($"{mendable} of {open.Count} can be mended: village doctor --fix");
        }
    }
}
