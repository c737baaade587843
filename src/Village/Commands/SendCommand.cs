using System.CommandLine;
using Village.Hosting;
using Village.Operations;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village send</c>.</summary>
internal static class SendCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var task = CommonOptions.Task();
        var text = new Argument<string>("text") { Description = "What to say to its agent; - reads it from standard input" };
        var command = new VillageCommand("send", "Say something to an agent that sits idle in its own screen (mode=tui)")
        {
            Examples = ["village send bd-a3f8 \"also update the changelog\"", "village send bd-a3f8 - < more.md"],
            ExitCodes = ["1  the agent did not tell that it took the text", "3  it cannot be talked to now"],
            Arguments = { task, text },
        };
        command.SetAction(async (parse, ct) =>
        {
            var village = await app.OpenAsync(ct);
            var id = await CommonOptions.FindAsync(village, parse.GetRequiredValue(task), ct);
            var said = parse.GetRequiredValue(text);
            var report = await SendText.RunAsync(village, id, said is "-" ? await app.Host.In.ReadToEndAsync(ct) : said, ct);
            app.Ui.Answer(report, JsonContracts.Shapes.SendReport, r => app.Ui.Line($"{r.Task}: the agent took it, and works"));
            return 0;
        });
        return command;
    }
}
