using System.CommandLine;
using Village.Hosting;
using Village.Operations;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village exec</c>.</summary>
internal static class ExecCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var task = CommonOptions.Task();
        var words = new Argument<string[]>("command") { Description = "The command and its arguments, after --", Arity = ArgumentArity.OneOrMore };
        var command = new VillageCommand("exec", "Run a command in the workspace of a task, with the environment of its agent; ends with its exit code")
        {
            Examples = ["village exec bd-a3f8 -- make test", "village exec bd-a3f8 -- sh -c 'curl localhost:$PORT'", "village exec bd-a3f8 -- git diff"],
            ExitCodes = ["1  there is no such task, workspace or program"],
            Arguments = { task, words },
        };
        command.SetAction(async (parse, ct) =>
        {
            var text = parse.GetRequiredValue(task);
            TaskId.Parse(text);
            var village = await app.OpenAsync(ct);
            var id = await CommonOptions.FindAsync(village, text, ct);
            IReadOnlyList<string> typed = parse.GetRequiredValue(words);
            var exit = await RunInside.RunAsync(village, id, typed, answers: app.Ui.Json);
            app.Ui.Answer(new(id.Value, village.WorkspaceOf(id), typed, exit), JsonContracts.Shapes.ExecReport, _ => { });
            return exit;
        });
        return command;
    }
}
