using System.CommandLine;
using Village.Configuration;
using Village.Errors;
using Village.Explaining;
using Village.Hosting;
using Village.Operations;
using Village.Reports;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village wait</c>.</summary>
internal static class WaitCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var tasks = new Argument<string[]>("task") { Description = "The tasks", Arity = ArgumentArity.OneOrMore };
        var goal = new Option<string?>("--for") { Description = "completed, failed, or waiting (for a person); without it, whichever end comes" };
        var timeout = new Option<string?>("--timeout") { Description = "Give up after this long: 30s, 10m, 2h" };
        var any = new Option<bool>("--any") { Description = "Until one of them is there, and not all" };
        var command = new VillageCommand("wait", "Wait until tasks have ended, or stand where they are wanted")
        {
            Examples = ["village wait bd-a3f8", "village wait bd-a3f8 bd-b2c1 --for completed --timeout 1h", "village wait bd-a3f8 --for waiting && village attach bd-a3f8"],
            ExitCodes = ["1  they cannot come there without a person, or there is no such task", "124  the time was over first"],
            Arguments = { tasks },
            Options = { goal, timeout, any },
        };
        command.SetAction(async (parse, ct) =>
        {
            var wanted = Goal(parse.GetValue(goal));
            var limit = parse.GetValue(timeout) is not { } text ? (TimeSpan?)null
                : Duration.Parse(text) ?? throw new VillageException(ErrorKind.UserInput, $"--timeout does not take '{Printable.Line(text)}'", "for example: --timeout 10m");
            var village = await app.OpenAsync(ct);
            List<TaskId> ids = [];
            foreach (var word in parse.GetRequiredValue(tasks))
            {
                ids.Add(await CommonOptions.FindAsync(village, word, ct));
            }

            var report = await RunAsync(app, village, [.. ids.Distinct()], wanted, parse.GetValue(any), limit, ct);
            app.Ui.Answer(report, JsonContracts.Shapes.WaitReport, r => Text(app.Ui, r));
            return (int)(report.TimedOut ? ExitCode.TimedOut : Enough(report.Tasks, parse.GetValue(any)) ? ExitCode.Success : ExitCode.Failure);
        });
        return command;
    }

    private static WaitGoal Goal(string? text) => text switch
    {
        null => WaitGoal.Ended,
        "completed" => WaitGoal.Completed,
        "failed" => WaitGoal.Failed,
        "waiting" => WaitGoal.Waiting,
        _ => throw new VillageException(ErrorKind.UserInput, $"--for does not take '{Printable.Line(text)}'", "--for completed, --for failed, or --for waiting"),
    };

    // Wakes on changes of the state directory; nothing is asked of git or tmux.
    private static async Task<WaitReport> RunAsync(
        App app, VillageContext village, IReadOnlyList<TaskId> tasks, WaitGoal goal, bool any, TimeSpan? limit, CancellationToken ct)
    {
        using var changes = new StateWatch(village.StateDirectory);
        village.Tasks.MayBeOld = TaskSource.UsualAge;
        using var clock = CancellationTokenSource.CreateLinkedTokenSource(ct);
        if (limit is { } span)
        {
            clock.CancelAfter(span);
        }

        while (true)
        {
            await village.Tasks.LoadAsync(ct);
            var ledger = village.Events.Read();
            var closed = village.Tasks.ReadAll().Where(task => task.IsClosed).Select(task => task.Id).ToHashSet();
            IReadOnlyList<WaitRow> rows = [.. tasks.Select(task => goal.Of(ledger.Of(task), closed.Contains(task), village.Config.Retries))];
            if (Enough(rows, any) || rows.All(row => row.Outcome is not "open") || (!any && rows.Any(row => row.Outcome is "unreachable")))
            {
                return new(Name(goal), TimedOut: false, rows);
            }

            app.Ui.Progress($"{rows.Count(row => row.Outcome is "reached")} of {rows.Count} {Name(goal)}; waiting for {string.Join(", ", rows.Where(row => row.Outcome is "open").Select(row => $"{row.Task} ({row.State})").Take(4))}");
            try
            {
                await changes.NextAsync(TimeSpan.FromSeconds(1), clock.Token);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                return new(Name(goal), TimedOut: true, rows);
            }
        }
    }

    private static bool Enough(IReadOnlyList<WaitRow> rows, bool any) =>
        any ? rows.Any(row => row.Outcome is "reached") : rows.All(row => row.Outcome is "reached");

    private static string Name(WaitGoal goal) => goal.ToString().ToLowerInvariant();

    private static void Text(Ui ui, WaitReport report)
    {
        foreach (var row in report.Tasks)
        {
            ui.Line(row.Outcome switch
            {
                "reached" => $"{row.Task} is {row.State.Replace('_', ' ')}",
                "unreachable" => $"{row.Task} will not be {report.For}: {row.Message}",
                _ => $"{row.Task} is still {row.State.Replace('_', ' ')}",
            });
        }

        if (report.TimedOut)
        {
            ui.Say($"the time is over; `village why {report.Tasks.First(row => row.Outcome is not "reached").Task}` tells what holds it up");
        }
    }
}
