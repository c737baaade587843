using Village.Errors;
using Village.Hosting;
using Village.Leases;

namespace Village.Operations;

/// <summary>Calls a person: an agent waits for them.</summary>
internal static class Notify
{
    /// <summary>By the bell of its pane, a message of tmux, and the command of <c>[notify]</c>; as configured. What goes wrong is said, and stops nothing.</summary>
    public static async Task WaitingAsync(VillageContext village, Lease lease, string? message, PaneVoice voice, CancellationToken ct)
    {
        var text = $"{lease.Task} waits for you{(message is null ? "" : $": {Printable.Line(message)}")}";
        voice.Say(text);
        if (village.Config.NotifyBell)
        {
            voice.Ring();
        }

        try
        {
            if (village.Config.NotifyTmux)
            {
                await village.Tmux.TellAsync($"village: {text}", ct);
            }

            if (village.Config.NotifyCommand is [var program, ..] words)
            {
                var result = await village.Runner.RunAsync(
                    new(program, village.Root, [.. words.Skip(1)])
                    {
                        Deadline = TimeSpan.FromSeconds(10),
                        Variables = new Dictionary<string, string?>
                        {
                            ["VILLAGE_TASK"] = lease.Task.Value,
                            ["VILLAGE_AGENT"] = lease.Agent,
                            ["VILLAGE_STATE"] = "waiting",
                            ["VILLAGE_WINDOW"] = lease.Window,
                            ["VILLAGE_MESSAGE"] = message ?? "",
                        },
                    },
                    ct);
                result.Require();
            }
        }
        catch (VillageException failure)
        {
            voice.Say($"warning: the notice could not be given: {failure.Message}");
        }
    }
}
