using System.Diagnostics;
using Village.Agents;
using Village.Errors;
using Village.Hosting;
using Village.Leases;
using Village.Reports;
using Village.Tasks;

namespace Village.Operations;

/// <summary>
/// Says something to an agent in its own screen. Only while it says itself that it is idle: a text that is pasted into a screen that is
/// not ready is lost without a trace, and one that is pasted into a question answers it.
/// </summary>
internal static class SendText
{
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Pastes it, submits it, and waits until the agent tells that it works again.</summary>
    public static async Task<SendReport> RunAsync(VillageContext village, TaskId task, string text, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Contains('\x1b', StringComparison.Ordinal))
        {
            throw new VillageException(ErrorKind.UserInput, "there is nothing to send, or it holds escape sequences, which would work the agent's screen", $"village send {task} \"…\"");
        }

        var lease = village.Leases.Read(task);
        var entry = village.Events.Read().Of(task);
        if (lease is null || entry.State is not TaskState.InProgress || village.StatusOf(lease, session: null) is not LeaseStatus.Active)
        {
            throw new VillageException(ErrorKind.Blocked, $"no agent works on '{task}' now", $"village resume {task}");
        }

        var agent = village.Config.Agent(lease.Agent);
        if (agent.Mode is not AgentMode.Tui || !agent.Preset.CanBeToldMore)
        {
            throw new VillageException(
                ErrorKind.Blocked, $"agent '{agent.Name}' works alone and cannot be talked to", $"mode=tui under [agent.{agent.Name}] in .village/config, where it is one of the presets with a screen");
        }

        if (entry.LastNews is not { Signal: "idle" } before)
        {
            throw new VillageException(
                ErrorKind.Blocked,
                entry.LastNews is { } news ? $"the agent of '{task}' is {news.Signal}, not idle: a text would be lost, or answer its question" : $"the agent of '{task}' has not told yet that it is ready",
                $"village attach {task}");
        }

        await village.Tmux.PasteAsync(lease.Pane, text.TrimEnd(), Settling, ct);
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Patience; await Task.Delay(50, ct))
        {
            if (village.Events.Read().Of(task).LastNews is { } now && now != before)
            {
                village.Events.Append(new() { Ts = default, Cmd = "send", Task = task.Value, Agent = lease.Agent, Attempt = lease.Attempt, Result = "ok" });
                return new(task.Value, lease.Agent, now.Signal ?? "working");
            }
        }

        throw new VillageException(ErrorKind.Permanent, $"the text was put into the pane of '{task}', and its agent did not tell that it took it", $"village attach {task}");
    }
}
