using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Village.Commands;

/// <summary>A command with examples in its help.</summary>
internal sealed class VillageCommand(string name, string description) : Command(name, description)
{
    /// <summary>Lines as a person would type them.</summary>
    public required IReadOnlyList<string> Examples { get; init; }

    /// <summary>Exit codes other than 0 that mean something here, in a few words each.</summary>
    public IReadOnlyList<string> ExitCodes { get; init; } = [];
}

/// <summary>The help of a command, then its examples and exit codes.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is VillageCommand command)
        {
            Section(parseResult, "Examples", command.Examples);
            Section(parseResult, "Exit codes", command.ExitCodes);
        }

        return 0;
    }

    private static void Section(ParseResult parse, string title, IReadOnlyList<string> lines)
    {
        var output = parse.InvocationConfiguration.Output;
        if (lines is not [])
        {
            output.WriteLine($"{title}:");
            foreach (var line in lines)
            {
                output.WriteLine($"  {line}");
            }

            output.WriteLine();
        }
    }
}
