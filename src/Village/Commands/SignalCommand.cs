using System.CommandLine;
using Village.Errors;
using Village.Hosting;
using Village.Operations;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village signal</c>: what an agent says of itself.</summary>
internal static class SignalCommand
{
    private static readonly string[] Known = ["working", "waiting", "done", "blocked"];

    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var what = new Argument<string>("state") { Description = "working, waiting, done or blocked" };
        var message = new Option<string?>("--message", "-m") { Description = "A sentence for the person who looks" };
        var none = new Option<bool>("--no-changes") { Description = "With done: no change was needed" };
        var command = new VillageCommand("signal", "Called by an agent: say that it is working, waiting for a person, blocked or done")
        {
            Examples = ["village signal waiting --message \"which database?\"", "village signal done", "village signal done --no-changes --message \"fixed already\""],
            ExitCodes = ["3  the lease of this worker is no longer valid", "5  not called from inside a worker"],
            Arguments = { what },
            Options = { message, none },
        };
        command.SetAction(async (parse, ct) =>
        {
            var signal = parse.GetRequiredValue(what);
            if (!Known.Contains(signal, StringComparer.Ordinal))
            {
                throw new VillageException(ErrorKind.UserInput, $"'{Printable.Line(signal)}' is not a state of an agent", $"one of: {string.Join(", ", Known)}");
            }

            if (app.Host.Variable("VILLAGE_TASK") is not { } task || app.Host.Variable("VILLAGE_LEASE") is not { } nonce)
            {
                throw new VillageException(ErrorKind.UserInput, "signal is called by an agent inside its worker", "VILLAGE_TASK and VILLAGE_LEASE are set there");
            }

            var id = TaskId.Parse(task);
            var village = await app.OpenAsync(ct);
            TakeSignal.Run(village, id, nonce, new()
            {
                Ts = default,
                Cmd = "signal",
                Signal = signal,
                Message = parse.GetValue(message),
                Reason = signal is "done" && parse.GetValue(none) ? FailureReason.NoChanges : null,
            });
            app.Ui.Answer(new(id.Value, signal), JsonContracts.Shapes.SignalReport, _ => { });
            return 0;
        });
        return command;
    }
}
