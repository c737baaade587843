using System.CommandLine;
using Village.Errors;
using Village.Hosting;
using Village.Terminal;

namespace Village.Commands.Completion;

/// <summary><c>village completion</c>.</summary>
internal static class CompletionCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        var command = new VillageCommand("completion", "Print a script that completes commands, ids and labels in your shell")
        {
            Examples = ["village completion bash > ~/.local/share/bash-completion/completions/village", "village completion zsh > ~/.zfunc/_village", "village completion fish > ~/.config/fish/completions/village.fish"],
            Arguments = { shell },
        };
        command.SetAction(parse =>
        {
            var name = parse.GetRequiredValue(shell);
            var script = CompletionScripts.For(name) ?? throw new VillageException(
                ErrorKind.UserInput,
                $"there is no completion for '{Printable.Line(name)}'",
                Nearest.Of(name, CompletionScripts.Shells) is { } near ? $"village completion {near}" : $"one of: {string.Join(", ", CompletionScripts.Shells)}");
            app.Ui.Answer(new(name, script), JsonContracts.Shapes.CompletionReport, report => app.Ui.Raw(report.Script));
            return 0;
        });
        return command;
    }
}
