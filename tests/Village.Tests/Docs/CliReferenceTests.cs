using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using System.Text;
using Village.Commands;
using Village.Errors;

namespace Village.Tests.Docs;

/// <summary><c>docs/cli-reference.md</c> is the program's own command tree.</summary>
public sealed class CliReferenceTests
{
    [Fact]
    public async Task The_reference_of_the_command_line_is_what_the_program_says()
    {
        var text = new StringBuilder(
            """
            # Command line

            This page is made from the program by `./dev accept`; do not edit it. The same text comes from `village COMMAND --help`.

            - stdout is the answer, stderr is narration. With `--json` the answer is one JSON document ([formats](formats.md#json-documents)).
            - A task is named by its id (`bd-a3f8`), its id without the prefix (`a3f8`), or a part of it that only this task has.
            - Every value, how to write it and where it comes from: [settings](config-reference.md).
            - `village --version` prints the version.


            """);
        text.Append("## Options of every command\n\n").Append(Options(DocumentedTree.Root, everywhere: true));
        text.Append("## Exit codes\n\n| Code | Meaning |\n|---|---|\n");
        foreach (var code in Enum.GetValues<ExitCode>())
        {
            text.Append(CultureInfo.InvariantCulture, $"| {(int)code} | {Markdown.Cell(Summaries.OfField(typeof(ExitCode), code.ToString()))} |\n");
        }

        text.Append("\nWhat to do about each: [troubleshooting](troubleshooting.md#exit-codes).\n");
        foreach (var command in DocumentedTree.Commands)
        {
            text.Append('\n').Append(await PageAsync(command));
        }

        text.ToString().ShouldBeDocument("docs/cli-reference.md");
    }

    [Fact]
    public void Every_command_has_examples_and_every_example_parses()
    {
        foreach (var (path, command) in DocumentedTree.Commands.Where(c => !c.IsGroup))
        {
            var examples = Assert.IsType<VillageCommand>(command).Examples;
            Assert.True(examples is not [], $"{path} has no example");
            foreach (var call in examples.SelectMany(DocumentedTree.Calls))
            {
                Assert.True(DocumentedTree.Misuse(call) is null, $"{call}: {DocumentedTree.Misuse(call)}");
            }
        }
    }

    [Fact]
    public void Every_exit_code_of_a_command_is_one_of_the_program()
    {
        foreach (var (path, command) in DocumentedTree.Commands)
        {
            foreach (var line in (command as VillageCommand)?.ExitCodes ?? [])
            {
                var code = (ExitCode)int.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture);
                Assert.True(Enum.IsDefined(code) && code is not ExitCode.Success, $"{path}: {line}");
            }
        }
    }

    private static async Task<string> PageAsync(DocumentedCommand page)
    {
        var command = page.Command;
        var text = new StringBuilder($"## {page.Path}\n\n{Markdown.Cell(command.Description!)}.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"```text\n{await UsageAsync(page.Path)}\n```\n\n");
        if (page.IsGroup)
        {
            text.Append("| Command | What it does |\n|---|---|\n");
            foreach (var below in command.Subcommands.Where(c => !c.Hidden))
            {
                text.Append(CultureInfo.InvariantCulture, $"| [`{page.Path} {below.Name}`](#{page.Path.Replace(' ', '-')}-{below.Name}) | {Markdown.Cell(below.Description!)} |\n");
            }

            return text.ToString();
        }

        if (command.Arguments.Any(argument => !argument.Hidden))
        {
            text.Append("| Argument | Meaning |\n|---|---|\n");
            foreach (var argument in command.Arguments.Where(argument => !argument.Hidden))
            {
                text.Append(CultureInfo.InvariantCulture, $"| {Markdown.Code($"<{argument.Name}>")}{(argument.Arity.MinimumNumberOfValues is 0 ? ", may be left out" : "")} | {Markdown.Cell(argument.Description!)} |\n");
            }

            text.Append('\n');
        }

        text.Append(Options(command, everywhere: false));
        var own = (VillageCommand)command;
        text.Append("Examples:\n\n```sh\n").AppendJoin('\n', own.Examples).Append("\n```\n");
        if (own.ExitCodes is not [])
        {
            text.Append("\n| Exit code | When |\n|---|---|\n");
            foreach (var line in own.ExitCodes.Order(StringComparer.Ordinal))
            {
                text.Append(CultureInfo.InvariantCulture, $"| {line.Split(' ')[0]} | {Markdown.Cell(line[line.IndexOf(' ', StringComparison.Ordinal)..].Trim())} |\n");
            }
        }

        return text.ToString();
    }

    private static string Options(Command command, bool everywhere)
    {
        var options = command.Options.Where(option => !option.Hidden && everywhere == (option.Recursive || option is HelpOption)).ToList();
        if (options is [])
        {
            return "";
        }

        var text = new StringBuilder("| Option | Meaning |\n|---|---|\n");
        foreach (var option in options)
        {
            var names = string.Join(", ", option.Aliases.Append(option.Name).Distinct().Where(name => name[0] is '-')
                .OrderBy(name => name.Length).ThenBy(name => name, StringComparer.Ordinal).Select(Markdown.Code));
            var isFlag = option.ValueType == typeof(bool) || option is HelpOption;
            var value = isFlag ? "" : $" {Markdown.Code($"<{option.HelpName ?? option.Name.TrimStart('-')}>")}";
            var usual = !isFlag && option.HasDefaultValue && option.GetDefaultValue() is string other ? $" Otherwise {Markdown.Code(other)}." : "";
            text.Append(CultureInfo.InvariantCulture, $"| {names}{value} | {Markdown.Cell(option.Description!)}{(usual is "" ? "" : "." + usual)} |\n");
        }

        return text.Append('\n').ToString();
    }

    private static async Task<string> UsageAsync(string path)
    {
        var lines = (await DocumentedTree.HelpAsync(path)).Split('\n');
        var usage = lines.SkipWhile(line => line is not "Usage:").Skip(1).TakeWhile(line => line.Trim() is not "").Select(line => line.Trim());

        // The usage begins with the name of the running program, which is this test.
        return string.Join('\n', usage).Replace(DocumentedTree.Root.Name, "village", StringComparison.Ordinal);
    }
}
