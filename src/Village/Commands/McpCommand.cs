using System.CommandLine;
using Village.Commands.Mcp;
using Village.Errors;
using Village.Hosting;

namespace Village.Commands;

/// <summary><c>village mcp</c>.</summary>
internal static class McpCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var command = new VillageCommand("mcp", "Serve agents that prefer tools: the Model Context Protocol on standard input and output")
        {
            Examples = ["village mcp", "claude mcp add village -- village mcp"],
            ExitCodes = ["5  standard input is a terminal"],
        };
        command.SetAction(async (_, ct) =>
        {
            if (app.Host.InIsTerminal)
            {
                throw new VillageException(ErrorKind.UserInput, "mcp talks to a program on standard input, and this is a terminal", "claude mcp add village -- village mcp");
            }

            using var serving = new McpServing(app.Host, VillageApp.RunAsync);
            await serving.RunAsync(ct);
            return 0;
        });
        return command;
    }
}
