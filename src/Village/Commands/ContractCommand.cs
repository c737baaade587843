using System.CommandLine;
using Village.Agents;
using Village.Commands.Tasks;
using Village.Errors;
using Village.Hosting;
using Village.Operations;
using Village.Reports;
using Village.Scheduling;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village contract</c>.</summary>
internal static class ContractCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var task = CommonOptions.Task();
        var agent = new Option<string?>("--agent") { Description = "As this agent would get it" };
        var html = new Option<bool>("--html") { Description = "Print a page of HTML" };
        var command = new VillageCommand("contract", "Show what an agent would be told with the next attempt at a task")
        {
            Examples = ["village contract bd-a3f8", "village contract bd-a3f8 --agent review --json", "village contract bd-a3f8 --html > contract.html"],
            ExitCodes = ["1  there is no such task"],
            Arguments = { task },
            Options = { agent, html },
        };
        command.SetAction(async (parse, ct) =>
        {
            var isPage = parse.GetValue(html);
            if (isPage && app.Ui.Json)
            {
                throw new VillageException(ErrorKind.UserInput, "the contract is printed in one form at a time", "village contract --help");
            }

            var wanted = parse.GetValue(agent) is { } name ? CommonOptions.Agent(name) : null;
            var text = parse.GetRequiredValue(task);
            Village.Tasks.TaskId.Parse(text);
            var village = await app.OpenWithTasksAsync(ct);
            var id = CommonOptions.Find(village, text);
            var spec = village.Tasks.Find(id) ?? throw TaskOptions.Unknown(id);
            var contract = await MakeContract.PreviewAsync(village, id, wanted ?? village.Leases.Read(id)?.Agent ?? QueuePlan.AgentOf(spec, village.Config), ct);
            app.Ui.Answer(ContractReport.Of(contract), JsonContracts.Shapes.ContractReport, r => Text(app, contract, isPage));
            return 0;
        });
        return command;
    }

    private static void Text(App app, ContractEnvelope contract, bool isPage)
    {
        foreach (var warning in contract.Warnings)
        {
            app.Ui.Warn(MakeContract.Sentence(contract.Agent, warning));
        }

        if (isPage)
        {
            app.Ui.Line(ContractPage.Of(contract).TrimEnd('\n'));
        }
        else if (app.Host.Width is null)
        {
            // In a file or a pipe, byte for byte what the agent reads.
            app.Ui.Raw(contract.Content);
        }
        else
        {
            app.Ui.Line(contract.Content.TrimEnd('\n'));
        }
    }
}
