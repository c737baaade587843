using System.CommandLine;
using System.CommandLine.Parsing;
using Village.Commands;
using Village.Errors;
using Village.Hosting;
using Village.Operations;
using Village.Platform;
using Village.Reports;
using Village.Terminal;

namespace Village;

/// <summary>The whole program as one function: arguments and a host in, text and an exit code out.</summary>
internal static class VillageApp
{
    /// <summary>Runs a command line. The only place where failures become text and exit codes.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Host host, CancellationToken ct)
    {
        if (args is ["--version"])
        {
            host.Out.WriteLine($"village {host.Version}");
            return 0;
        }

        args = args is ["help", ..] ? [.. args.Skip(1), "--help"] : args;
        var app = new App(host);
        var tree = CommandTree.Create(app);
        var parse = tree.Parse(args is [] ? ["--help"] : args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        app.Ui = new Ui(host, parse.GetValue<bool>("--verbose"), parse.GetValue<bool>("--json"), CommonOptions.ColourOf(parse), parse.GetValue<bool>("--quiet"));
        var command = Name(parse.CommandResult);
        var stray = Stray(parse, args);
        if ((parse.Errors is not [] || stray is not null) && !args.Any(arg => arg is "--help" or "-h" or "-?"))
        {
            return Fail(app, command, Misuse(parse, stray));
        }

        try
        {
            return await InvokeAsync(app, parse, host, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            app.Ui.Say("interrupted; workers that were started go on");
            return (int)ExitCode.Interrupted;
        }
        catch (VillageException failure)
        {
            return Fail(app, command, failure);
        }
        catch (Exception failure) when (failure is not BrokenPipeException)
        {
            // IOException: a full disk, a missing right. Anything else: a bug. Both are one sentence for a person.
            return Fail(app, command, new(ErrorKind.Permanent, Printable.Line(failure.Message.TrimEnd('.')), failure is IOException or UnauthorizedAccessException
                ? null
                : "this is a bug in Village; `-v` shows where", failure));
        }
    }

    // Whatever a command has done to the states of tasks, Beads is told of in the end, if it is in use.
    private static async Task<int> InvokeAsync(App app, ParseResult parse, Host host, CancellationToken ct)
    {
        try
        {
            return await parse.InvokeAsync(
                new InvocationConfiguration { Output = host.Out, Error = host.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, ct);
        }
        finally
        {
            if (app.Opened is { Untold.Count: > 0 } village)
            {
                await SyncBeads.TellAsync(village, CancellationToken.None);
            }
        }
    }

    private static int Fail(App app, string command, VillageException failure)
    {
        app.Ui.Fail(new ErrorReport(command, new(failure.KindName, failure.Message, failure.Hint)));
        if (app.Ui.Verbose)
        {
            app.Ui.Say(failure.ToString());
        }

        Journal(app, command, failure);
        return (int)failure.ExitCode;
    }

    // What went wrong for a reason outside the command line and the configuration is an event with its stack; a screen never
    // shows one.
    private static void Journal(App app, string command, VillageException failure)
    {
        if (failure.Kind is not (ErrorKind.Permanent or ErrorKind.Transient) || app.Opened is not { } village || !Directory.Exists(village.StateDirectory))
        {
            return;
        }

        try
        {
            village.Events.Append(new()
            {
                Ts = default,
                Cmd = command,
                Result = "error",
                Reason = failure.KindName,
                Error = failure.Message,
                Stack = failure.ToString(),
            });
        }
        catch (Exception problem) when (problem is IOException or VillageException)
        {
            // The disk that failed the command cannot take the event either; the sentence on the screen has to do.
        }
    }

    // What belongs to no argument; or a mistyped option that was taken for one: `--drian` is no count and no title.
    private static string? Stray(ParseResult parse, IReadOnlyList<string> args) => parse.UnmatchedTokens is [var unknown, ..] ? unknown
        : args.Contains("--") ? null
        : parse.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value)
            .FirstOrDefault(text => text is ['-', not (>= '0' and <= '9'), ..] && !text.Contains(' ', StringComparison.Ordinal));

    private static VillageException Misuse(ParseResult parse, string? stray)
    {
        var command = parse.CommandResult.Command;
        var names = command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name)
            .Concat(command.Options.Concat(parse.RootCommandResult.Command.Options.Where(o => o.Recursive)).SelectMany(o => o.Aliases.Append(o.Name)));
        var help = $"village {(Name(parse.CommandResult) is { Length: > 0 } name ? name + " " : "")}--help";
        if (stray is not null)
        {
            var near = Nearest.Of(stray, names);
            return new(ErrorKind.UserInput, $"unknown command or option '{Printable.Line(stray)}'", near is null ? help : $"did you mean '{near}'? or: {help}");
        }

        return new(ErrorKind.UserInput, Printable.Line(parse.Errors[0].Message.TrimEnd('.')), help);
    }

    private static string Name(CommandResult? result) =>
        result?.Parent is CommandResult parent ? $"{Name(parent)} {result.Command.Name}".Trim() : "";
}
