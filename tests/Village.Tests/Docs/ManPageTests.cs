using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using System.Text;
using Village.Commands;
using Village.Errors;
using Village.Tests.Testing;

namespace Village.Tests.Docs;

/// <summary><c>docs/man/village.1</c> is the program's own command tree, as a page that man(1) shows.</summary>
[Trait("scm", "none")]
public sealed class ManPageTests
{
    private const string Document = "docs/man/village.1";

    [Fact]
    public void The_page_is_what_the_program_says()
    {
        var text = new StringBuilder(
            """
            .\" Made from the program by `./dev accept`; do not edit it.
            .TH VILLAGE 1
            .SH NAME
            village \- a tiny operating system for parallel development
            .SH SYNOPSIS
            .B village
            .I COMMAND
            .RI [ ARGUMENT ...]
            .RI [ OPTION ...]
            .SH DESCRIPTION
            Lets several AI coding agents work on one repository at once, each on its own task, in its own workspace of git or jj, in its own pane of tmux.
            Standard output is the answer, standard error is narration.
            A task is named by its id, or by a part of it that only this task has.
            .SH OPTIONS OF EVERY COMMAND

            """);
        Options(text, DocumentedTree.Root, everywhere: true);
        text.Append(".SH COMMANDS\n");
        foreach (var (path, command) in DocumentedTree.Commands.Where(command => !command.IsGroup))
        {
            Page(text, path, command);
        }

        text.Append(".SH EXIT STATUS\n");
        foreach (var code in Enum.GetValues<ExitCode>())
        {
            text.Append(CultureInfo.InvariantCulture, $".TP\n.B {(int)code}\n{Roff(Summaries.OfField(typeof(ExitCode), code.ToString()))}\n");
        }

        text.Append(".SH SEE ALSO\n.BR git (1),\n.BR jj (1),\n.BR tmux (1)\n");
        text.ToString().ShouldBeDocument(Document);
    }

    [Fact]
    public async Task It_is_good_roff_and_shows_every_command()
    {
        await using var village = TestVillage.Create();

        var (exit, shown, problems) = village.TryTool("groff", "-man", "-Kutf8", "-Tutf8", "-ww", "-P-cbou", Path.Combine(SourceRoot.Path, Document));

        Assert.Equal((0, ""), (exit, problems));
        Assert.All(DocumentedTree.Commands.Where(command => !command.IsGroup), command => Assert.Contains(command.Path, shown, StringComparison.Ordinal));
        Assert.Contains("--refresh-interval", shown, StringComparison.Ordinal);
    }

    private static void Page(StringBuilder text, string path, Command command)
    {
        var arguments = string.Concat(command.Arguments.Where(argument => !argument.Hidden).Select(argument =>
            argument.Arity.MinimumNumberOfValues is 0 ? $" [\\fI{Roff(argument.Name)}\\fR]" : $" \\fI{Roff(argument.Name)}\\fR"));
        text.Append(CultureInfo.InvariantCulture, $".SS {Roff(path)}{arguments}\n{Roff(command.Description!)}.\n");
        Options(text, command, everywhere: false);
        foreach (var line in (command as VillageCommand)?.ExitCodes ?? [])
        {
            text.Append(CultureInfo.InvariantCulture, $".TP\nExit status {line.Split(' ')[0]}\n{Roff(line[line.IndexOf(' ', StringComparison.Ordinal)..].Trim())}\n");
        }

        text.Append(".PP\n.nf\n").AppendJoin('\n', ((VillageCommand)command).Examples.Select(Roff)).Append("\n.fi\n");
    }

    private static void Options(StringBuilder text, Command command, bool everywhere)
    {
        foreach (var option in command.Options.Where(option => !option.Hidden && everywhere == (option.Recursive || option is HelpOption)))
        {
            var names = option.Aliases.Append(option.Name).Distinct().Where(name => name[0] is '-').OrderBy(name => name.Length).ThenBy(name => name, StringComparer.Ordinal);
            var value = option.ValueType == typeof(bool) || option is HelpOption ? "" : $" \\fI{Roff(option.HelpName ?? option.Name.TrimStart('-'))}\\fR";
            text.Append(CultureInfo.InvariantCulture, $".TP\n{string.Join(", ", names.Select(name => $"\\fB{Roff(name)}\\fR"))}{value}\n{Roff(option.Description!)}\n");
        }
    }

    // A backslash begins a request of roff's, and so do a dot and a quote at the start of a line.
    private static string Roff(string text)
    {
        var escaped = text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal);
        return escaped is ['.' or '\'', ..] ? "\\&" + escaped : escaped;
    }
}
